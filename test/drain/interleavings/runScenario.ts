import { setImmediate } from "node:timers/promises";
import { pipelineNames } from "../../../src/pipelines.ts";
import { advanceTo } from "./advanceTo.ts";
import { findViolations } from "./findViolations.ts";
import { type Option, options } from "./options.ts";
import type { Scenario } from "./scenario.ts";
import { startInvocation } from "./startInvocation.ts";
import { startPublisher } from "./startPublisher.ts";
import type { Worker } from "./steps.ts";
import { createWorld, type Weaken, type World } from "./world.ts";

/** More than any run needs whose messages come to an end. */
const mostInvocations = 300;

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

async function runByChoices(world: World): Promise<void> {
  let last: Worker | undefined;
  for (const choice of world.scenario.choices) {
    const open = options(world, last);
    const before = world.steps.open;
    const chosen = pick(open, choice);
    if (chosen === undefined) return;
    await chosen.happen();
    await quiet();
    last = before.find((step) => !world.steps.open.includes(step))?.worker ?? last;
  }
}

function pick(open: readonly Option[], choice: number): Option | undefined {
  const total = open.reduce((sum, { weight }) => sum + weight, 0);
  let rest = choice % total;
  return open.find(({ weight }) => {
    rest -= weight;
    return rest < 0;
  });
}

/** All promises that can go on by themselves have done so: everybody waits at a step. */
const quiet = () => setImmediate();

/** False if it comes to no end. */
async function runUndisturbed(world: World): Promise<boolean> {
  const { steps, queues, store, directory, scenario } = world;
  world.history.tell("faults stop");
  for (const person of scenario.people)
    if (person.accountId === "lwa" && !directory.knows(person)) directory.register(person);
  while (world.workers.length < mostInvocations) {
    const [step] = steps.open;
    const [way] = step?.ways ?? [];
    if (step !== undefined && way !== undefined) await steps.take(step, way);
    else if (!startWhatWaits(world)) {
      const moments = [
        ...queues.all().map(({ visibleAt }) => visibleAt),
        ...[...store.pending.values()].map(({ dueAt }) => dueAt),
      ];
      if (moments.length === 0) return true;
      advanceTo(world, Math.min(...moments));
    }
    await quiet();
  }
  return false;
}

function startWhatWaits(world: World): boolean {
  const started = pipelineNames.filter((pipeline) => {
    const batch = world.queues.waiting(pipeline).filter(({ visibleAt }) => visibleAt <= world.now);
    if (batch.length > 0) startInvocation(world, pipeline, batch);
    return batch.length > 0;
  });
  const isDue = [...world.store.pending.values()].some(({ dueAt }) => dueAt <= world.now);
  if (isDue) startPublisher(world);
  return isDue || started.length > 0;
}
