import { compareDecisions, type OrderedDecision, withBusTime } from "./decisionOrder.ts";
import {
  type Decided,
  done,
  type HeadState,
  isAboutSomebodyElse,
  noteBusTime,
  type Outdated,
  orderOfStanding,
  outdatedBy,
  outdatedBySettled,
  withClaims,
  withMarks,
  withPending,
} from "./head.ts";
import { marksWithAbsence, marksWithNote } from "./leaveMarks.ts";
import type { AbandonAnswer, Claim, CommitAnswer, Lease } from "./ledger.ts";
import { openVersions, withoutClaims } from "./openClaims.ts";
import type { Approval, MarkAnswer } from "./operatorDecisions.ts";
import { toNote, type WaitingDecision, type WaitingKind, waitingKind } from "./pendingStore.ts";
import {
  newerObservation,
  type ObserveAnswer,
  type ObservedClaim,
  withObservation,
} from "./trialObservations.ts";
import { ordered } from "./waitingNotes.ts";

// What is noted on a head beside claims and their results: claims that were abandoned, what waits, what trials observed, and
// what operators decided.

/**
 * Ends the claim of a worker that died over a decision which needs none any more, and notes a leave of absence that the policy ignores. `now` in
 * milliseconds since the epoch.
 */
export function decideAbandon(head: HeadState, claim: Claim, { now }: Lease): Decided<AbandonAnswer> {
  const { version } = ordered(head.waiting, claim);
  const noted = claim.isIgnoredLeave ? noteAbsence(head, claim) : head;
  if (!isOpen(head, version)) return { answer: done, ...(noted !== head && { next: noted }) };
  if (isLeased(head, now))
    return { answer: { kind: "fault", reason: "another invocation still acts on a copy of it" } };
  return { answer: { kind: "done", wasOpen: true }, next: endClaim(noted, version) };
}

/** Ends a claim that this invocation has just been granted, and acts on no longer. The head is as it was before. */
export function decideGiveUp(head: HeadState, claim: Claim, { owner }: Lease): Decided<CommitAnswer> {
  const { version } = ordered(head.waiting, claim);
  if (head.claimed !== version || head.lease?.owner !== owner) return { answer: done };
  return { answer: done, next: endClaim(head, version) };
}

function noteAbsence(head: HeadState, claim: Claim): HeadState {
  if (isAboutSomebodyElse(head, claim)) return head;
  const marks = marksWithAbsence(head, orderOfStanding(head), claim);
  return marks === head ? head : withMarks(head, marks);
}

function isOpen(head: HeadState, version: string): boolean {
  return openVersions(head).includes(version);
}

function isLeased({ lease }: HeadState, now: number): boolean {
  return lease !== undefined && lease.until >= now;
}

function endClaim(head: HeadState, version: string): HeadState {
  return withClaims(head, withoutClaims(head, [version]));
}

/** Notes that a decision of this kind waits, so that a newer one about the person can cancel it. */
function notePending(head: HeadState, kind: WaitingKind): Decided<CommitAnswer> {
  return head.pending?.includes(kind) ? { answer: done } : { answer: done, next: withPending(head, kind) };
}

/** Notes that a decision waits, on the head whose decisions cancel it. */
export function noteDeferred(head: HeadState, decision: WaitingDecision): Decided<CommitAnswer> {
  if (!decision.hasOwnPlace) return notePending(head, waitingKind(decision));
  const marks = marksWithNote(head, orderOfStanding(head), toNote(decision));
  return marks === head ? { answer: done } : { answer: done, next: withMarks(head, marks) };
}

/** The most discarded decisions that a head remembers. So it stays far smaller than the 400 KB of an item. */
const mostMarks = 100;

/**
 * Marks a decision as discarded, so that no claim of it is granted any more, and ends the claim of a worker that died over it.
 * `now` in milliseconds since the epoch.
 */
export function decideDiscard(head: HeadState, version: string, now: number): Decided<MarkAnswer> {
  const { settled, discarded = [] } = head;
  const { version: claimed } = ordered(head.waiting, { version });
  if (settled?.version === claimed && settled.as !== "rejected") return { answer: { kind: "settled" } };
  if (isOpen(head, claimed) && isLeased(head, now))
    return { answer: { kind: "busy", until: Math.max(now, head.lease?.until ?? now) } };
  const ended = isOpen(head, claimed) ? endClaim(head, claimed) : head;
  const others = discarded.filter((each) => each !== version);
  const marks = [...newestMarks(others, mostMarks - 1), version];
  return { answer: { kind: "marked" }, next: { ...ended, discarded: marks } };
}

/**
 * The marks that a head keeps: the newest ones. Below the decision that stands a mark is not needed, because there the journal tells
 * that an event was discarded.
 */
export function newestMarks(marks: readonly string[], most = mostMarks): readonly string[] {
  return marks.length <= most ? marks : marks.toSorted().slice(-most);
}

/**
 * Approves a held decision. `over`: it stands, or a newer decision does. `changed`: a discard of it was interrupted and is to be done
 * again, or another operator has approved a newer decision meanwhile.
 */
export function decideApproval(
  head: HeadState,
  asked: OrderedDecision,
  { by, note }: Pick<Approval, "by" | "note">,
): Decided<{ kind: "approved" | "changed" | "over" }> {
  const decision = ordered(head.waiting, asked);
  const { version } = decision;
  const { settled, discarded, approved, busTimes } = head;
  const isNewer = (other: string) => compareDecisions(withBusTime(other, busTimes), decision) > 0;
  if ([version, asked.version].some((each) => discarded?.includes(each)))
    return { answer: { kind: "changed" } };
  const isOver =
    settled !== undefined &&
    (isNewer(settled.version) || (settled.version === version && settled.as !== "rejected"));
  if (isOver) return { answer: { kind: "over" } };
  if (approved !== undefined && isNewer(approved.version)) return { answer: { kind: "changed" } };
  const approval = { version, by, ...(note !== undefined && { note }) };
  return { answer: { kind: "approved" }, next: noteBusTime({ ...head, approved: approval }, decision) };
}

/**
 * Decides what becomes of a decision in a trial. It is observed unless a newer decision stands, a real one or one of the same
 * trial. It takes no lease, and leaves what stands and what is claimed as it is.
 */
export function decideObservation(
  head: HeadState,
  asked: ObservedClaim,
): Decided<Exclude<ObserveAnswer, { kind: "superseded" | "fault" }> | Outdated> {
  const claim = ordered(head.waiting, asked);
  const { version } = claim;
  const { settled, observed, discarded } = head;
  const ambiguous = isAboutSomebodyElse(head, claim);
  const outdated = outdatedBySettled(head, claim);
  if (outdated !== undefined) return { answer: { ...outdated, ...(ambiguous && { ambiguous }) } };
  const isDone = settled?.version === version && settled.as !== "rejected";
  if (isDone || [version, asked.version].some((each) => discarded?.includes(each)))
    return { answer: { kind: "duplicate" } };
  if (ambiguous) return { answer: { kind: "ambiguous" } };
  const newer = newerObservation(head, claim);
  if (newer !== undefined) return { answer: outdatedBy(newer, claim, head.busTimes) };
  const isKnown = observed?.some((each) => each.trial === claim.trial && each.version === version);
  // A worker may have died before the journal had it, so it is observed once more.
  if (isKnown) return { answer: { kind: "observed" } };
  const next = { ...head, email: head.email ?? claim.email, observed: withObservation(observed, claim) };
  return { answer: { kind: "observed" }, next: noteBusTime(next, claim) };
}
