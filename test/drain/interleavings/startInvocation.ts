import { drain } from "../../../src/drain/drain.ts";
import type { Outcome } from "../../../src/drain/outcome.ts";
import type { Intent } from "../../../src/pipelines.ts";
import { invocationContext } from "./invocationContext.ts";
import type { Message } from "./queues.ts";
import { beginning } from "./scenario.ts";
import type { Worker } from "./steps.ts";
import type { World } from "./world.ts";

const invocationMilliseconds = 120_000;
const backOffMilliseconds = 40_000;

/** Starts an invocation of a pipeline's function with a batch. It runs as far as its first step, and on from there. */
export function startInvocation(world: World, pipeline: Intent, messages: readonly Message[]): void {
  world.queues.take(messages);
  const batch = messages.map(({ decision }) => decision);
  const worker: Worker = {
    name: `${pipeline}#${world.workers.length + 1}`,
    alive: true,
    until: world.now + invocationMilliseconds,
    abandon() {
      for (const decision of batch) world.history.add({ kind: "excused", decision });
      world.queues.putBack(messages, world.now);
    },
  };
  world.workers.push(worker);
  world.steps.begin(worker);
  world.history.tell(`${worker.name} starts with ${messages.map(describe).join(", ")}`);
  const records = messages.map(({ body, receives }) => ({
    body,
    receiveCount: receives,
    receivedAt: new Date(beginning).toISOString(),
  }));
  drain(records, invocationContext(world, pipeline, worker, messages))
    .then(({ outcomes }) => report(world, worker, messages, outcomes))
    .catch((error: unknown) => {
      world.defects.push(error);
      worker.alive = false;
    });
}

function describe({ decision, receives }: Message): string {
  return receives > 1 ? `${decision.id} (receive ${receives})` : decision.id;
}

/** The invocation's answer to SQS: what is not to be retried leaves the queue. */
async function report(
  world: World,
  worker: Worker,
  messages: readonly Message[],
  outcomes: readonly Outcome[],
) {
  if (outcomes.length !== messages.length)
    throw new RangeError(`expected ${messages.length} outcomes; got ${outcomes.length}`);
  await world.steps.request({
    worker,
    text: "reports",
    effect: () => outcomes.map(({ kind }) => kind),
    tell: (kinds) => kinds.join(", "),
  });
  worker.alive = false;
  for (const [index, message] of messages.entries()) {
    const outcome = outcomes[index];
    const { decision } = message;
    if (outcome?.kind === "retry") {
      if (outcome.code === "LedgerUnavailable") world.history.add({ kind: "excused", decision });
      world.queues.putBack([message], world.now + backOffMilliseconds);
    } else if (outcome !== undefined) world.history.add({ kind: "ended", decision, outcome });
  }
}
