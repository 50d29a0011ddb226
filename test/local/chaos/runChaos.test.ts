import { expect, inject, it } from "vitest";
import { isSound } from "../../../src/local/chaos/chaosReport.ts";
import { runChaos } from "../../../src/local/chaos/runChaos.ts";
import { population } from "../../../src/local/chaos/stream/population.ts";

/** So many decisions of this seed are few, but they speak of somebody poisonous in both aspects. */
const run = { events: 150, seed: 14 };

it("a short run comes to the right end, and its logs name nobody whom it knows", async ({ signal }) => {
  const printed: string[] = [];
  const report = await runChaos({
    ...run,
    packageDirectory: inject("packagedService"),
    limitSeconds: 400,
    onProgress: () => undefined,
    onLog: (line) => "line" in line && printed.push(line.line.toLowerCase()),
    signal,
  });
  expect({ sound: isSound(report), findings: report.findings }).toEqual({ sound: true, findings: [] });
  // Slower than the scan, and without its cleverness.
  const logs = printed.join("\n");
  const named = population(run.events).people.filter(({ email }) =>
    [email, encodeURIComponent(email)].some((written) => logs.includes(written)),
  );
  expect(named).toEqual([]);
  // What is printed while the stack closes comes after the report.
  expect(report.loggedLines).toBeGreaterThan(0.9 * printed.length);
  // It did come to refusing somebody by name, and that is what is left of them.
  expect(logs).toMatch(/cannot take \W*p\*\*\*@example\.(com|org)/);
}, 480_000);
