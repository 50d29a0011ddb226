import { type Intent, pipelineNames, pipelines } from "../../../src/pipelineSettings.ts";
import { choiceEnd, eventBody, type Scenario } from "./scenario.ts";
import { quiet, type Step } from "./steps.ts";
import { effectViolations, endViolations, type Violation } from "./violations.ts";
import { isPublisher, startInvocation, startPublisher } from "./workers.ts";
import { advanceTo, createWorld, type Message, type Weaken, type World } from "./world.ts";

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
  return {
    world,
    violations: [...defects, ...effectViolations(world.history.facts, scenario), ...left],
  };
}

function stopFaults({ history, scenario, directory }: World): void {
  history.log("faults stop");
  // Otherwise a license may wait 30 days for its user, and a run as long.
  for (const person of scenario.people) if (!directory.knows(person)) directory.register(person);
}

async function finish(world: World): Promise<Violation[]> {
  const isDone = await runUndisturbed(world);
  return isDone ? endViolations(world) : [{ kind: "stuck", text: "messages go round without an end" }];
}

function sendAgain({ history, scenario, queues, person }: World): void {
  history.log("every event comes once more");
  for (const decision of scenario.decisions)
    queues.send(decision, eventBody(decision, person(decision.personId)));
}

/** Lets happen what the scenario chooses, faults included, until its choices are used up. */
async function runByChoices(world: World): Promise<void> {
  for (const choice of world.scenario.choices) {
    if (isAllDone(world)) return;
    await pick(kindsOfOptions(world), choice)?.happen();
    await quiet();
  }
}

/** The choice is a point on the line along which all options lie, each as long as it is likely. */
function pick(kinds: readonly Kind[], choice: number): Option | undefined {
  const line = kinds.flatMap(({ share, options }) => {
    const total = options.reduce((sum, { weight }) => sum + weight, 0);
    return options.map((option) => ({ option, length: (share * option.weight) / total }));
  });
  let rest = (choice / choiceEnd) * line.reduce((sum, { length }) => sum + length, 0);
  const chosen = line.find(({ length }) => {
    rest -= length;
    return rest < 0;
  });
  return chosen?.option;
}

/** More than any run needs whose messages come to an end: someone may wait for 30 days, longer each time. */
const mostInvocations = 200;

/** Goes on without faults, everybody in turn, until nothing is left to do; false if there is no end to it. */
async function runUndisturbed(world: World): Promise<boolean> {
  const most = world.workers.length + mostInvocations;
  while (!isAllDone(world)) {
    if (world.workers.length > most) return false;
    await goOn(world);
    await quiet();
  }
  return true;
}

/** The calls that a dead worker left behind arrive before time goes on, its writes to the ledger last of all. */
async function goOn(world: World): Promise<void> {
  if (await takeFirst(world, ({ kind }) => kind !== "late")) return;
  if (startWhatWaits(world)) return;
  if (await takeFirst(world, ({ late }) => late === "untilLeaseEnds")) return;
  const moments = world.queues.all().length > 0 || world.store.pending.size > 0 ? nextMoments(world) : [];
  if (moments.length > 0) advanceTo(world, Math.min(...moments));
  else await takeFirst(world, () => true);
}

async function takeFirst({ steps }: World, isMeant: (step: Step) => boolean): Promise<boolean> {
  const step = steps.open.find(isMeant);
  if (step !== undefined) await steps.take(step, step.undisturbed);
  return step !== undefined;
}

function startWhatWaits(world: World): boolean {
  const batches = pipelineNames
    .map((pipeline) => ({ pipeline, messages: visibleMessages(world, pipeline) }))
    .filter(({ messages }) => messages.length > 0);
  for (const { pipeline, messages } of batches) startInvocation(world, pipeline, messages);
  const isDue = isSomethingDue(world);
  if (isDue) startPublisher(world);
  return isDue || batches.length > 0;
}

/** Something that may happen next, and how likely it is among its like. */
interface Option {
  weight: number;
  happen: () => void | Promise<void>;
}

/** Options of one kind, and how likely the kind is, however many they are. */
interface Kind {
  share: number;
  options: Option[];
}

/** All that may happen next while faults are about; the first option of the first kind is the undisturbed way on. */
function kindsOfOptions(world: World): Kind[] {
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
        history.log(`${person.personId} registers`);
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

/** What a pipeline's queue would hand out now. */
function visibleMessages({ queues, now }: World, pipeline: Intent): Message[] {
  return queues.waiting(pipeline).filter(({ visibleAt }) => visibleAt <= now);
}

/** Whether the function that publishes what is due would find something. */
function isSomethingDue(world: World): boolean {
  return dueDates(world).some((dueAt) => dueAt <= world.now);
}

function dueDates({ store }: World): number[] {
  return [...store.pending.values()].flatMap((decision) =>
    decision.because === "held" ? [] : [decision.dueAt],
  );
}

/** The next moments at which a message comes back, a lease ends, an invocation's time is over, or a decision is due. */
function nextMoments(world: World): number[] {
  const { now, queues, workers, store } = world;
  const back = queues.all().map(({ visibleAt }) => visibleAt);
  const free = [...store.heads.values()].flatMap(({ lease }) =>
    lease === undefined ? [] : [lease.until + 1],
  );
  const over = workers.filter(({ alive }) => alive).map(({ until }) => until + 1);
  return [back, free, over, dueDates(world)]
    .map((moments) => Math.min(...moments.filter((moment) => moment > now)))
    .filter(Number.isFinite);
}

/** Nobody is at work, and nothing waits to be done. */
function isAllDone({ steps, queues, store }: World): boolean {
  return steps.open.length === 0 && queues.all().length === 0 && store.pending.size === 0;
}
