import fc from "fast-check";
import { expect, it } from "vitest";
import { anyScenario } from "./anyScenario.ts";
import { runScenario } from "./runScenario.ts";

const numRuns = Number(process.env.INTERLEAVINGS_RUNS ?? 1000);
const seed = process.env.INTERLEAVINGS_SEED;

it("whatever the interleaving", async () => {
  await fc.assert(
    fc.asyncProperty(anyScenario, async (scenario) => {
      const { violations, world } = await runScenario(scenario);
      if (violations.length > 0)
        throw new Error(`${violations.join("\n")}\n\n${world.history.lines.join("\n")}`);
    }),
    { numRuns, ...(seed !== undefined && { seed: Number(seed) }) },
  );
  expect(1).toBe(1);
}, 600_000);
