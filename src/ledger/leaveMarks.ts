import { compareDecisions, effectiveTimeOf, type OrderedDecision } from "./decisionOrder.ts";
import type { Claim } from "./ledger.ts";
import {
  type Order,
  orderedAfter,
  successorOf,
  type WaitingNote,
  withNote,
  withoutNotes,
} from "./waitingNotes.ts";

/**
 * What a head notes so that a return ends one leave and cancels no other: the decisions that wait, and whether there was a leave for the
 * return to end.
 */
export interface LeaveMarks {
  /** The decisions that wait in places of their own. */
  readonly waiting?: readonly WaitingNote[];
  /** The leaves of absence that the policy ignored, and no return has ended: the newest ones, in their order. */
  readonly absent?: readonly Order[];
  /** The version of the newest return that has ended a leave, be it one that was carried out or one that was ignored. */
  readonly endedLeave?: string;
}

/** The decision that stands, and whether a leave was carried out since which nobody was let in. */
interface Standing {
  standing: OrderedDecision | undefined;
  left?: string | undefined;
}

/**
 * The marks once a decision stands. What was rejected may be tried again, and is ordered as before; it ends no absence, because another one
 * may correct it.
 *
 * @param inForce the leave that was in force before
 */
export function marksOnStanding(
  before: LeaveMarks,
  {
    claim,
    as,
    replaces = [],
    carriedOut,
  }: {
    claim: Claim;
    as: "applied" | "rejected";
    replaces?: readonly WaitingNote[];
    carriedOut?: true;
  },
  inForce: string | undefined,
): LeaveMarks {
  const { waiting, absent, endedLeave } = before;
  const gone = as === "rejected" ? replaces.filter(({ eventId }) => eventId !== claim.eventId) : replaces;
  const left = carriedOut ? absent?.filter((leave) => !isBefore(leave, claim)) : absent;
  const marks = toMarks({ waiting: withoutNotes(waiting, gone), absent: left, endedLeave });
  return endsLeave(before, claim, inForce) ? withEndedLeave(marks, claim) : marks;
}

/**
 * Whether a decision is a return that ends a leave: one that was carried out, or one of absence that the policy has ignored.
 *
 * @param left the leave that is in force
 */
export function endsLeave(
  { absent }: Pick<LeaveMarks, "absent">,
  claim: Pick<Claim, "intent" | "version" | "busTime">,
  left: string | undefined,
): boolean {
  if (claim.intent !== "onboard" && claim.intent !== "reinstate") return false;
  return left !== undefined || absent?.some((leave) => isBefore(leave, claim)) === true;
}

/**
 * The marks after a claim that is older than what stands: it waits no longer. An older leave may come later than the return which has ended it,
 * because the queues of leaves and of returns know no common order; one that was put off is none that the return has ended. `undefined` where it
 * changes nothing. `now` in milliseconds since the epoch.
 */
export function marksOnOutdated(
  marks: LeaveMarks,
  { standing }: Standing,
  claim: Claim,
  now: number,
): LeaveMarks | undefined {
  if (standing === undefined) return undefined;
  const left = marksWithout(marks, claim.version);
  const isEnded =
    !hasBeenEnded(marks, standing, claim) &&
    claim.intent === "offboard" &&
    !isLeave(standing.version) &&
    isBefore(claim, standing) &&
    successorOf(marks.waiting, undefined, claim, now) === undefined;
  return isEnded ? withEndedLeave(left ?? marks, standing) : left;
}

/** The marks without what waits with this version; `undefined` if nothing does. */
export function marksWithout(marks: LeaveMarks, version: string): LeaveMarks | undefined {
  const { waiting = [] } = marks;
  const others = waiting.filter((note) => ![note.version, note.orderedAs?.version].includes(version));
  return others.length === waiting.length ? undefined : toMarks({ ...marks, waiting: others });
}

/** The most leaves of absence that a head notes: more at one time are no plan of HR's. */
const mostAbsent = 5;

/** The marks with a leave of absence that the policy ignores: the return that ends it cancels no other leave. */
export function marksWithAbsence(
  marks: LeaveMarks,
  { standing }: Standing,
  { version, busTime = 0 }: OrderedDecision,
): LeaveMarks {
  const { absent = [] } = marks;
  const leave = { version, busTime };
  if (standing !== undefined && isBefore(leave, standing)) {
    const isKnown = isLeave(standing.version) || hasBeenEnded(marks, standing, leave);
    return isKnown ? marks : withEndedLeave(marks, standing);
  }
  if (absent.some((each) => each.version === version)) return marks;
  return { ...marks, absent: [...absent, leave].toSorted(compareDecisions).slice(-mostAbsent) };
}

/** The marks with one more decision that waits. */
export function marksWithNote(marks: LeaveMarks, { standing }: Standing, note: WaitingNote): LeaveMarks {
  const { waiting, endedLeave } = marks;
  const notes = withNote(waiting, note);
  if (notes === waiting) return marks;
  const next = { ...marks, waiting: notes };
  return standing !== undefined && endedLeave === standing.version ? withEndedLeave(next, standing) : next;
}

function withEndedLeave({ waiting, absent }: LeaveMarks, standing: OrderedDecision): LeaveMarks {
  return toMarks({ waiting: orderedAfter(waiting, standing), absent, endedLeave: standing.version });
}

function toMarks({
  waiting = [],
  absent = [],
  endedLeave,
}: { [Name in keyof LeaveMarks]: LeaveMarks[Name] | undefined }): LeaveMarks {
  return {
    ...(waiting.length > 0 && { waiting }),
    ...(absent.length > 0 && { absent }),
    ...(endedLeave !== undefined && { endedLeave }),
  };
}

/** Whether a return is known that has ended a leave: the one that stands, or one before it. It may be a copy that comes once more. */
function hasBeenEnded(
  { endedLeave }: LeaveMarks,
  standing: OrderedDecision,
  leave: OrderedDecision,
): boolean {
  if (endedLeave === undefined) return false;
  return endedLeave === standing.version || isBefore(leave, { version: endedLeave });
}

/** Whether a leave was decided and took effect before a return. */
function isBefore(leave: OrderedDecision, other: OrderedDecision): boolean {
  return (
    compareDecisions(leave, other) < 0 && effectiveTimeOf(leave.version) <= effectiveTimeOf(other.version)
  );
}

/** Whether this is the version of a leave: after the times comes a 1 for the more restrictive decision (`versionKey`). */
export function isLeave(version: string): boolean {
  return leave.test(version);
}

const leave = /^(?:\d{15}\|)+1\|/;
