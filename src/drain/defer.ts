import type { DeferAnswer, PendingStore, WaitingDecision } from "../ledger/pendingStore.ts";
import type { Aspect } from "../pipelines.ts";
import type { Outcome, Settlement } from "./outcome.ts";
import type { QueueRecord } from "./queueRecord.ts";
import type { ScopedDecision } from "./screen.ts";
import { toPendingLine } from "./toPendingLine.ts";

type Deferred = Extract<Outcome, { kind: "deferred" | "held" }>;

export interface DecisionToDefer {
  decision: ScopedDecision;
  deferred: Deferred;
}

export interface DeferContext {
  pending: PendingStore;
  aspect: Aspect;
}

/** Puts decisions off until their day, or until an operator releases them; one settlement for each, in their order. */
export async function defer(
  decisions: readonly DecisionToDefer[],
  records: readonly QueueRecord[],
  { pending, aspect }: DeferContext,
  now: number,
): Promise<Settlement[]> {
  if (decisions.length === 0) return [];
  const answers = await pending.defer(decisions.map((decision) => toWaiting(decision, records, aspect, now)));
  return decisions.map(({ decision: { index }, deferred }, position) => ({
    index,
    outcome: toOutcome(answers[position], deferred),
  }));
}

function toWaiting(
  { decision, deferred }: DecisionToDefer,
  records: readonly QueueRecord[],
  aspect: Aspect,
  now: number,
): WaitingDecision {
  const { index, personId, intent, eventId, version, waitingSince, accountId } = decision;
  const since =
    deferred.kind === "deferred" && deferred.because === "notRegistered" ? (waitingSince ?? now) : undefined;
  const event = toPendingLine(records[index]?.body ?? "{}", since);
  const waiting = { personId, aspect, intent, eventId, version, event };
  return deferred.kind === "held"
    ? { ...waiting, because: "held", accountId, heldAt: now, rule: deferred.rule }
    : { ...waiting, because: deferred.because, dueAt: deferred.until };
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
