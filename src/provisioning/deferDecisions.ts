import { isJsonObject, parseJson } from "../events/boundedJson.ts";
import { toEntry } from "../events/eventEntry.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { DeferAnswer, FollowUpKind, PendingStore, WaitingDecision } from "../ledger/pendingStore.ts";
import { licenseAskedFor } from "../ledger/waitingNotes.ts";
import type { Aspect } from "../pipelineSettings.ts";
import type { FollowedEvent, QueueRecord, ScopedDecision } from "./decision.ts";
import { toJournalEntry } from "./journalEntries.ts";
import {
  duplicate,
  ledgerUnavailable,
  type MessageOutcome,
  type Outcome,
  personBusy,
  type Rejected,
} from "./outcome.ts";

/** How far the clock of an HR system may be ahead of ours. */
const toleratedSkewMilliseconds = 5 * 60_000;

/**
 * Splits decisions into those in effect and those whose effective date is still to come. A decision that is made only later, by
 * HR's own word, waits until then: carried out now it would stand over every true one until that moment. `now` in milliseconds.
 */
export function splitByEffectiveDate(
  decisions: readonly ScopedDecision[],
  now: number,
): { effective: ScopedDecision[]; later: DecisionToDefer[] } {
  const effective: ScopedDecision[] = [];
  const later: DecisionToDefer[] = [];
  for (const decision of decisions) {
    const { effectiveAt, occurredAt } = decision;
    // An event that names no time is in effect at once, even if the clock that stamped it is a little ahead.
    if (occurredAt > now + toleratedSkewMilliseconds)
      later.push({ decision, deferred: { kind: "deferred", because: "fromTheFuture", until: occurredAt } });
    else if (effectiveAt <= now || effectiveAt === occurredAt) effective.push(decision);
    else
      later.push({ decision, deferred: { kind: "deferred", because: "effectiveLater", until: effectiveAt } });
  }
  return { effective, later };
}

export interface DecisionToDefer {
  decision: ScopedDecision;
  /** This invocation has claimed it. */
  isClaimed?: true;
  deferred: Extract<Outcome, { kind: "deferred" | "held" }>;
}

/**
 * Stores decisions until their date, or until an operator releases them; one outcome for each, in their order. An event that
 * the bus would not take again is rejected at once, because it could not be published on that date.
 *
 * The journal comes before a decision that nobody has claimed is noted on its head: whatever replaces it there tells the journal, and no
 * "deferred" may be written over that. Of a claimed one the commit sees to it.
 */
export async function deferDecisions(
  decisions: readonly DecisionToDefer[],
  records: readonly QueueRecord[],
  { pending, ledger }: { pending: PendingStore; ledger: Pick<Ledger, "record"> },
  now: number,
): Promise<MessageOutcome[]> {
  if (decisions.length === 0) return [];
  const outcomes = new Map<number, Outcome>();
  const publishable = decisions.flatMap((toDefer) => {
    const waiting = toWaiting(toDefer, records, now);
    const refused = refuseUnpublishable(waiting);
    if (refused === undefined) return [{ ...toDefer, waiting }];
    outcomes.set(toDefer.decision.index, refused);
    return [];
  });
  const toJournal = publishable.filter(({ isClaimed }) => !isClaimed);
  const settledAt = new Date(now).toISOString();
  const recorded = await ledger.record(
    toJournal.map(({ decision, deferred }) => toJournalEntry(decision, deferred, settledAt)),
  );
  for (const [position, { decision }] of toJournal.entries()) {
    const answer = recorded[position];
    if (answer?.kind !== "done") outcomes.set(decision.index, ledgerUnavailable(answer));
  }
  const toStore = publishable.filter(({ decision }) => !outcomes.has(decision.index));
  const answers = await pending.defer(toStore.map(({ waiting }) => waiting));
  for (const [position, { decision, deferred, isClaimed }] of toStore.entries())
    outcomes.set(decision.index, toOutcome(answers[position], { decision, deferred, isClaimed }));
  return decisions.map(({ decision: { index }, deferred }) => ({
    index,
    outcome: outcomes.get(index) ?? deferred,
  }));
}

function toWaiting(
  { decision, deferred, isClaimed }: DecisionToDefer,
  records: readonly QueueRecord[],
  now: number,
): WaitingDecision {
  const { index, personId, intent, aspect, eventId, firstReceivedAt, waitingSince } = decision;
  // The head knows what waits by the event's own order, and may have another place for it by the time it comes.
  const { version, busTime } = decision.ofEvent ?? decision;
  const awaitsUser = deferred.kind === "deferred" && deferred.because === "notRegistered";
  // Never later than now: an event that claims a later time would wait for more than the 30 days.
  const since = awaitsUser ? Math.min(waitingSince ?? now, now) : undefined;
  const event = toPendingLine(records[index]?.body ?? "", {
    receivedAt: firstReceivedAt,
    busTime,
    waitingSince: since,
  });
  const kind = decision.follows === undefined ? { aspect } : followUpKindOf(decision.follows);
  const ownPlace = waitsBeside(decision, deferred) && ({ hasOwnPlace: true } as const);
  const license = licenseAskedFor(decision);
  const claimed = isClaimed && notesOnItsOwnHead(decision) && { isClaimed };
  const waiting = {
    ...kind,
    personId,
    intent,
    eventId,
    version,
    event,
    ...(busTime > 0 && { busTime }),
    ...ownPlace,
    ...(license !== undefined && { license }),
    ...claimed,
  };
  return deferred.kind === "held"
    ? { ...waiting, because: "held", accountId: decision.accountId, heldAt: now, rule: deferred.rule }
    : { ...waiting, because: deferred.because, dueAt: deferred.until };
}

/**
 * Whether a decision waits in a place of its own, beside others of its kind: all that HR itself decides. What is dated ahead has another
 * place (`ownPlaceOf`), and of what follows from decisions about access the newest is meant.
 */
export function waitsBeside(
  { follows }: Pick<ScopedDecision, "follows">,
  outcome: DecisionToDefer["deferred"],
): boolean {
  return follows === undefined && (outcome.kind === "held" || outcome.because !== "fromTheFuture");
}

/** Whether the decisions that cancel it are those about the aspect that it was claimed for. A follow-up is cancelled by others. */
function notesOnItsOwnHead({ follows }: ScopedDecision): boolean {
  return follows === undefined;
}

/** A follow-up goes on waiting under its own kind, beside any license that HR names itself. */
function followUpKindOf({ type }: FollowedEvent): { aspect: Aspect; followUp: FollowUpKind } {
  return {
    aspect: "access",
    followUp: type === "EmployeeLeft" ? "licenseAfterLeaving" : "licenseAfterJoining",
  };
}

/** Makes the same check as the publisher. An event that passes it also fits into an item of DynamoDB. */
function refuseUnpublishable({ event }: WaitingDecision): Rejected | undefined {
  const entry = toEntry(Buffer.from(event), { unchecked: true });
  if (entry.status !== "refused") return undefined;
  const reason = `the event has to wait and be published again, and the bus would not take it (${entry.code}: ${entry.message}); mend that, or send it when it is in effect`;
  return { kind: "rejected", code: "Unpublishable", reason };
}

function toOutcome(
  answer: DeferAnswer | undefined,
  { decision, deferred, isClaimed }: Omit<DecisionToDefer, "isClaimed"> & { isClaimed: true | undefined },
): Outcome {
  switch (answer?.kind) {
    case "deferred":
      return deferred;
    case "superseded":
      // One id is one event: a copy with a later time waits in its place. What is claimed must not stand for it.
      if (answer.by !== decision.eventId) return answer;
      return isClaimed ? personBusy("a copy of its event with a later time waits") : duplicate;
    case "fault":
    case undefined:
      return ledgerUnavailable(answer);
  }
}

/** What travels with an event that waits. Milliseconds since the epoch. */
interface Travelling {
  /** The event's age is counted until then. */
  receivedAt: number;
  /** Decides between decisions that HR made at one time. */
  busTime?: number | undefined;
  /** So the next wait for its user can be longer, and the last one is known. */
  waitingSince?: number | undefined;
}

/**
 * Writes the line that publishes an event again when it is due: the event as it came, unknown fields included.
 *
 * @param body of a message that was parsed as an event before; throws `TypeError` for any other
 */
export function toPendingLine(body: string, { receivedAt, busTime, waitingSince }: Travelling): string {
  const { source, "detail-type": type, detail } = toObject(parseJson(body), "body");
  const event = toObject(detail, "detail");
  const metadata = {
    ...toObject(event.metadata, "metadata"),
    receivedAt: new Date(receivedAt).toISOString(),
    ...(busTime !== undefined && busTime > 0 && { busTime: new Date(busTime).toISOString() }),
    ...(waitingSince !== undefined && { waitingSince: new Date(waitingSince).toISOString() }),
  };
  return JSON.stringify({ source, "detail-type": type, detail: { ...event, metadata } });
}

function toObject(value: unknown, name: string) {
  if (isJsonObject(value)) return value;
  throw new TypeError(
    `cannot defer the event: expected its ${name}, which was parsed before, to be an object; this is a defect, please report it`,
  );
}
