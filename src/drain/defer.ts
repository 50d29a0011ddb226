import type { DeferAnswer, PendingStore } from "../ledger/pendingStore.ts";
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

/** Puts decisions off until their day; one settlement for each, in their order. */
export async function defer(
  decisions: readonly DecisionToDefer[],
  records: readonly QueueRecord[],
  { pending, aspect }: DeferContext,
  now: number,
): Promise<Settlement[]> {
  if (decisions.length === 0) return [];
  const answers = await pending.defer(
    decisions.map(({ decision, deferred: { because, until } }) => {
      const { index, personId, intent, eventId, version, waitingSince } = decision;
      const since = because === "notRegistered" ? (waitingSince ?? now) : undefined;
      const event = toPendingLine(records[index]?.body ?? "{}", since);
      return { personId, aspect, intent, eventId, version, because, dueAt: until, event };
    }),
  );
  return decisions.map(({ decision: { index }, deferred }, position) => ({
    index,
    outcome: toOutcome(answers[position], deferred),
  }));
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
