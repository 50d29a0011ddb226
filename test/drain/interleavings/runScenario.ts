import { eventBody } from "./eventBody.ts";
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

/**
 * Runs workers against one ledger and one directory: as the choices say, then without faults until all is done. Then
 * every event comes once more, which must change nothing.
 */
export async function runScenario(scenario: Scenario, weaken?: Weaken): Promise<Run> {
  const world = createWorld(scenario, weaken);
  await runByChoices(world);
  world.history.tell("faults stop");
  // Otherwise a license may wait 30 days for its user, and a run as long.
  for (const person of scenario.people) if (!world.directory.knows(person)) world.directory.register(person);
  const isDone = (await runUndisturbed(world)) && (await replay(world));
  return { violations: findViolations(world, isDone), world };
}

function replay(world: World): Promise<boolean> {
  world.history.tell("every event comes once more");
  for (const decision of world.scenario.decisions)
    world.queues.send(decision, eventBody(decision, world.person(decision.personId)));
  return runUndisturbed(world);
}
