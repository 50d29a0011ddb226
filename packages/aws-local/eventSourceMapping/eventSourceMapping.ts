import { setMaxListeners } from "node:events";
import type { SQSClient } from "@aws-sdk/client-sqs";
import { type GatheredBatch, gatherBatch, type HeldMessage, systemClock } from "./gatherBatch.ts";
import type { Reason } from "./interpretInvocation.ts";
import {
  type BatchReport,
  type InvocationTarget,
  type InvokedFunction,
  invokeWithBatch,
} from "./invokeWithBatch.ts";
import {
  type CheckedSettings,
  checkSettings,
  inspectQueue,
  type MappingSettings,
} from "./mappingSettings.ts";
import { receiveMessages, type Source } from "./receiveMessages.ts";

export interface MappingOptions extends MappingSettings {
  /** Belongs to the caller. It needs eight sockets per poller, and `close` does not destroy it. */
  client: SQSClient;
  queueUrl: string;
  lambda: InvokedFunction;
  /** Called with problems that do not stop the mapping: warnings, receives and deletes that failed. */
  onProblem: (problem: string) => void;
  /** Called after each batch, when its messages are deleted. */
  onBatch?: (report: BatchReport & { closedBy: GatheredBatch["closedBy"] }) => void;
}

export interface EventSourceMapping {
  readonly queueArn: string;
  activity(): MappingActivity;
  /**
   * Stops receiving and waits for the running invocations, at most `limitSeconds` (default: the function's timeout).
   * Messages that were received but not passed to the function become visible again later.
   */
  close(limitSeconds?: number): Promise<void>;
}

/**
 * Polls an SQS standard queue and invokes a function with batches, by the rules of AWS: pollers per concurrent
 * invocation, batches by size, window and 6 MB, and all rules of partial batch responses. Not modelled: more than
 * five pollers, and slower polling after errors without ReportBatchItemFailures.
 * https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
 *
 * @throws if AWS would refuse the mapping.
 */
export async function startEventSourceMapping(options: MappingOptions): Promise<EventSourceMapping> {
  const settings = checkSettings(options);
  const { arn } = await inspectQueue({
    ...options,
    functionTimeoutSeconds: options.lambda.timeoutSeconds,
    batchingWindowSeconds: settings.batchingWindowSeconds,
    onWarning: options.onProblem,
  });
  const running = new RunningMapping(options, settings, arn);
  return {
    queueArn: arn,
    activity: () => structuredClone(running.activity),
    close: (limitSeconds = options.lambda.timeoutSeconds) => running.close(limitSeconds),
  };
}

/** Owns the pollers. */
class RunningMapping {
  readonly activity = noActivity();
  readonly #options: MappingOptions;
  readonly #settings: CheckedSettings;
  readonly #source: Source;
  readonly #target: InvocationTarget;
  readonly #closing = new AbortController();
  readonly #pollers: Promise<unknown>;
  #isAbandoned = false;

  constructor(options: MappingOptions, settings: CheckedSettings, queueArn: string) {
    this.#options = options;
    this.#settings = settings;
    const closing = this.#closing.signal;
    // Every receive and pause of every poller listens to this signal.
    setMaxListeners(0, closing);
    this.#source = { ...options, queueArn, clock: systemClock, closing };
    this.#target = { ...options, isAbandoned: () => this.#isAbandoned };
    const pollers = Array.from({ length: settings.maximumConcurrency }, () => this.#poll());
    this.#pollers = Promise.all(pollers).catch((error: unknown) => {
      options.onProblem(`A poller of ${queueArn} stopped for good: ${error}`);
    });
  }

  async close(limitSeconds: number): Promise<void> {
    this.#closing.abort();
    const limit = new AbortController();
    await Promise.race([this.#pollers, systemClock.sleep(limitSeconds * 1000, limit.signal)]);
    limit.abort();
    this.#isAbandoned = true;
  }

  async #poll(): Promise<void> {
    let carriedOver: HeldMessage[] = [];
    for (;;) {
      const gathered = await this.#gather(carriedOver);
      if (gathered.closedBy === "closing") {
        this.activity.messagesInHand -= gathered.batch.length + gathered.carriedOver.length;
        return;
      }
      await this.#handOver(gathered);
      carriedOver = gathered.carriedOver;
    }
  }

  #gather(carriedOver: HeldMessage[]): Promise<GatheredBatch> {
    return gatherBatch({
      receive: async (request) => {
        const messages = await receiveMessages(this.#source, request);
        this.activity.messagesInHand += messages.length;
        return messages;
      },
      batchSize: this.#settings.batchSize,
      windowSeconds: this.#settings.batchingWindowSeconds,
      carriedOver,
      clock: systemClock,
      closing: this.#closing.signal,
    });
  }

  async #handOver({ batch, closedBy }: GatheredBatch): Promise<void> {
    this.activity.invocationsRunning += 1;
    const report = await invokeWithBatch(batch, this.#target);
    this.activity.invocationsRunning -= 1;
    this.activity.messagesInHand -= batch.length;
    countBatch(this.activity, report);
    this.#options.onBatch?.({ ...report, closedBy });
  }
}

/** The state and the counts of a mapping, as plain data. */
interface MappingActivity {
  /** Messages received and not yet deleted or left. With an empty queue, 0 means that the mapping is idle. */
  messagesInHand: number;
  invocationsRunning: number;
  /** Invocations that have ended. */
  batches: number;
  /** Records passed to the function. A record that is retried counts each time. */
  records: number;
  deleted: number;
  /** Records left in the queue, which become visible again. */
  retried: number;
  /** How many batches ended for each reason. */
  batchesByReason: Partial<Record<Reason, number>>;
  /** How many records were left in the queue for each reason. */
  retriedByReason: Partial<Record<Reason, number>>;
}

export function noActivity(): MappingActivity {
  return {
    messagesInHand: 0,
    invocationsRunning: 0,
    batches: 0,
    records: 0,
    deleted: 0,
    retried: 0,
    batchesByReason: {},
    retriedByReason: {},
  };
}

/** Counts a batch that has ended. */
function countBatch(
  activity: MappingActivity,
  batch: { deleted: number; retried: number; reason: Reason },
): void {
  const { deleted, retried, reason } = batch;
  activity.batches += 1;
  activity.records += deleted + retried;
  activity.deleted += deleted;
  activity.retried += retried;
  activity.batchesByReason[reason] = (activity.batchesByReason[reason] ?? 0) + 1;
  if (retried > 0) activity.retriedByReason[reason] = (activity.retriedByReason[reason] ?? 0) + retried;
}
