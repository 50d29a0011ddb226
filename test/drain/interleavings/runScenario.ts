import { findViolations } from "./findViolations.ts";
import { runByChoices } from "./runByChoices.ts";
import { runUndisturbed } from "./runUndisturbed.ts";
import type { Scenario } from "./scenario.ts";
import { createWorld, type Weaken, type World } from "./world.ts";

/** How a run ended: what went wrong, and the world as it was left. */
export interface Run {
  violations: string[];
  world: World;
}

/** Runs workers against one ledger and one directory: first as the choices say, then without faults until all is done. */
export async function runScenario(scenario: Scenario, weaken?: Weaken): Promise<Run> {
  const world = createWorld(scenario, weaken);
  await runByChoices(world);
  const isDone = await runUndisturbed(world);
  return { violations: findViolations(world, isDone), world };
}
