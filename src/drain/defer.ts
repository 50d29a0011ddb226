import { toEntry } from "../events/toEntry.ts";
import type { DeferAnswer, FollowUpKind, PendingStore, WaitingDecision } from "../ledger/pendingStore.ts";
import type { Aspect } from "../pipelines.ts";
import type { FollowedEvent } from "./decision.ts";
import type { Outcome, Rejected, Settlement } from "./outcome.ts";
import type { QueueRecord } from "./queueRecord.ts";
import type { ScopedDecision } from "./screen.ts";
import { toPendingLine } from "./toPendingLine.ts";
import { ledgerUnavailable } from "./triedAgain.ts";

type Deferred = Extract<Outcome, { kind: "deferred" | "held" }>;

export interface DecisionToDefer {
  decision: ScopedDecision;
  deferred: Deferred;
}

/**
 * Puts decisions off until their day, or until an operator releases them; one settlement for each, in their order. One
 * whose event the bus would not take again is rejected at once, instead of being kept for a day that it cannot be
 * published on.
 */
export async function defer(
  decisions: readonly DecisionToDefer[],
  records: readonly QueueRecord[],
  { pending }: { pending: PendingStore },
  now: number,
): Promise<Settlement[]> {
  if (decisions.length === 0) return [];
  const prepared = decisions.map((toDefer) => {
    const waiting = toWaiting(toDefer, records, now);
    return { ...toDefer, waiting, refusal: refusalOf(waiting) };
  });
  const publishable = prepared.filter(({ refusal }) => refusal === undefined);
  const answers = await pending.defer(publishable.map(({ waiting }) => waiting));
  const answerTo = new Map(publishable.map(({ waiting }, position) => [waiting, answers[position]]));
  return prepared.map(({ decision: { index }, deferred, waiting, refusal }) => ({
    index,
    outcome: refusal ?? toOutcome(answerTo.get(waiting), deferred),
  }));
}

function toWaiting(
  { decision, deferred }: DecisionToDefer,
  records: readonly QueueRecord[],
  now: number,
): WaitingDecision {
  const { index, personId, intent, aspect, eventId, version, waitingSince, accountId } = decision;
  const awaitsUser = deferred.kind === "deferred" && deferred.because === "notRegistered";
  // Never later than now: an event that says otherwise would wait until then, and not just for the 30 days.
  const since = awaitsUser ? Math.min(waitingSince ?? now, now) : undefined;
  const event = toPendingLine(records[index]?.body ?? "", since);
  const kept = decision.follows === undefined ? { aspect } : keptAs(decision.follows);
  const waiting = { ...kept, personId, intent, eventId, version, event };
  return deferred.kind === "held"
    ? { ...waiting, because: "held", accountId, heldAt: now, rule: deferred.rule }
    : { ...waiting, because: deferred.because, dueAt: deferred.until };
}

/** What follows from a decision about access goes on waiting as that, beside any license that HR names itself. */
function keptAs({ type }: FollowedEvent): { aspect: Aspect; followUp: FollowUpKind } {
  return {
    aspect: "access",
    followUp: type === "EmployeeLeft" ? "licenseAfterLeaving" : "licenseAfterJoining",
  };
}

/** Asks the very check that stands before the bus. What it lets through is smaller than an item of DynamoDB may be. */
function refusalOf({ event }: WaitingDecision): Rejected | undefined {
  const entry = toEntry(Buffer.from(event), { unchecked: true });
  if (entry.status !== "refused") return undefined;
  const reason = `the event has to wait and be published again, and the bus would not take it (${entry.code}: ${entry.message}); mend that, or send it when it is in effect`;
  return { kind: "rejected", code: "Unpublishable", reason };
}

function toOutcome(answer: DeferAnswer | undefined, deferred: Deferred): Outcome {
  switch (answer?.kind) {
    case "deferred":
      return deferred;
    case "superseded":
      return { kind: "superseded", by: answer.by };
    case "fault":
    case undefined:
      return ledgerUnavailable(answer);
  }
}
