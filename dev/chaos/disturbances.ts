import { ChangeMessageVisibilityCommand } from "@aws-sdk/client-sqs";
import type { Stack, StackOptions } from "@rollcall/aws-local/stack";
import type { StartedInvocation } from "@rollcall/aws-local/startLambda";
import * as z from "zod";
import { parseJson } from "../../src/events/boundedJson.ts";
import type { InjectedFaults, SimulatedDirectory } from "../directories/simulatedDirectory.ts";
import { eventIdOfBody } from "./drawDecisions.ts";
import { type Kill, processKiller } from "./faults/processKiller.ts";
import { chaoticBus, chaoticDynamo, chaoticSqs, type DynamoDisturbance } from "./faults/serviceFaults.ts";
import type { BusTimes } from "./oracle/decisionHistory.ts";

/** All injected faults of a run: the options that inject them into a stack, and the records of what they did. */
export interface Disturbances {
  options: Required<Pick<StackOptions, "busFaults" | "sqsFaults" | "onInvocation">>;
  /** Lets the calls of a directory fail, and kills processes at some of them. */
  injectInto: (directory: SimulatedDirectory) => InjectedFaults;
  dynamo: DynamoDisturbance;
  kills: readonly Kill[];
  /** Processes that died of a record that they read, and not by a kill. */
  deaths: () => number;
  receives: Receives;
  makeVisible: BackOffLimit["makeVisible"];
  invocations: () => number;
}

/** @param now the clock of the run */
export function disturbances(seed: number, now: () => number): Disturbances {
  const killer = processKiller(seed, now);
  const receives = countReceives();
  const backOffLimit = limitBackOffs(longestBackOffSeconds);
  const dynamo = chaoticDynamo(seed);
  let invocations = 0;
  let crashes = 0;
  return {
    options: {
      busFaults: chaoticBus(seed),
      sqsFaults: chaoticSqs(seed),
      onInvocation: (started) => {
        invocations += 1;
        void started.ended.then(({ kind }) => {
          if (kind === "crashed") crashes += 1;
        });
        for (const { onInvocation } of [receives, backOffLimit, killer]) onInvocation(started);
      },
    },
    injectInto: (directory) => directory.injectFaults(seed, killer.onCall),
    dynamo,
    kills: killer.kills,
    deaths: () => crashes - killer.kills.length,
    receives,
    makeVisible: backOffLimit.makeVisible,
    invocations: () => invocations,
  };
}

/** The longest that a message waits for its next try. In AWS it is a quarter of an hour. */
const longestBackOffSeconds = 20;

/** Shortens the long back-offs of a run. */
interface BackOffLimit {
  onInvocation: (started: Pick<StartedInvocation, "payload" | "ended">) => void;
  /** Makes messages visible whose back-off has lasted longer than the limit. Never rejects. */
  makeVisible: (stack: Pick<Stack, "sqs" | "queueUrl">) => Promise<void>;
}

interface PostponedMessage {
  queue: string;
  receiptHandle: string;
  since: number;
}

const invokedBatch = z.object({
  Records: z.array(
    z.object({ messageId: z.string(), receiptHandle: z.string(), eventSourceARN: z.string() }),
  ),
});
type InvokedRecords = z.output<typeof invokedBatch>["Records"];

const response = z.object({ batchItemFailures: z.array(z.object({ itemIdentifier: z.string() })) });

/**
 * Makes a message visible again, by its receipt handle, when its back-off has lasted longer than `longestSeconds`. A message
 * that failed a few times would wait for minutes, and so would the run. The messages of a killed worker are left to their
 * queue's visibility timeout.
 */
export function limitBackOffs(longestSeconds: number, now: () => number = Date.now): BackOffLimit {
  const waiting = new Map<string, PostponedMessage>();
  const note = async (records: InvokedRecords, ended: StartedInvocation["ended"]) => {
    const failed = await failuresOf(ended);
    for (const { messageId, receiptHandle, eventSourceARN } of records) {
      const queue = eventSourceARN.slice(eventSourceARN.lastIndexOf(":") + 1);
      if (failed.has(messageId)) waiting.set(messageId, { queue, receiptHandle, since: now() });
    }
  };
  return {
    onInvocation: ({ payload, ended }) => {
      const { Records: records } = invokedBatch.safeParse(payload).data ?? { Records: [] };
      for (const { messageId } of records) waiting.delete(messageId);
      void note(records, ended);
    },
    makeVisible: async ({ sqs, queueUrl }) => {
      const before = now() - longestSeconds * 1000;
      for (const [messageId, { queue, receiptHandle, since }] of waiting) {
        if (since > before) continue;
        waiting.delete(messageId);
        const change = { QueueUrl: queueUrl(queue), ReceiptHandle: receiptHandle, VisibilityTimeout: 0 };
        // It fails if the message was received meanwhile, or by an injected fault. The message then comes by itself.
        await sqs.send(new ChangeMessageVisibilityCommand(change)).catch(() => undefined);
      }
    },
  };
}

async function failuresOf(ended: StartedInvocation["ended"]): Promise<Set<string>> {
  const invocation = await ended;
  const text = invocation.kind === "response" ? invocation.payload : "";
  const { batchItemFailures = [] } = response.safeParse(parseJson(text)).data ?? {};
  return new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
}

/** Counts the records that functions received. */
interface Receives {
  onInvocation: (started: Pick<StartedInvocation, "payload">) => void;
  /** The highest receive count of an event's messages, by the event's id. */
  most: ReadonlyMap<string, number>;
  /** When the bus had the first and the last copy of an event, by the event's id. */
  busTimes: ReadonlyMap<string, BusTimes>;
  /** Records that had been received before. */
  redelivered: () => number;
}

const receivedBatch = z.object({
  Records: z.array(
    z.object({ body: z.string(), attributes: z.object({ ApproximateReceiveCount: z.coerce.number() }) }),
  ),
});

export function countReceives(): Receives {
  const most = new Map<string, number>();
  const busTimes = new Map<string, BusTimes>();
  let redelivered = 0;
  return {
    most,
    busTimes,
    redelivered: () => redelivered,
    onInvocation: ({ payload }) => {
      const parsed = receivedBatch.safeParse(payload);
      // The function that publishes due decisions receives a scheduled event instead.
      if (!parsed.success) return;
      for (const { body, attributes } of parsed.data.Records) {
        const count = attributes.ApproximateReceiveCount;
        if (count > 1) redelivered += 1;
        const id = eventIdOfBody(body) ?? "";
        most.set(id, Math.max(count, most.get(id) ?? 0));
        const time = busTimeOf(body);
        if (time === undefined) continue;
        const { first, last } = busTimes.get(id) ?? { first: time, last: time };
        busTimes.set(id, { first: Math.min(first, time), last: Math.max(last, time) });
      }
    },
  };
}

const envelope = z.object({
  time: z.string(),
  detail: z.object({ metadata: z.object({ busTime: z.string().optional() }) }),
});

/** In milliseconds. What the service publishes anew says when the bus first had it. */
function busTimeOf(body: string): number | undefined {
  const { data } = envelope.safeParse(parseJson(body));
  return data === undefined ? undefined : Date.parse(data.detail.metadata.busTime ?? data.time);
}
