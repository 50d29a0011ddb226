import { pipelineNames, pipelines } from "../../../src/pipelines.ts";
import { advanceTo } from "./advanceTo.ts";
import { startInvocation } from "./startInvocation.ts";
import { isPublisher, startPublisher } from "./startPublisher.ts";
import type { Worker } from "./steps.ts";
import type { World } from "./world.ts";

/** Something that may happen next, and how likely it is among the others. */
export interface Option {
  weight: number;
  happen: () => void | Promise<void>;
}

const usual = 20;

/** All that may happen next while faults are about; the first is the undisturbed way on. */
export function options(world: World, last: Worker | undefined): Option[] {
  return [
    ...goingOn(world, last),
    ...starting(world),
    ...publishing(world),
    ...registering(world),
    ...dying(world),
    ...passingTime(world),
  ].filter(({ weight }) => weight > 0);
}

/** The steps of the worker that took the last one come first. */
function goingOn({ steps, scenario: { mood } }: World, last: Worker | undefined): Option[] {
  const isLast = (worker: Worker) => worker === last && worker.alive;
  const ordered = [
    ...steps.open.filter(({ worker }) => isLast(worker)),
    ...steps.open.filter(({ worker }) => !isLast(worker)),
  ];
  const weightOf = (worker: Worker) => (isLast(worker) ? mood.staying : usual);
  const undisturbed = ordered.flatMap((step) =>
    step.ways
      .slice(0, 1)
      .map((way) => ({ weight: weightOf(step.worker), happen: () => steps.take(step, way) })),
  );
  const mishaps = ordered.flatMap((step) =>
    step.ways.slice(1).map((way) => ({ weight: mood.mishaps, happen: () => steps.take(step, way) })),
  );
  return [...undisturbed, ...mishaps];
}

/** A batch is all that waits, or the oldest, or the youngest message. */
function starting(world: World): Option[] {
  return pipelineNames.flatMap((pipeline) => {
    const waiting = world.queues.waiting(pipeline);
    const running = world.workers.filter(({ alive, name }) => alive && name.startsWith(pipeline));
    if (waiting.length === 0 || running.length >= pipelines[pipeline].maximumConcurrency) return [];
    const batches = waiting.length === 1 ? [waiting] : [waiting, waiting.slice(0, 1), waiting.slice(-1)];
    return batches.map((batch) => ({
      weight: usual / batches.length,
      happen: () => startInvocation(world, pipeline, batch),
    }));
  });
}

function publishing(world: World): Option[] {
  const isDue = [...world.store.pending.values()].some(({ dueAt }) => dueAt <= world.now);
  const isBusy = world.workers.some((worker) => worker.alive && isPublisher(worker));
  return isDue && !isBusy ? [{ weight: usual, happen: () => startPublisher(world) }] : [];
}

function registering({ scenario, directory, history }: World): Option[] {
  return scenario.people
    .filter((person) => person.accountId === "lwa" && !directory.knows(person))
    .map((person) => ({
      weight: 1,
      happen: () => {
        history.tell(`${person.personId} registers`);
        directory.register(person);
      },
    }));
}

function dying({ workers, steps, scenario: { mood } }: World): Option[] {
  return workers
    .filter(({ alive }) => alive)
    .map((worker) => ({ weight: mood.kills, happen: () => steps.kill(worker) }));
}

/** Some time; past the next end of an invocation; to the next day on which something is due. */
function passingTime(world: World): Option[] {
  const { now, store, scenario } = world;
  const ends = world.workers.map(({ until }) => until + 1);
  const dues = [...store.pending.values()].map(({ dueAt }) => dueAt);
  const moments = [now + 45_000, ...[ends, dues].map((list) => Math.min(...list.filter((at) => at > now)))];
  return moments
    .filter(Number.isFinite)
    .map((moment) => ({ weight: scenario.mood.time, happen: () => advanceTo(world, moment) }));
}
