import { MAX_REQUEST_BYTES } from "../events/entrySize.ts";
import type { DeferAnswer, PendingDecision, PendingStore } from "../ledger/pendingStore.ts";
import type { Aspect } from "../pipelines.ts";
import type { Outcome, Settlement } from "./outcome.ts";
import type { QueueRecord } from "./queueRecord.ts";
import type { ScopedDecision } from "./screen.ts";
import { toPendingLine } from "./toPendingLine.ts";

type Deferred = Extract<Outcome, { kind: "deferred" }>;

export interface DecisionToDefer {
  decision: ScopedDecision;
  deferred: Deferred;
}

export interface DeferContext {
  pending: PendingStore;
  aspect: Aspect;
}

/**
 * Puts decisions off until their day; one settlement for each, in their order. One whose event the bus would not take
 * again is rejected at once, instead of being kept for a day that it cannot be published on.
 */
export async function defer(
  decisions: readonly DecisionToDefer[],
  records: readonly QueueRecord[],
  { pending, aspect }: DeferContext,
  now: number,
): Promise<Settlement[]> {
  if (decisions.length === 0) return [];
  const prepared = decisions.map((toDefer) => ({
    ...toDefer,
    waiting: toPending(toDefer, records, aspect, now),
  }));
  const storable = prepared.map(({ waiting }) => waiting).filter(isPublishable);
  const answers = await pending.defer(storable);
  const answerTo = new Map(storable.map((waiting, position) => [waiting, answers[position]]));
  return prepared.map(({ decision: { index }, deferred, waiting }) => ({
    index,
    outcome: isPublishable(waiting) ? toOutcome(answerTo.get(waiting), deferred) : tooLarge(waiting),
  }));
}

function toPending(
  { decision, deferred: { because, until } }: DecisionToDefer,
  records: readonly QueueRecord[],
  aspect: Aspect,
  now: number,
): PendingDecision {
  const { index, personId, intent, eventId, version, waitingSince } = decision;
  const since = because === "notRegistered" ? (waitingSince ?? now) : undefined;
  const event = toPendingLine(records[index]?.body ?? "", since);
  return { personId, aspect, intent, eventId, version, because, dueAt: until, event };
}

/** Well below the 400 KB of an item in DynamoDB, so that this is the only bound. */
function isPublishable({ event }: PendingDecision): boolean {
  return Buffer.byteLength(event) < MAX_REQUEST_BYTES;
}

function tooLarge({ event }: PendingDecision): Outcome {
  const bytes = Buffer.byteLength(event);
  const reason = `the event has to wait and be published again, for which it must have less than ${MAX_REQUEST_BYTES} bytes; it has ${bytes}; send it without the fields that Rollcall does not know`;
  return { kind: "rejected", code: "TooLargeToWait", reason };
}

function toOutcome(answer: DeferAnswer | undefined, deferred: Deferred): Outcome {
  switch (answer?.kind) {
    case "deferred":
      return deferred;
    case "superseded":
      return { kind: "superseded", by: answer.by };
    case "fault":
      return { kind: "retry", code: "LedgerUnavailable", reason: answer.reason };
    case undefined:
      return {
        kind: "retry",
        code: "LedgerUnavailable",
        reason: "the ledger gave no answer for the message",
      };
  }
}
