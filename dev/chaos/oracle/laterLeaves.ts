import type { DecisionHistory, HrDecision } from "./decisionHistory.ts";
import type { JournalRecord } from "./observations.ts";

/**
 * The history of a person's access, with those leaves directly after a newer return that have come after it. A return ends one leave. A leave of
 * a later day that waited meanwhile comes all the same. Which of the three came first to the functions decides
 * whether there was another leave to end, so the journal is asked whether it has come.
 */
export function placeLaterLeaves(
  history: DecisionHistory,
  journal: ReadonlyMap<string, JournalRecord>,
): DecisionHistory {
  const returnOf = returnsBefore(history, journal);
  const late = [...returnOf.keys()].sort((a, b) => a.effectiveAt - b.effectiveAt);
  const [first, ...rest] = history
    .filter((decision) => !returnOf.has(decision))
    .flatMap((decision) => [decision, ...late.filter((leave) => returnOf.get(leave) === decision)]);
  return first === undefined ? history : [first, ...rest];
}

/** The licenses that follow from those leaves count as decided with the return. */
export function dateLaterLicenses(
  decisions: readonly HrDecision[],
  accessHistories: readonly DecisionHistory[],
  journal: ReadonlyMap<string, JournalRecord>,
): HrDecision[] {
  const causes = new Map(
    accessHistories.flatMap((history) =>
      [...returnsBefore(history, journal)].map(([leave, back]) => [leave.id, back] as const),
    ),
  );
  return decisions.map((decision) => {
    const back = causes.get(decision.follows?.id ?? "");
    return back === undefined ? decision : { ...decision, occurredAt: back.occurredAt };
  });
}

/** The latest of the returns that such a leave has come after. */
function returnsBefore(
  history: DecisionHistory,
  journal: ReadonlyMap<string, JournalRecord>,
): Map<HrDecision, HrDecision> {
  const found = new Map<HrDecision, HrDecision>();
  for (const [age, leave] of history.entries()) {
    const back = history
      .slice(age)
      .findLast((each) => mayComeAfter(leave, each, history) && hasComeAfter(leave, each, journal));
    if (back !== undefined) found.set(leave, back);
  }
  return found;
}

/** A history is in the order of age: what stands before the return is older. */
function mayComeAfter(leave: HrDecision, back: HrDecision, history: DecisionHistory): boolean {
  const older = history.slice(0, history.indexOf(back)).filter(({ wants }) => wants === "out");
  return (
    back.wants === "in" &&
    older.includes(leave) &&
    leave.effectiveAt > back.effectiveAt &&
    older.some((other) => other !== leave)
  );
}

const standingOutcomes: readonly string[] = ["applied", "unchanged", "rejected"];

/** Only a leave that waited can have been left waiting. */
function hasComeAfter(
  leave: HrDecision,
  back: HrDecision,
  journal: ReadonlyMap<string, JournalRecord>,
): boolean {
  const [came, stood] = [journal.get(leave.id), journal.get(back.id)];
  if (came === undefined || stood === undefined || !came.waited) return false;
  const haveEnded = [came, stood].every(({ outcome }) => standingOutcomes.includes(outcome));
  return haveEnded && stood.recordedAt < came.recordedAt;
}
