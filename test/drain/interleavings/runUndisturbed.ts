import { pipelineNames } from "../../../src/pipelines.ts";
import { advanceTo } from "./advanceTo.ts";
import { isAllDone, isSomethingDue, nextMoments, visibleMessages } from "./agenda.ts";
import { quiet } from "./quiet.ts";
import { startInvocation } from "./startInvocation.ts";
import { startPublisher } from "./startPublisher.ts";
import type { World } from "./world.ts";

/** More than any run needs whose messages come to an end. */
const mostInvocations = 300;

/** Goes on without faults, everybody in turn, until nothing is left to do; false if there is no end to it. */
export async function runUndisturbed(world: World): Promise<boolean> {
  const { steps, directory, scenario, history, workers } = world;
  history.tell("faults stop");
  for (const person of scenario.people)
    if (person.accountId === "lwa" && !directory.knows(person)) directory.register(person);
  while (!isAllDone(world)) {
    if (workers.length > mostInvocations) return false;
    const [step] = steps.open;
    if (step !== undefined) await steps.take(step, step.undisturbed);
    else if (!startWhatWaits(world)) advanceTo(world, Math.min(...nextMoments(world)));
    await quiet();
  }
  return true;
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
