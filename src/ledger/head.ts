import { type AddressList, areOnePerson, rememberAddresses } from "./addresses.ts";
import {
  type BusTimes,
  compareDecisions,
  decisionTimeOf,
  type OrderedDecision,
  type Tie,
  tieOf,
  withBusTime,
} from "./decisionOrder.ts";
import {
  endsLeave,
  isLeave,
  type LeaveMarks,
  marksOnOutdated,
  marksOnStanding,
  marksWithNote,
  marksWithout,
} from "./leaveMarks.ts";
import type {
  Claim,
  ClaimAnswer,
  ClaimResult,
  CommitAnswer,
  Lease,
  StandingAnswer,
  UserBefore,
} from "./ledger.ts";
import { type OpenClaims, openVersions, toOpenClaims, withClaim, withoutClaims } from "./openClaims.ts";
import type { WaitingKind } from "./pendingStore.ts";
import { newerObservation, type Observation } from "./trialObservations.ts";
import { hasNewerCopy, noteOf, ordered, orderedLater, replacedBy, successorOf } from "./waitingNotes.ts";

/**
 * What the ledger knows of one aspect of one person, and every decision that depends on it. All of it is pure: the ledgers in
 * memory and in DynamoDB read a head, ask here, and write the next head on condition that nobody has written it meanwhile.
 */
export interface HeadState extends OpenClaims, LeaveMarks {
  /** Of the latest claim, lower-case. */
  readonly email?: string;
  /** The newest decision that stands. */
  readonly settled?: { version: string; as: "applied" | "rejected"; eventId: string };
  /** The version of the leave that was carried out, where no decision has let the person in since. */
  readonly left?: string;
  /** The addresses of the decisions that stood; absent in heads of earlier releases, which are believed. */
  readonly addresses?: AddressList;
  /** The kinds of decisions that wait. */
  readonly pending?: readonly WaitingKind[];
  /** The decision that an operator approved, who that was, and why. */
  readonly approved?: { version: string; by: string; note?: string };
  /** The version of the decision that the safeguard counts although it has not been carried out. */
  readonly counted?: string;
  /** How an open claim's decision found the user, before a try that may have changed them. */
  readonly sight?: { version: string; userBefore: UserBefore };
  /** Versions of the decisions that an operator discarded. */
  readonly discarded?: readonly string[];
  /** The newest decision that each trial has observed. */
  readonly observed?: readonly Observation[];
  /** When the bus received the decisions that are named here, where it is known. */
  readonly busTimes?: BusTimes;
}

/** An answer, and the head that has to be written for it to be true; without `next` the head stays. */
export interface Decided<Answer> {
  answer: Answer;
  next?: HeadState;
}

/** A claim that is refused because a newer decision stands. The event's own journal entry tells what it is. */
export interface Outdated {
  kind: "outdated";
  by: string;
  /** One of the two is about somebody else. */
  ambiguous?: true;
  tie?: Tie;
  /** The newer one waits for its day. */
  waits?: true;
}

/**
 * Decides a claim. It is granted if no newer decision stands, nor this very one (unless it was rejected and is tried again), no
 * newer claim is open, no operator has discarded it, and nobody else holds the lease.
 *
 * A newer claim that is open outlives its lease: its call may have been made, and its message comes again.
 */
export function decideClaim(
  head: HeadState,
  asked: Claim,
  { owner, now, until }: Lease,
): Decided<ClaimAnswer | Outdated> {
  const claim = ordered(head.waiting, asked);
  const { version, busTime = 0 } = claim;
  const { settled, claimed, lease } = head;
  const reordered = orderedLater(head.waiting, claim);
  if (reordered !== undefined) return { answer: { kind: "reordered", newest: reordered } };
  if ([version, asked.version].some((each) => head.discarded?.includes(each)))
    return { answer: { kind: "discarded" } };
  if (settled?.version === version && settled.as !== "rejected") return { answer: { kind: "duplicate" } };
  const isBegun = openVersions(head).includes(version);
  if (hasNewerCopy(head.waiting, claim) && !isBegun) return { answer: { kind: "ended" } };
  const ambiguous = isAboutSomebodyElse(head, claim);
  const outdated = outdatedBySettled(head, claim);
  if (outdated !== undefined) {
    if (ambiguous) return { answer: { ...outdated, ambiguous } };
    const marks = marksOnOutdated(head, orderOfStanding(head), claim, now);
    return { answer: outdated, ...(marks && { next: withMarks(head, marks) }) };
  }
  if (ambiguous) return { answer: { kind: "ambiguous" } };
  const successor = successorOf(head.waiting, orderOfStanding(head).standing, claim, now);
  if (successor !== undefined && !isBegun) {
    const { doubtfulUntil, ...newer } = successor;
    if (doubtfulUntil !== undefined) return { answer: { kind: "busy", until: doubtfulUntil } };
    const next = withoutOwnMarks(head, claim);
    return { answer: { kind: "outdated", ...newer, waits: true }, ...(next && { next }) };
  }
  const newer = newerObservation(head, claim);
  const isLeasedToAnother = lease !== undefined && lease.until >= now && lease.owner !== owner;
  if (newer !== undefined) {
    // What was observed has taken no claim that would replace an open one of this decision.
    const next = isBegun && !isLeasedToAnother ? withClaims(head, withoutClaims(head, [version])) : undefined;
    return { answer: outdatedBy(newer, claim, head.busTimes), ...(next && { next }) };
  }
  const isNewerClaimOpen =
    claimed !== undefined && compareDecisions(withBusTime(claimed, head.busTimes), claim) > 0;
  if (isLeasedToAnother || isNewerClaimOpen)
    return { answer: { kind: "busy", until: Math.max(now, lease?.until ?? now) } };
  const claims = withClaim(head, version, { owner, until });
  const next = noteBusTime({ ...withClaims(head, claims), email: claim.email }, claim);
  const grant = granted(head, claim, now);
  return { answer: claim === asked ? grant : { ...grant, orderedAs: { version, busTime } }, next };
}

/** The head without what it notes of a decision that gives way, which may have been held and released; `undefined` if that is nothing. */
function withoutOwnMarks(head: HeadState, { version }: Claim): HeadState | undefined {
  const { approved, ...others } = head;
  const marks = marksWithout(head, version);
  if (approved?.version !== version) return marks && withMarks(head, marks);
  return marks === undefined ? others : withMarks(others, marks);
}

/** The answer to a claim that is older than the decision which stands; `undefined` for any other. */
export function outdatedBySettled(head: HeadState, claim: Claim): Outdated | undefined {
  const { settled, busTimes } = head;
  const { standing } = orderOfStanding(head);
  if (settled === undefined || standing === undefined || compareDecisions(standing, claim) <= 0)
    return undefined;
  return outdatedBy(settled, claim, busTimes);
}

export function orderOfStanding({ settled, busTimes }: HeadState): { standing: OrderedDecision | undefined } {
  return { standing: settled && withBusTime(settled.version, busTimes) };
}

export function outdatedBy(
  { version, eventId }: { version: string; eventId: string },
  claim: Claim,
  busTimes: BusTimes | undefined,
): Outdated {
  const tie = tieOf(withBusTime(version, busTimes), claim);
  return { kind: "outdated", by: eventId, ...(tie !== undefined && { tie }) };
}

/** Keeps the bus time of a decision that the head names from now on, and those of the others that it names. */
export function noteBusTime(head: HeadState, { version, busTime }: OrderedDecision): HeadState {
  const { busTimes, ...rest } = head;
  if (busTimes === undefined && busTime === undefined) return head;
  const { settled, approved, observed = [] } = head;
  const named = [settled?.version, approved?.version, ...openVersions(head)];
  const all: BusTimes = { ...busTimes, ...(busTime !== undefined && { [version]: busTime }) };
  const kept = Object.entries(all).filter(
    ([each]) => named.includes(each) || observed.some((one) => one.version === each),
  );
  return kept.length === 0 ? rest : { ...rest, busTimes: Object.fromEntries(kept) };
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
    ...[settled?.version, claimed].map((version) => (version === undefined ? 0 : decisionTimeOf(version))),
  );
}

function granted(head: HeadState, claim: Claim, now: number): Extract<ClaimAnswer, { kind: "granted" }> {
  const { version, older = [] } = claim;
  const { pending, approved, counted, left, settled } = head;
  const isOwn = (each: string | undefined) =>
    each !== undefined && (each === version || older.includes(each));
  const answer: Extract<ClaimAnswer, { kind: "granted" }> = {
    kind: "granted",
    interrupted: openVersions(head).some(isOwn),
    pending: pending ?? [],
  };
  // An approval of another decision about the person is not meant.
  if (approved?.version === version) {
    answer.approvedBy = approved.by;
    if (approved.note !== undefined) answer.approvalNote = approved.note;
  }
  const replaces = replacedBy(head.waiting, claim, endsLeave(head, claim, left), now);
  if (replaces.length > 0) answer.replaces = replaces;
  if (isOwn(counted)) answer.counted = true;
  if (head.sight?.version === version) answer.userBefore = head.sight.userBefore;
  if (left !== undefined) answer.leftBefore = true;
  const tie = settled && tieOf(claim, withBusTime(settled.version, head.busTimes));
  if (tie !== undefined) answer.tie = tie;
  return answer;
}

/** The leave that a head of an earlier release knows to have been carried out: the one that stands. It may have been superseded. */
export function leftByWhatStands(settled: HeadState["settled"]): string | undefined {
  return settled?.as === "applied" && isLeave(settled.version) ? settled.version : undefined;
}

/** What stands, for those who ask without a claim. */
export function standingOf({ claimed, settled, addresses }: HeadState): StandingAnswer {
  return claimed === undefined
    ? { kind: "stands", eventId: settled?.eventId, ...(addresses !== undefined && { addresses }) }
    : { kind: "open" };
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
  { owner }: Lease,
  cancelled: readonly WaitingKind[] = [],
): Decided<CommitAnswer> {
  const { version, eventId, email, previousEmails = [] } = result.claim;
  const isCounted = result.kind === "stand" ? result.as === "rejected" && result.carriedOut : result.counted;
  if (result.kind === "keep" && !isCounted && result.userBefore === undefined) return { answer: done };
  if (head.lease?.owner !== owner || head.claimed !== version) return { answer: leaseLost };
  const { counted: _counted, ...uncounted } = head;
  const counting: HeadState = isCounted ? { ...head, counted: version } : head;
  switch (result.kind) {
    case "keep":
      return { answer: done, next: withSight(counting, result) };
    case "release": {
      // A retry leaves the head as the claim found it. A decision that is deferred or held leaves no claim of its own open, because
      // others would have to wait until its day; but an earlier claim of another one, that never ended, is open again.
      const staysOpen = result.staysOpen || (result.entry === undefined && result.interrupted);
      const claims = staysOpen
        ? toOpenClaims(openVersions(head))
        : withoutClaims(head, [version, ...(result.older ?? [])]);
      const released = withClaims(withSight(counting, result), claims);
      if (staysOpen || !result.waitsBeside) return { answer: done, next: released };
      const marks = marksWithNote(released, orderOfStanding(head), noteOf(result.claim));
      return { answer: done, next: withMarks(released, marks) };
    }
    case "stand": {
      const { approved, left: _, sight: __, ...rest } = withClaims(isCounted ? counting : uncounted, {});
      const left = leftAfter(head, result);
      const settled = { version, as: result.as, eventId };
      // What was rejected may have had a wrong address, and a decision that corrects it comes under another.
      const isKnown = result.as === "applied";
      const addresses = isKnown && rememberAddresses([email, ...previousEmails], head.addresses);
      // An operator may have approved of a newer decision meanwhile, or of this one after it was claimed.
      const isUsed = approved?.version === version && result.approvedBy !== undefined;
      const keepsApproval =
        approved !== undefined &&
        compareDecisions(withBusTime(approved.version, head.busTimes), result.claim) >= 0 &&
        !isUsed;
      const next: HeadState = {
        ...withMarks(rest, marksOnStanding(rest, result, head.left)),
        settled,
        ...(left !== undefined && { left }),
        ...(addresses && { addresses }),
        ...(keepsApproval && { approved }),
      };
      return { answer: done, next: withPending(withoutPending(next, cancelled), result.waits) };
    }
  }
}

/** The first try has seen how the user was: a later one sees what that has made. */
function withSight(
  head: HeadState,
  { claim: { version }, userBefore }: Exclude<ClaimResult, { kind: "stand" }>,
): HeadState {
  if (userBefore === undefined || head.sight?.version === version) return head;
  return { ...head, sight: { version, userBefore } };
}

/** A decision that was not carried out neither lets the person in nor keeps anybody out, whatever it stands as. */
function leftAfter(
  { left }: HeadState,
  { carriedOut, entry, claim }: Extract<ClaimResult, { kind: "stand" }>,
): string | undefined {
  if (!carriedOut) return left;
  return entry.intent === "offboard" ? claim.version : undefined;
}

/** The head with these open claims, and no others. */
export function withClaims(head: HeadState, claims: OpenClaims): HeadState {
  const { claimed: _, claimedBefore: __, lease: ___, ...rest } = head;
  return { ...rest, ...claims };
}

/** The head with these marks, and no others. */
export function withMarks(head: HeadState, { waiting, absent, endedLeave }: LeaveMarks): HeadState {
  const { waiting: _, absent: __, endedLeave: ___, ...rest } = head;
  return {
    ...rest,
    ...(waiting !== undefined && { waiting }),
    ...(absent !== undefined && { absent }),
    ...(endedLeave !== undefined && { endedLeave }),
  };
}

function withoutPending(head: HeadState, cancelled: readonly WaitingKind[]): HeadState {
  if (head.pending === undefined || cancelled.length === 0) return head;
  const { pending, ...rest } = head;
  const left = pending.filter((kind) => !cancelled.includes(kind));
  return left.length === 0 ? rest : { ...rest, pending: left };
}

export function withPending(head: HeadState, kind: WaitingKind | undefined): HeadState {
  const { pending = [] } = head;
  return kind === undefined || pending.includes(kind) ? head : { ...head, pending: [...pending, kind] };
}
