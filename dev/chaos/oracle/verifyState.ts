import type { ChangeKind } from "../../directories/simulatedDirectory.ts";
import type { DecisionHistory, HrDecision } from "./decisionHistory.ts";
import type { JournalRecord } from "./observations.ts";

/** The evidence about one aspect of one person at the end of a run. */
export interface HistoryEvidence {
  /** The state in the directory: `in`, `out`, the name of a license, or `absent` for a user that it does not have. */
  actual: string;
  /** The state before the run. */
  initial: string;
  /** The outcome of an event in the journal. */
  outcome: (eventId: string) => string | undefined;
  /** The codes of an event's dead letters. */
  deadLetters: (eventId: string) => readonly string[];
  /** The code by which the directory always refuses this change of this person, if it does. */
  refusalOf: (change: ChangeKind) => string | undefined;
  /** The code by which it refuses every call that carries this person, if it does. */
  poison: string | undefined;
  /** Codes of failures that may be transient or not. */
  codesOfUnknownCause: readonly string[];
  /** The highest receive count of an event's messages. */
  receives: (eventId: string) => number;
  /** Whether the call that the journal names of an event claimed a change of the person, and changed nothing. */
  wasLiedAbout: (eventId: string) => boolean;
  /** Whether the decision has to have an outcome (`mustEnd`). */
  isBinding: (decision: HrDecision) => boolean;
  /** Whether the account does not show the user, because of a suspension. */
  isGone: boolean;
  /** What decisions want that a try may have carried out before they were refused as ambiguous. */
  mayHaveHappened: ReadonlySet<string>;
  /** Whether the run had this effect on the person. */
  happened: (result: string) => boolean;
}

/**
 * How the directory compares with the newest decision that has to have an outcome:
 *
 * - `asDecided`: it shows what that decision wants, or the effect of a newer license that became void afterwards.
 * - `refused`: the decision is a dead letter because the directory always refuses it, and the directory is as before the run or as an
 *   older decision wants.
 * - `givenUp`: the same after six receives, of which the last failed by a fault that may be transient.
 * - `awaited`: the decision is a license of somebody whom the account hides while suspended. It waits for the user.
 * - `believed`: the journal has it as applied by a call that claimed the change and made none. No sample met the person.
 * - `unknown`: the decision is the dead letter of a leaver whom the directory does not have; or a try carried out what was refused as
 *   ambiguous afterwards.
 */
export type StateFinding =
  | { kind: "asDecided" | "refused" | "givenUp" | "awaited" | "unknown" | "believed" }
  | { kind: "wrong"; detail: string };

/** Compares the directory and the journal with the newest decision that has to have an outcome. */
export function verifyState(history: DecisionHistory, evidence: HistoryEvidence): StateFinding {
  const { actual, initial, happened } = evidence;
  const position = history.findLastIndex(evidence.isBinding);
  const isEffectOfVoid =
    history.slice(position + 1).some(({ wants }) => wants === actual) && happened(actual);
  if (isEffectOfVoid) return { kind: "asDecided" };
  const newest = history[position];
  if (newest === undefined) {
    if (actual === initial || actual === "absent") return { kind: "asDecided" };
    const detail = `${history[0].personId}: the directory shows "${actual}" instead of "${initial}", which nobody decided`;
    return { kind: "wrong", detail };
  }
  const outcome = evidence.outcome(newest.id) ?? "nothing";
  // The answer of a call that took effect may be lost, and the user be hidden when it is made again.
  const mayBeSo = happened(newest.wants) ? position + 1 : position;
  if (outcome === "deferred" && evidence.isGone) return awaitUser(history.slice(0, mayBeSo), evidence);
  // A lower license that found nobody to be given to stands, and has changed nothing.
  const stoodForNothing = history
    .slice(position + 1)
    .some(({ id, follows }) => follows?.mayBeGone && evidence.outcome(id) === "unchanged");
  if (outcome === "superseded" && stoodForNothing) return awaitUser(history.slice(0, position + 1), evidence);
  if (!finalOutcomes.includes(outcome)) {
    const detail = `${newest.personId}: ${newest.id} is the newest decision, and the journal says "${outcome}" of it`;
    return { kind: "wrong", detail };
  }
  if (actual === newest.wants) return { kind: "asDecided" };
  const failure = acceptedFailure(newest, evidence);
  if (failure === "unknown" && actual === "absent") return { kind: "unknown" };
  if (failure === "refused" || failure === "givenUp" || failure === "believed") {
    const older = history.slice(0, position).map(({ wants }) => wants);
    if ([initial, ...older].includes(actual)) return { kind: failure };
  }
  const codes = evidence.deadLetters(newest.id);
  const detail = `${newest.personId}: expected "${newest.wants}" by ${newest.id}; the directory shows "${actual}" (dead letters: ${codes.join(", ") || "none"})`;
  return { kind: "wrong", detail };
}

/** The directory has to be as before the run, or as an older decision wants. */
function awaitUser(older: readonly HrDecision[], { actual, initial }: HistoryEvidence): StateFinding {
  if ([initial, ...older.map(({ wants }) => wants)].includes(actual)) return { kind: "awaited" };
  return {
    kind: "wrong",
    detail: `the directory shows "${actual}", which no decision wanted that was carried out`,
  };
}

/** After so many receives the service gives up a failure of unknown cause; see the table of outcomes in the documentation. */
const receivesBeforeGivingUp = 6;
/** The reason, if there is one, why the directory need not show what the decision wants. */
function acceptedFailure(
  { id, change, wants }: HrDecision,
  evidence: HistoryEvidence,
): "refused" | "givenUp" | "unknown" | "believed" | undefined {
  const { initial, deadLetters, refusalOf, poison, codesOfUnknownCause, receives } = evidence;
  if (evidence.outcome(id) === "applied" && evidence.wasLiedAbout(id)) return "believed";
  const codes = deadLetters(id);
  if (wants === "out" && initial === "absent" && codes.includes("UserNotFound")) return "unknown";
  const refusal = poison ?? refusalOf(change);
  if (codes.some((code) => code === refusal)) return "refused";
  const isGivenUp = codes.some((code) => codesOfUnknownCause.includes(code));
  return isGivenUp && receives(id) >= receivesBeforeGivingUp ? "givenUp" : undefined;
}

/** The outcomes of a newest decision: it cannot be superseded, and nothing waits at the end of a run. */
const finalOutcomes: readonly string[] = ["applied", "unchanged", "rejected"];
/** The outcomes after which a license follows. */
const carriedOutOutcomes: readonly string[] = ["applied", "unchanged"];

/**
 * Whether a decision has to have an outcome, as all have that HR made itself. A license that follows from a decision is void
 * once a newer decision about access stands, unless it had been applied by then. A lower license changes nothing where the account
 * hides the leaver.
 *
 * @param newestAccess the newest decision about the person's access
 */
export function mustEnd(
  { id, follows }: HrDecision,
  newestAccess: HrDecision | undefined,
  journal: ReadonlyMap<string, JournalRecord>,
): boolean {
  const outcome = journal.get(id)?.outcome ?? "";
  if (follows?.mayBeGone && outcome === "unchanged") return false;
  if (follows === undefined || finalOutcomes.includes(outcome)) return true;
  const stands = follows.id === newestAccess?.id;
  return stands && !follows.isNeedless && carriedOutOutcomes.includes(journal.get(follows.id)?.outcome ?? "");
}
