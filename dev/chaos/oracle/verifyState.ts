import type { DecisionHistory, HrDecision } from "./decisionHistory.ts";
import type { JournalRecord } from "./observations.ts";

/** What is known about one aspect of one person when the run is over. */
export interface HistoryEvidence {
  /** What the directory shows: `in`, `out`, the name of a license, or `absent` for an unknown person. */
  actual: string;
  /** The same before the run. */
  initial: string;
  /** Returns the outcome in the journal of an event. */
  outcome: (eventId: string) => string | undefined;
  /** Returns the codes of an event's dead letters. */
  deadLetters: (eventId: string) => readonly string[];
  /** Returns the code by which Chime always refuses this operation for this person, if it does. */
  permanentCode: (operation: string) => string | undefined;
  /** The exception by which Chime refuses every call that carries this person, if it does. */
  poison: string | undefined;
  /** Returns the highest receive count of an event's messages. */
  receives: (eventId: string) => number;
  /** Says whether the decision must be finished (see `mustEnd`). */
  isBinding: (decision: HrDecision) => boolean;
  /** Says whether the person had this effect during the run. */
  happened: (result: string) => boolean;
}

/**
 * The result for one aspect of one person.
 *
 * - `asDecided`: the directory shows what the newest decision wants that must be finished, or the effect of a newer
 * one that need not be.
 * - `refused`: the newest decision is a dead letter, Chime always refuses it, and the state is the initial one or
 * that of an older decision.
 * - `givenUp`: the same after six receives, the last of which failed by a fault that might have passed.
 * - `unknown`: a person unknown to the directory was to leave, and this is a dead letter.
 */
export type StateFinding =
  | { kind: "asDecided" | "refused" | "givenUp" | "unknown" }
  | { kind: "wrong"; detail: string };

/** The documented number of receives after which a failure of unknown cause is not retried. */
const receivesBeforeGivingUp = 6;
/** The codes of failures of unknown cause that this run may produce, by Chime's or the service's name. */
const codesOfUnknownCause: readonly string[] = [
  "Conflict",
  "InviteFailed",
  "ConflictException",
  "ResourceLimitExceededException",
  "Teapot",
  "UnreadableAnswer",
  "UnattributableError",
];

/** Compares what the directory shows, and the journal, with the newest decision. */
export function verifyState(history: DecisionHistory, evidence: HistoryEvidence): StateFinding {
  const { actual, initial, happened } = evidence;
  const position = history.findLastIndex(evidence.isBinding);
  const isOfVoid = history.slice(position + 1).some(({ wants }) => wants === actual) && happened(actual);
  if (isOfVoid) return { kind: "asDecided" };
  const newest = history[position];
  if (newest === undefined) {
    if (actual === initial || actual === "absent") return { kind: "asDecided" };
    const detail = `${history[0].personId}: the directory shows "${actual}" instead of "${initial}", which nobody decided`;
    return { kind: "wrong", detail };
  }
  const outcome = evidence.outcome(newest.id) ?? "nothing";
  // The newest decision cannot be superseded, and nothing waits when the run is over.
  if (!finalOutcomes.includes(outcome)) {
    const detail = `${newest.personId}: ${newest.id} is the newest decision, and the journal says "${outcome}" of it`;
    return { kind: "wrong", detail };
  }
  if (actual === newest.wants) return { kind: "asDecided" };
  const excuse = excuseFor(newest, evidence);
  if (excuse === "unknown" && actual === "absent") return { kind: "unknown" };
  if (excuse === "refused" || excuse === "givenUp") {
    const left = history.slice(0, position).map(({ wants }) => wants);
    if ([initial, ...left].includes(actual)) return { kind: excuse };
  }
  const letters = evidence.deadLetters(newest.id);
  const detail = `${newest.personId}: expected "${newest.wants}" by ${newest.id}; the directory shows "${actual}" (dead letters: ${letters.join(", ") || "none"})`;
  return { kind: "wrong", detail };
}

function excuseFor(
  { id, operation, wants }: HrDecision,
  { initial, deadLetters, permanentCode, poison, receives }: HistoryEvidence,
): "refused" | "givenUp" | "unknown" | undefined {
  const letters = deadLetters(id);
  if (wants === "out" && initial === "absent" && letters.includes("UserNotFound")) return "unknown";
  const code = permanentCode(operation);
  // An invitation fails without a code of its own.
  const ofPerson = code !== undefined && operation === "InviteUsers" ? "InviteFailed" : code;
  if (letters.some((letter) => letter === (poison ?? ofPerson))) return "refused";
  const isGivenUp = letters.some((letter) => codesOfUnknownCause.includes(letter));
  return isGivenUp && receives(id) >= receivesBeforeGivingUp ? "givenUp" : undefined;
}

/** The outcomes of a finished decision that no older one may override. */
const finalOutcomes: readonly string[] = ["applied", "unchanged", "rejected"];
const carriedOutOutcomes: readonly string[] = ["applied", "unchanged"];

/**
 * Says whether a decision must be finished. All decisions of HR must be. A license that follows from another decision
 * is void once a newer decision about access is final, unless the license was given before.
 *
 * @param newestAccess the newest decision about the person's access
 */
export function mustEnd(
  { id, follows }: HrDecision,
  newestAccess: HrDecision | undefined,
  journal: ReadonlyMap<string, JournalRecord>,
): boolean {
  if (follows === undefined || finalOutcomes.includes(journal.get(id)?.outcome ?? "")) return true;
  const stands = follows.id === newestAccess?.id;
  return stands && !follows.isNeedless && carriedOutOutcomes.includes(journal.get(follows.id)?.outcome ?? "");
}
