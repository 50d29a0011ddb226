import type { HrDecision } from "./scenario.ts";

/**
 * Which of two decisions about one person and aspect HR means: the later one; of the same time, the one that takes
 * effect later, then the leave, then the one with the greater id. It shares nothing with the code under test.
 */
export function isNewer(a: HrDecision, b: HrDecision): boolean {
  const effect = ({ effectiveAt, occurredAt }: HrDecision) => effectiveAt ?? occurredAt;
  const leaving = ({ type }: HrDecision) => (type === "EmployeeLeft" ? 1 : 0);
  if (a.occurredAt !== b.occurredAt) return a.occurredAt > b.occurredAt;
  if (effect(a) !== effect(b)) return effect(a) > effect(b);
  if (leaving(a) !== leaving(b)) return leaving(a) > leaving(b);
  return a.id > b.id;
}

/** The decision that has to stand in the end, for each person and aspect about which there is one. */
export function newestDecisions(decisions: readonly HrDecision[]): HrDecision[] {
  return decisions.filter((decision) =>
    decisions.every((other) => !isAboutTheSame(decision, other) || !isNewer(other, decision)),
  );
}

export function isAboutTheSame(a: HrDecision, b: HrDecision): boolean {
  return a.personId === b.personId && a.aspect === b.aspect;
}
