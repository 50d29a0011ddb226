import {
  type Decided,
  done,
  type HeadState,
  hasEnded,
  isAboutSomebodyElse,
  knownOf,
  type Outdated,
  withPending,
} from "./head.ts";
import type { Claim, CommitAnswer, Lease } from "./ledger.ts";
import type { Approval, MarkAnswer } from "./operatorDecisions.ts";
import type { WaitingKind } from "./pendingStore.ts";
import { findSuperseding, type Known, toRemember } from "./timeline.ts";
import {
  newerObservation,
  type ObserveAnswer,
  type ObservedClaim,
  withObservation,
} from "./trialObservations.ts";
import { compareByDecision, compareByEffect, eventIdOf, isSameEvent, type Versioned } from "./version.ts";

// What is noted on a head beside claims and their results: claims that were abandoned, what waits, what
// trials observed, and what operators decided.

/** Ends the claim of a worker that died over a decision which needs none any more. `now` in milliseconds since the epoch. */
export function decideAbandon(head: HeadState, { version }: Claim, { now }: Lease): Decided<CommitAnswer> {
  if (!isOpen(head, version)) return { answer: done };
  if (isLeased(head, now))
    return { answer: { kind: "fault", reason: "another invocation still acts on a copy of it" } };
  return { answer: done, next: endClaim(head, version) };
}

function isOpen({ claimed, claimedBefore }: HeadState, version: string): boolean {
  return [claimed, claimedBefore].some((open) => open !== undefined && isSameEvent(open, version));
}

function isLeased({ lease }: HeadState, now: number): boolean {
  return lease !== undefined && lease.until >= now;
}

/** As a release does: an earlier claim, of another decision, that never ended is open again. */
function endClaim(head: HeadState, version: string): HeadState {
  const { claimed, claimedBefore, claimedBusTime, lease, ...rest } = head;
  const isThis = (open: string | undefined) => open !== undefined && isSameEvent(open, version);
  const earlier = isThis(claimedBefore) ? undefined : claimedBefore;
  if (isThis(claimed)) return { ...rest, ...(earlier !== undefined && { claimed: earlier }) };
  return {
    ...rest,
    ...(claimed !== undefined && { claimed }),
    ...(claimedBusTime !== undefined && { claimedBusTime }),
    ...(earlier !== undefined && { claimedBefore: earlier }),
    ...(lease !== undefined && { lease }),
  };
}

/** Notes that a decision of this kind waits, so that a newer one about the person can cancel it. */
export function notePending(head: HeadState, kind: WaitingKind): Decided<CommitAnswer> {
  return head.pending?.includes(kind) ? { answer: done } : { answer: done, next: withPending(head, kind) };
}

/**
 * Notes that a decision about access waits for its day, because others may depend on it: a leave that is put off stands over the
 * one that it takes the place of. A decision waits once, with what its event said last.
 */
export function noteWaiting(head: HeadState, waiting: Known): Decided<CommitAnswer> {
  const { known = [] } = head;
  const same = known.find(({ version }) => isSameEvent(version, waiting.version));
  if (same !== undefined && compareByDecision(same, waiting) >= 0) return { answer: done };
  const others = known.filter((one) => one !== same);
  // Those whose day has come are left out when the head is claimed.
  const next = toRemember([...others, waiting], head.settled, Number.NEGATIVE_INFINITY);
  return next.includes(waiting) ? { answer: done, next: { ...head, known: next } } : { answer: done };
}

/** Marks of discarded decisions that a head keeps. So it stays far smaller than the 400 KB of an item. */
const mostDiscarded = 100;

/**
 * Marks a decision as discarded, so that no claim of it is granted any more, and ends the claim of a worker that died over it.
 * `now` in milliseconds since the epoch.
 */
export function decideDiscard(
  head: HeadState,
  { version, eventId }: Pick<Claim, "version" | "eventId">,
  now: number,
): Decided<MarkAnswer> {
  if (hasEnded(head, { version, eventId })) return { answer: { kind: "settled" } };
  if (isOpen(head, version) && isLeased(head, now))
    return { answer: { kind: "busy", until: Math.max(now, head.lease?.until ?? now) } };
  const ended = isOpen(head, version) ? endClaim(head, version) : head;
  return {
    answer: { kind: "marked" },
    next: { ...ended, discarded: withMark(head.discarded ?? [], version) },
  };
}

/** The newest marks stay: a copy of an older event comes hardly any more, and the journal keeps that it was discarded. */
function withMark(marks: readonly string[], version: string): readonly string[] {
  const all = marks.includes(version) ? marks : [...marks, version];
  return newestMarks(all);
}

/** A head that earlier releases have filled is shortened whenever it is written. */
export function newestMarks(marks: readonly string[]): readonly string[] {
  if (marks.length <= mostDiscarded) return marks;
  return marks.toSorted((a, b) => compareByDecision({ version: a }, { version: b })).slice(-mostDiscarded);
}

/**
 * Approves a held decision: refused where it is over, or where another operator has approved a newer one meanwhile.
 */
export function decideApproval(
  head: HeadState,
  held: Pick<Claim, "version" | "eventId"> & Versioned,
  { by, note }: Pick<Approval, "by" | "note">,
): Decided<{ kind: "approved" | "changed" | "over" }> {
  const { approved } = head;
  const { version } = held;
  // A discard that was interrupted has marked it, and is to be done again: the journal does not know of it yet.
  if (head.discarded?.some((mark) => isSameEvent(mark, version))) return { answer: { kind: "changed" } };
  if (isOver(head, held)) return { answer: { kind: "over" } };
  if (approved !== undefined && compareByEffect(approved, held) > 0) return { answer: { kind: "changed" } };
  const approval = { version, by, ...(note !== undefined && { note }) };
  return { answer: { kind: "approved" }, next: { ...head, approved: approval } };
}

/** Whether a held decision never will be carried out any more: it was, or another one about the person stands over it. */
function isOver(head: HeadState, held: Pick<Claim, "version" | "eventId"> & Versioned): boolean {
  return hasEnded(head, held) || findSuperseding(held, knownOf(head), Number.POSITIVE_INFINITY) !== undefined;
}

/**
 * Decides what becomes of a decision in a trial. It is observed unless a newer decision stands, a real one or one of the same
 * trial. It takes no lease, and leaves what stands and what is claimed as it is.
 */
export function decideObservation(
  head: HeadState,
  claim: ObservedClaim,
): Decided<Exclude<ObserveAnswer, { kind: "superseded" | "fault" }> | Outdated> {
  const { version } = claim;
  const { observed, discarded } = head;
  const ambiguous = isAboutSomebodyElse(head, claim);
  const by = findSuperseding(claim, knownOf(head), Number.POSITIVE_INFINITY);
  if (by !== undefined)
    return { answer: { kind: "outdated", by: eventIdOf(by.version), ...(ambiguous && { ambiguous }) } };
  const isDiscarded = discarded?.some((mark) => isSameEvent(mark, version));
  if (hasEnded(head, claim) || isDiscarded) return { answer: { kind: "duplicate" } };
  if (ambiguous) return { answer: { kind: "ambiguous" } };
  const newer = newerObservation(observed, claim);
  if (newer !== undefined) return { answer: { kind: "outdated", by: newer.eventId } };
  const isKnown = observed?.some((each) => each.trial === claim.trial && each.version === version);
  // A worker may have died before the journal had it, so it is observed once more.
  if (isKnown) return { answer: { kind: "observed" } };
  const next = { ...head, email: head.email ?? claim.email, observed: withObservation(observed, claim) };
  return { answer: { kind: "observed" }, next };
}
