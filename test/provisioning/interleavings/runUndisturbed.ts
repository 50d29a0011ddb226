import { pipelineNames } from "../../../src/pipelines.ts";
import { advanceTo } from "./advanceTo.ts";
import { isAllDone, isSomethingDue, nextMoments, visibleMessages } from "./agenda.ts";
import { quiet } from "./quiet.ts";
import { startInvocation } from "./startInvocation.ts";
import { startPublisher } from "./startPublisher.ts";
import type { Step } from "./steps.ts";
import type { World } from "./world.ts";

/** More than any run needs whose messages come to an end: someone may wait for 30 days, longer each time. */
const mostInvocations = 200;

/** Goes on without faults, everybody in turn, until nothing is left to do; false if there is no end to it. */
export async function runUndisturbed(world: World): Promise<boolean> {
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
