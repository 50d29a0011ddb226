import type { HrDecision } from "./scenario.ts";
import type { Fact } from "./steps.ts";

/**
 * Which of two decisions about one person and aspect HR means: the later one; of the same time, the one that takes
 * effect later, then the one that the bus received later, then the leave, then the one with the greater id. It shares nothing with the code under test.
 */
export function isNewer(a: HrDecision, b: HrDecision): boolean {
  const leaving = ({ type }: HrDecision) => (type === "EmployeeLeft" ? 1 : 0);
  if (a.occurredAt !== b.occurredAt) return a.occurredAt > b.occurredAt;
  if (effectOf(a) !== effectOf(b)) return effectOf(a) > effectOf(b);
  if (a.busTime !== b.busTime) return a.busTime > b.busTime;
  if (leaving(a) !== leaving(b)) return leaving(a) > leaving(b);
  return a.id > b.id;
}

export function isAboutTheSame(a: HrDecision, b: HrDecision): boolean {
  return a.personId === b.personId && a.aspect === b.aspect;
}

export function effectOf({ effectiveAt, occurredAt }: HrDecision): number {
  return effectiveAt ?? occurredAt;
}

/** Whether a return may have ended a leave: one that was in force by then, or one of absence that took effect before. */
function mayBeEndedBy(leave: HrDecision, back: HrDecision): boolean {
  return (
    leave.type === "EmployeeLeft" &&
    isAboutTheSame(leave, back) &&
    isNewer(back, leave) &&
    (!leave.isOfAbsence || effectOf(leave) <= effectOf(back))
  );
}

/**
 * Whether an older leave may come after a newer return: its day is later, and there is another leave that the return may have ended.
 * Which of the two came first to the functions decides, so it need not.
 */
export function mayComeAfter(leave: HrDecision, back: HrDecision, decisions: readonly HrDecision[]): boolean {
  const isLaterLeave =
    leave.type === "EmployeeLeft" &&
    !leave.isOfAbsence &&
    back.aspect === "access" &&
    back.type !== "EmployeeLeft" &&
    isAboutTheSame(leave, back) &&
    isNewer(back, leave) &&
    effectOf(leave) > effectOf(back);
  return isLaterLeave && decisions.some((other) => other !== leave && mayBeEndedBy(other, back));
}

/** Whether a decision about access asks for the same as an older one, on a later day, and nobody asks for the opposite. */
export function putsOff(newer: HrDecision, older: HrDecision, all: readonly HrDecision[]): boolean {
  const own = all.filter((each) => isAboutTheSame(each, older) && !each.isOfAbsence);
  const leaves = own.filter(({ type }) => type === "EmployeeLeft").length;
  const isAlike = leaves === 0 || leaves === own.length;
  return (
    older.aspect === "access" &&
    isAlike &&
    isAboutTheSame(newer, older) &&
    isNewer(newer, older) &&
    effectOf(newer) > effectOf(older)
  );
}

/** Whether one decision is to be carried out rather than another, both of one batch, by what stood before. */
export function isOrderedAfter(
  a: HrDecision,
  b: HrDecision,
  facts: readonly Fact[],
  all: readonly HrDecision[],
): boolean {
  const stood = facts.flatMap((fact) => (fact.kind === "stands" ? [fact.decision] : []));
  const lastBefore = (decision: HrDecision) =>
    stood
      .filter((back) => mayComeAfter(decision, back, all))
      .reduce((latest, back) => (isNewer(back, latest) ? back : latest), decision);
  const [ofA, ofB] = [lastBefore(a), lastBefore(b)];
  if (ofA === ofB) return effectOf(a) > effectOf(b);
  return isNewer(ofA, ofB);
}

/** A leave that a return has left waiting, and that return. */
interface LeftWaiting {
  leave: HrDecision;
  back: HrDecision;
}

/**
 * The leaves that have to come although a newer return stands: each was put off before that stood, before its day, and the return has
 * ended another leave, which was carried out or ignored by then. What happened in another order is left open here.
 */
export function leftWaiting(facts: readonly Fact[], all: readonly HrDecision[]): LeftWaiting[] {
  const putOff = new Set<HrDecision>();
  const inForce = new Map<string, HrDecision>();
  const absent = new Map<string, HrDecision>();
  const found: LeftWaiting[] = [];
  for (const fact of facts) {
    const { decision } = fact;
    const { personId, aspect, type, isOfAbsence } = decision;
    if (aspect !== "access") continue;
    if (fact.kind === "ended" && fact.outcome.kind === "deferred") putOff.add(decision);
    const known = absent.get(personId);
    if (fact.kind === "ended" && isOfAbsence && (known === undefined || isNewer(decision, known)))
      absent.set(personId, decision);
    if (fact.kind !== "stands") continue;
    const isReturn = type !== "EmployeeLeft";
    const isOver = known !== undefined && isNewer(decision, known) && effectOf(known) <= effectOf(decision);
    if (isReturn && (inForce.has(personId) || isOver))
      for (const leave of putOff)
        if (mayComeAfter(leave, decision, all) && fact.at < effectOf(leave))
          found.push({ leave, back: decision });
    if (fact.as === "rejected") continue;
    if (isOver) absent.delete(personId);
    if (isReturn) inForce.delete(personId);
    else inForce.set(personId, decision);
  }
  return found;
}

/** Whether something newer than the return has decided otherwise, or another leave of a later day puts this one off. */
export function isOvertaken({ leave, back }: LeftWaiting, all: readonly HrDecision[]): boolean {
  return all.some((other) => {
    if (other === leave || other.isOfAbsence || !isAboutTheSame(other, leave)) return false;
    const isLater =
      effectOf(other) > effectOf(leave) || (effectOf(other) === effectOf(leave) && other.id > leave.id);
    return isNewer(other, back) || (isLater && mayComeAfter(other, back, all));
  });
}
