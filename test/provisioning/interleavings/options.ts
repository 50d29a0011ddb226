import { pipelineNames, pipelines } from "../../../src/pipelines.ts";
import { advanceTo } from "./advanceTo.ts";
import { isSomethingDue, nextMoments, visibleMessages } from "./agenda.ts";
import { startInvocation } from "./startInvocation.ts";
import { isPublisher, startPublisher } from "./startPublisher.ts";
import type { Step } from "./steps.ts";
import type { World } from "./world.ts";

/** Something that may happen next, and how likely it is among its like. */
export interface Option {
  weight: number;
  happen: () => void | Promise<void>;
}

/** Options of one kind, and how likely the kind is, however many they are. */
export interface Kind {
  share: number;
  options: Option[];
}

/** All that may happen next while faults are about; the first option of the first kind is the undisturbed way on. */
export function kindsOfOptions(world: World): Kind[] {
  const { mood } = world.scenario;
  const isIdle = world.steps.open.every(isLate);
  return [
    { share: 100, options: goingOn(world) },
    { share: isIdle ? 100 : 10, options: [...starting(world), ...publishing(world)] },
    { share: 0.7, options: arrivingLate(world) },
    { share: 1, options: registering(world) },
    { share: mood.kills, options: dying(world) },
    { share: mood.mishaps, options: failing(world) },
    { share: mood.time, options: passingTime(world) },
  ].filter(({ share, options }) => share > 0 && options.length > 0);
}

/** The steps of the worker that took the last one come first. */
function goingOn(world: World): Option[] {
  const { steps } = world;
  const weightOf = stayingWeight(world);
  const options = steps.open
    .filter((step) => !isLate(step))
    .map((step) => ({ weight: weightOf(step), happen: () => steps.take(step, step.undisturbed) }));
  return options.sort((a, b) => b.weight - a.weight);
}

/** Rarely soon: what arrives late does most harm to what was done meanwhile. */
function arrivingLate({ steps }: World): Option[] {
  return steps.open
    .filter(isLate)
    .map((step) => ({ weight: 1, happen: () => steps.take(step, step.undisturbed) }));
}

const isLate = ({ kind }: Step) => kind === "late";

function failing(world: World): Option[] {
  const { steps } = world;
  const weightOf = stayingWeight(world);
  return steps.open.flatMap((step) =>
    step.mishaps.map((way) => ({
      weight: weightOf(step) / step.mishaps.length,
      happen: () => steps.take(step, way),
    })),
  );
}

function stayingWeight({ steps, scenario: { mood } }: World): (step: Step) => number {
  return ({ worker }) => (worker === steps.last() ? mood.staying : 1);
}

/** A batch is all that waits, or the oldest, or the youngest message; it comes at once or after a while. */
function starting(world: World): Option[] {
  return pipelineNames.flatMap((pipeline) => {
    const waiting = visibleMessages(world, pipeline);
    const running = world.workers.filter(({ alive, name }) => alive && name.startsWith(pipeline));
    if (waiting.length === 0 || running.length >= pipelines[pipeline].maximumConcurrency) return [];
    const batches = waiting.length === 1 ? [waiting] : [waiting, waiting.slice(0, 1), waiting.slice(-1)];
    return batches.flatMap((batch) =>
      [0, pauseMilliseconds].map((pause) => ({
        weight: 1 / batches.length,
        happen: () => {
          if (pause > 0) advanceTo(world, world.now + pause);
          startInvocation(world, pipeline, batch);
        },
      })),
    );
  });
}

/** Two of them fit into an invocation's time. */
const pauseMilliseconds = 45_000;

function publishing(world: World): Option[] {
  const isBusy = world.workers.some((worker) => worker.alive && isPublisher(worker));
  return isSomethingDue(world) && !isBusy ? [{ weight: 1, happen: () => startPublisher(world) }] : [];
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

function dying({ workers, steps }: World): Option[] {
  return workers
    .filter(({ alive }) => alive)
    .map((worker) => ({ weight: 1, happen: () => steps.kill(worker) }));
}

function passingTime(world: World): Option[] {
  return nextMoments(world).map((moment) => ({ weight: 1, happen: () => advanceTo(world, moment) }));
}
