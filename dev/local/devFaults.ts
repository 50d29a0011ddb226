import { setTimeout as wait } from "node:timers/promises";
import { ChangeMessageVisibilityCommand } from "@aws-sdk/client-sqs";
import type { Stack } from "@rollcall/aws-local/stack";
import type { StartedInvocation } from "@rollcall/aws-local/startLambda";
import type { ChimeSimulator } from "@rollcall/chime-simulator";
import { rateLimit } from "@rollcall/chime-simulator/faultPlans";
import { exceptionFault, type FaultPlan } from "@rollcall/chime-simulator/scriptedFault";
import * as z from "zod";
import { countOf } from "../../src/operations/words/plainWords.ts";

/** A fault of the directory that ends by itself. Switched on a second time, it ends at once. */
export interface Toggle {
  /** Returns what has happened, in words. */
  toggle: () => string;
}

const faultSeconds = 60;

/** Chime refuses most calls. */
export function throttling(chime: ChimeSimulator, say: (text: string) => void): Toggle {
  const plan = () => rateLimit({ callsPerSecond: 0.2, burst: 1, retryAfterSeconds: 1 });
  return toggled(chime, plan, say, {
    begins: `Chime throttles: one call in 5 s, for ${faultSeconds} s`,
    ends: "Chime throttles no more",
  });
}

/** Chime answers nothing but 503. */
export function outage(chime: ChimeSimulator, say: (text: string) => void): Toggle {
  const plan = (): FaultPlan => () => exceptionFault("ServiceUnavailableException");
  return toggled(chime, plan, say, {
    begins: `Chime is down: 503 for every call, for ${faultSeconds} s`,
    ends: "Chime is up again",
  });
}

function toggled(
  { faults }: ChimeSimulator,
  plan: () => FaultPlan,
  say: (text: string) => void,
  { begins, ends }: { begins: string; ends: string },
): Toggle {
  let end: (() => void) | undefined;
  return {
    toggle: () => {
      if (end !== undefined) {
        end();
        return ends;
      }
      const remove = faults.add(plan());
      const timer = setTimeout(() => {
        end?.();
        say(ends);
      }, faultSeconds * 1000).unref();
      end = () => {
        clearTimeout(timer);
        remove();
        end = undefined;
      };
      return begins;
    },
  };
}

/** Kills a worker in the middle of its work. */
export interface WorkerKiller {
  onInvocation: (started: StartedInvocation) => void;
  /** The next worker that begins is killed, or the one that works now. Returns what has happened, in words. */
  kill: () => string;
}

/** On AWS they come again when their visibility timeout ends. */
const comeAgainSeconds = 15;

const invokedBatch = z.object({
  Records: z.array(z.object({ receiptHandle: z.string(), eventSourceARN: z.string() })).min(1),
});
type InvokedRecords = z.output<typeof invokedBatch>["Records"];

/** @param stackOf the stack, once it is up */
export function workerKiller(
  stackOf: () => Pick<Stack, "sqs" | "queueUrl"> | undefined,
  say: (text: string) => void,
): WorkerKiller {
  const atWork = new Map<number, StartedInvocation>();
  let isWanted = false;
  const kill = ({ pid, functionName, payload }: StartedInvocation) => {
    if (pid === undefined) return;
    process.kill(pid, "SIGKILL");
    const { Records: records } = invokedBatch.parse(payload);
    say(
      `killed: a worker of ${functionName}, with ${countOf(records.length, "message")}. What it did not finish comes again after ${comeAgainSeconds} s here; on AWS, when the visibility timeout ends`,
    );
    void letComeAgain(records, stackOf());
  };
  return {
    onInvocation: (started) => {
      const { pid, payload, ended } = started;
      if (pid === undefined || !invokedBatch.safeParse(payload).success) return;
      atWork.set(pid, started);
      void ended.then(() => atWork.delete(pid));
      if (!isWanted) return;
      isWanted = false;
      // It has claimed its people by then, and perhaps called the directory.
      setTimeout(() => {
        if (atWork.has(pid)) kill(started);
      }, 30);
    },
    kill: () => {
      const [working] = atWork.values();
      if (working !== undefined) {
        kill(working);
        return "a worker was at work";
      }
      isWanted = true;
      return "the next worker will be killed at its work: let somebody leave";
    },
  };
}

async function letComeAgain(
  records: InvokedRecords,
  stack: Pick<Stack, "sqs" | "queueUrl"> | undefined,
): Promise<void> {
  await wait(comeAgainSeconds * 1000, undefined, { ref: false });
  for (const { receiptHandle, eventSourceARN } of records) {
    const queue = eventSourceARN.slice(eventSourceARN.lastIndexOf(":") + 1);
    const change = { QueueUrl: stack?.queueUrl(queue), ReceiptHandle: receiptHandle, VisibilityTimeout: 0 };
    // A message that was finished before its worker died is there no more.
    await stack?.sqs.send(new ChangeMessageVisibilityCommand(change)).catch(() => undefined);
  }
}
