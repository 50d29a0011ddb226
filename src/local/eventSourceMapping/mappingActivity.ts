import type { Reason } from "./interpretResponse.ts";

/** What a mapping is doing and has done, as plain data. */
export interface MappingActivity {
  /** Received and not yet decided: 0 together with an empty queue means that the mapping is idle. */
  messagesInHand: number;
  invocationsRunning: number;
  /** Invocations that have ended. */
  batches: number;
  /** Records handed to them; a record that is retried counts each time. */
  records: number;
  deleted: number;
  /** Left in the queue, to become visible again. */
  retried: number;
  /** How many batches ended by each rule. */
  batchesByReason: Partial<Record<Reason, number>>;
  /** How many records were left in the queue by each rule. */
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
export function countBatch(
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
