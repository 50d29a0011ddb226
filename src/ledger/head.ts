import { type AddressList, areOnePerson, rememberAddresses } from "./addresses.ts";
import type { Claim, ClaimAnswer, ClaimResult, CommitAnswer, Lease } from "./ledger.ts";
import type { WaitingKind } from "./pendingStore.ts";
import { findNewer, findSuperseding, isVoid, type Known, toRemember } from "./timeline.ts";
import { newerObservation, type Observation } from "./trialObservations.ts";
import {
  compareByEffect,
  eventIdOf,
  isSameEvent,
  partsOf,
  type TieBreak,
  tieBreakOf,
  type Versioned,
} from "./version.ts";

/**
 * What the ledger knows of one aspect of one person, and every decision that depends on it. All of it is pure: the ledgers in
 * memory and in DynamoDB read a head, ask here, and write the next head on condition that nobody has written it meanwhile.
 */
export interface HeadState {
  /** Of the latest claim, lower-case. */
  readonly email?: string;
  /** The newest decision that stands. */
  readonly settled?: Settled;
  /** The addresses of the decisions that stood; absent in heads of earlier releases, which are believed. */
  readonly addresses?: AddressList;
  /** Decisions beside the one that stands on which others may yet depend: those that wait for their day, and others. */
  readonly known?: readonly Known[];
  /** The events that were carried out last, the newest at the end: one of them that comes again is a duplicate, whatever it says. */
  readonly ended?: readonly string[];
  /** The version of the claim that is open. */
  readonly claimed?: string;
  /** When the bus first received the event of that claim, in milliseconds since the epoch. */
  readonly claimedBusTime?: number;
  /** The claim that the present one found open. */
  readonly claimedBefore?: string;
  /** `until` in milliseconds since the epoch. */
  readonly lease?: { owner: string; until: number };
  /** The kinds of decisions that wait. */
  readonly pending?: readonly WaitingKind[];
  /** The decision that an operator approved, who that was, and why. */
  readonly approved?: { version: string; by: string; note?: string };
  /** The version of the decision that the safeguard counts although it has not been carried out. */
  readonly counted?: string;
  /** Versions of the decisions that an operator discarded. */
  readonly discarded?: readonly string[];
  /** The newest decision that each trial has observed. */
  readonly observed?: readonly Observation[];
}

/** The decision that stands. */
export interface Settled extends Versioned {
  as: "applied" | "rejected";
  eventId: string;
  callsOff?: true | undefined;
}

/** An answer, and the head that has to be written for it to be true; without `next` the head stays. */
export interface Decided<Answer> {
  answer: Answer;
  next?: HeadState;
}

/** A claim that is refused because of another decision. The event's own journal entry tells what it is. */
export interface Outdated {
  kind: "outdated";
  by: string;
  /** One of the two is about somebody else. */
  ambiguous?: true;
  tie?: TieBreak;
  /** It is still to come: what this one would have superseded is not superseded by it. */
  waits?: true;
}

/**
 * A claim of an event that HR's own times make no newer than another decision. Publishers send an event again after a lost
 * answer: the event's own journal entry tells whether it was received before, and has come to its end.
 */
export interface Tied {
  kind: "tied";
}

/** The events that a head remembers by their ids. An id has 128 characters at most. */
const mostEnded = 12;

/**
 * Decides a claim. It is granted if no other decision supersedes it (`findSuperseding`), its event has not been carried out
 * (unless it was rejected and is tried again), no newer claim is open, no operator has discarded it, and nobody else holds the
 * lease. One id is one event, whatever time it names.
 *
 * A newer claim that is open outlives its lease: its call may have been made, and its message comes again.
 */
export function decideClaim(
  head: HeadState,
  claim: Claim,
  { owner, now, until }: Lease,
  isKnownToBeNew = false,
): Decided<ClaimAnswer | Outdated | Tied> {
  const { version, email, busTime } = claim;
  const { claimed, lease } = head;
  const isThis = (other: string | undefined) => other !== undefined && isSameEvent(other, version);
  if (head.discarded?.some(isThis)) return { answer: { kind: "discarded" } };
  if (hasEnded(head, claim)) return { answer: { kind: "duplicate" } };
  const isInterrupted = isThis(claimed);
  const known = knownOf(head).filter(({ waitsAs }) => waitsAs === undefined || !isInterrupted);
  const open: readonly Known[] =
    claimed === undefined || isInterrupted ? [] : [{ version: claimed, busTime: head.claimedBusTime }];
  const busy: ClaimAnswer = { kind: "busy", until: Math.max(now, lease?.until ?? now) };
  // One that was superseded before stays so, even if what came since would have let it through.
  const wasSuperseded = head.known?.some((one) => one.waitsAs === undefined && isThis(one.version));
  const by = wasSuperseded ? head.settled : findSuperseding(claim, known, now);
  // What is being carried out may bar the very decision that stands over this one.
  if (by !== undefined && !wasSuperseded && isVoid(by, open)) return { answer: busy };
  const ambiguous = isAboutSomebodyElse(head, claim);
  if (by !== undefined) return outdated(head, claim, by, { now, ambiguous });
  if (ambiguous) return { answer: { kind: "ambiguous" } };
  const newer = newerObservation(head.observed, claim);
  if (newer !== undefined) return { answer: { kind: "outdated", by: newer.eventId } };
  const isLeasedToAnother = lease !== undefined && lease.until >= now && lease.owner !== owner;
  if (isLeasedToAnother || findNewer(claim, [...open, ...known]) !== undefined)
    return { answer: { kind: "busy", until: Math.max(now, lease?.until ?? now) } };
  const ties = known.flatMap((other) => tieBreakOf(other, claim) ?? []);
  const [tie] = ties;
  if (ties.length > 0 && !isInterrupted && !isKnownToBeNew) return { answer: { kind: "tied" } };
  // The claim that it found is kept, so that a release without a decision can open that one again.
  const { claimedBefore: _, claimedBusTime: __, ...rest } = head;
  return {
    answer: { ...granted(head, claim, isInterrupted), ...(tie !== undefined && { tie }) },
    next: {
      ...rest,
      email,
      claimed: version,
      ...(busTime !== undefined && { claimedBusTime: busTime }),
      ...(claimed !== undefined && { claimedBefore: claimed }),
      lease: { owner, until },
    },
  };
}

export function isAboutSomebodyElse(
  { addresses }: HeadState,
  { email, previousEmails = [], beside }: Claim,
): boolean {
  if (addresses === undefined && beside === undefined) return false;
  return !areOnePerson(addresses, [[email, ...previousEmails], ...(beside ?? [])]);
}

/** When HR made the newest decision that a head knows, in milliseconds since the epoch; 0 if it knows none. */
export function decidedAt({ settled, claimed }: HeadState): number {
  return Math.max(
    ...[settled?.version, claimed].map((version) => (version === undefined ? 0 : partsOf(version).decided)),
  );
}

/** All decisions that a claim is compared with. */
export function knownOf({ settled, known = [] }: HeadState): readonly (Known & { eventId?: string })[] {
  return settled === undefined ? known : [settled, ...known];
}

export function hasEnded(
  { settled, ended }: HeadState,
  { version, eventId }: Pick<Claim, "version" | "eventId">,
): boolean {
  if (settled !== undefined && isSameEvent(settled.version, version)) return settled.as !== "rejected";
  return ended?.includes(eventId) === true;
}

/** A decision that is superseded may bar others, which were decided before it: then the head has to remember it. */
function outdated(
  head: HeadState,
  claim: Claim,
  by: Known,
  { now, ambiguous }: { now: number; ambiguous: boolean },
): Decided<Outdated> {
  const tie = tieBreakOf(by, claim);
  const answer: Outdated = {
    kind: "outdated",
    by: eventIdOf(by.version),
    ...(tie !== undefined && { tie }),
    ...(by.waitsAs !== undefined && { waits: true }),
    ...(ambiguous && { ambiguous }),
  };
  if (ambiguous || by.waitsAs !== undefined || isVoid(claim, knownOf(head))) return { answer };
  const asked = toKnown(claim);
  const isSame = ({ version, waitsAs }: Known) =>
    waitsAs !== undefined && isSameEvent(version, claim.version);
  const others = head.known?.filter((other) => !isSame(other)) ?? [];
  const known = toRemember([...others, asked], head.settled, now);
  return known.includes(asked) ? { answer, next: { ...head, known } } : { answer };
}

function toKnown({ version, busTime, callsOff }: Known): Known {
  return { version, ...(busTime !== undefined && { busTime }), ...(callsOff && { callsOff }) };
}

function granted(
  { pending, approved, counted, settled }: HeadState,
  claim: Claim,
  interrupted: boolean,
): Extract<ClaimAnswer, { kind: "granted" }> {
  const answer: Extract<ClaimAnswer, { kind: "granted" }> = {
    kind: "granted",
    interrupted,
    pending: pending ?? [],
  };
  // An approval of another decision about the person is not meant.
  if (approved !== undefined && isSameEvent(approved.version, claim.version)) {
    answer.approvedBy = approved.by;
    if (approved.note !== undefined) answer.approvalNote = approved.note;
  }
  if (counted !== undefined && isSameEvent(counted, claim.version)) answer.counted = true;
  if (settled?.as === "applied" && leave.test(settled.version)) answer.leftBefore = true;
  return answer;
}

/** The version of a leave: after the times comes a 1 for the more restrictive decision (`versionKey`). */
const leave = /^(?:\d{15}\|)+1\|/;

/**
 * What an outdated claim is. The journal counts only here, where another decision stands. Otherwise an entry may be there
 * although the head never moved, because its worker died in between: then the event has to be carried out again.
 */
export function explainOutdated(
  answer: Outdated | Tied,
  hasEnded: boolean,
): Extract<ClaimAnswer, { kind: "duplicate" | "superseded" | "ambiguous" }> {
  if (hasEnded) return { kind: "duplicate" };
  if (answer.kind === "tied") throw new Error("expected a tied claim of a new event to be decided again");
  const { kind: _, ambiguous, ...by } = answer;
  return ambiguous ? { kind: "ambiguous" } : { kind: "superseded", ...by };
}

/** The claim of a tied event to be decided again: one that was received before is no newer for being sent once more. */
export function firstReceipt(claim: Claim, receivedAt: number | undefined): Claim {
  const { busTime } = claim;
  return receivedAt === undefined || busTime === undefined
    ? claim
    : { ...claim, busTime: Math.min(busTime, receivedAt) };
}

export const done: CommitAnswer = { kind: "done" };
const leaseLost: CommitAnswer = {
  kind: "fault",
  reason: "the lease ended before the result was committed",
};

/**
 * Decides how a claim ends. The lease is checked again: an invocation that lost it must not move the head, whatever made it
 * late.
 *
 * @param cancelled the kinds of waiting decisions that were removed
 */
export function decideCommit(
  head: HeadState,
  result: ClaimResult,
  { owner, now }: Lease,
  cancelled: readonly WaitingKind[] = [],
): Decided<CommitAnswer> {
  const { version, email, previousEmails = [] } = result.claim;
  if (result.kind === "keep" && !result.counted) return { answer: done };
  if (head.lease?.owner !== owner || head.claimed !== version) return { answer: leaseLost };
  const { counted: _counted, ...uncounted } = head;
  const counting: HeadState = result.counted ? { ...head, counted: version } : head;
  switch (result.kind) {
    case "keep":
      return { answer: done, next: counting };
    case "release": {
      const { claimed: _, claimedBefore, claimedBusTime, lease: __, ...rest } = counting;
      if (result.staysOpen)
        return {
          answer: done,
          next: { ...rest, claimed: version, ...(claimedBusTime !== undefined && { claimedBusTime }) },
        };
      // A retry leaves the head as the claim found it: an earlier claim that never ended is open again. A deferred decision
      // leaves no claim open, because others would have to wait until its date.
      const reopens = result.entry === undefined && claimedBefore !== undefined;
      const released = { ...rest, ...(reopens && { claimed: claimedBefore }) };
      return { answer: done, next: withPending(released, result.waits) };
    }
    case "stand": {
      const {
        claimed: _,
        claimedBefore: __,
        claimedBusTime: ___,
        lease: ____,
        approved,
        ...rest
      } = result.counted ? counting : uncounted;
      // What was rejected may have had a wrong address, and a decision that corrects it comes under another.
      const isKnown = result.as === "applied";
      const addresses = isKnown && rememberAddresses([email, ...previousEmails], head.addresses);
      // An operator may have approved of a newer decision meanwhile, or of this one after it was claimed.
      const isUsed =
        approved !== undefined && result.approvedBy !== undefined && isSameEvent(approved.version, version);
      const keepsApproval = approved !== undefined && compareByEffect(approved, result.claim) >= 0 && !isUsed;
      const standing = {
        ...rest,
        ...stand(head, result, now),
        ...(addresses && { addresses }),
        ...(keepsApproval && { approved }),
      };
      return { answer: done, next: withPending(withoutPending(standing, cancelled), result.waits) };
    }
  }
}

/** What the head remembers of decisions, now that this one stands. */
function stand(
  { settled: before, known = [], ended = [], claimedBusTime }: HeadState,
  { claim, as }: Extract<ClaimResult, { kind: "stand" }>,
  now: number,
): Pick<HeadState, "settled" | "known" | "ended"> {
  // The bus time is the one that it was claimed with: that of the first receipt, if the event was received before.
  const settled: Settled = { ...toKnown({ ...claim, busTime: claimedBusTime }), as, eventId: claim.eventId };
  const beside = [
    ...known,
    ...(before === undefined ? [] : [toBeside(before)]),
    ...(claim.older ?? []).map(toKnown),
  ];
  const others = toRemember(beside, settled, now);
  const latest = [...ended.filter((id) => id !== claim.eventId), claim.eventId].slice(-mostEnded);
  return { settled, known: others, ended: as === "applied" ? latest : ended };
}

function toBeside({ as: _, eventId: __, ...known }: Settled): Known {
  return known;
}

function withoutPending(head: HeadState, cancelled: readonly WaitingKind[]): HeadState {
  if (head.pending === undefined || cancelled.length === 0) return head;
  const { pending, ...rest } = head;
  const left = pending.filter((kind) => !cancelled.includes(kind));
  return left.length === 0 ? rest : { ...rest, pending: left };
}

/** The head, on which decisions of one kind more wait. */
export function withPending(head: HeadState, kind: WaitingKind | undefined): HeadState {
  const { pending = [] } = head;
  return kind === undefined || pending.includes(kind) ? head : { ...head, pending: [...pending, kind] };
}
