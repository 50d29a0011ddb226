import { effectViolations } from "./effectViolations.ts";
import { endViolations } from "./endViolations.ts";
import { eventBody } from "./eventBody.ts";
import { runByChoices } from "./runByChoices.ts";
import { runUndisturbed } from "./runUndisturbed.ts";
import type { Scenario } from "./scenario.ts";
import type { Violation } from "./violation.ts";
import { createWorld, type Weaken, type World } from "./world.ts";

/** How a run ended: what went wrong, and the world as it was left. */
export interface Run {
  violations: Violation[];
  world: World;
}

/**
 * Runs workers against one ledger and one directory: as the choices say, then without faults until all is done. Then
 * every event comes once more, which must change nothing.
 */
export async function runScenario(scenario: Scenario, weaken?: Weaken): Promise<Run> {
  const world = createWorld(scenario, weaken);
  await runByChoices(world);
  stopFaults(world);
  const left = await finish(world);
  if (left.length === 0) {
    sendAgain(world);
    left.push(...(await finish(world)));
  }
  const defects = world.defects.map((error): Violation => ({ kind: "defect", text: String(error) }));
  return { world, violations: [...defects, ...effectViolations(world.history.facts), ...left] };
}

function stopFaults({ history, scenario, directory }: World): void {
  history.tell("faults stop");
  // Otherwise a license may wait 30 days for its user, and a run as long.
  for (const person of scenario.people) if (!directory.knows(person)) directory.register(person);
}

async function finish(world: World): Promise<Violation[]> {
  const isDone = await runUndisturbed(world);
  return isDone ? endViolations(world) : [{ kind: "stuck", text: "messages go round without an end" }];
}

function sendAgain({ history, scenario, queues, person }: World): void {
  history.tell("every event comes once more");
  for (const decision of scenario.decisions)
    queues.send(decision, eventBody(decision, person(decision.personId)));
}
