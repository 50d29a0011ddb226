import type { DecisionHistory, HrDecision } from "./decisionHistory.ts";
import type { JournalRecord } from "./observations.ts";

/** What is known of one aspect of one person when the run is over. */
export interface HistoryEvidence {
  /** What the directory shows: `in`, `out`, the name of a license, or `absent` for somebody it does not know. */
  actual: string;
  /** The same before the run. */
  initial: string;
  /** What the journal says became of an event. */
  outcome: (eventId: string) => string | undefined;
  /** Codes of the dead letters of an event. */
  deadLetters: (eventId: string) => readonly string[];
  /** The code by which Chime refuses this operation on this person every time, if it does. */
  permanentCode: (operation: string) => string | undefined;
  /** The exception by which Chime refuses every call that carries this person, if it does. */
  poison: string | undefined;
  /** The highest count of receives that a message of the event came with. */
  receives: (eventId: string) => number;
  /** Whether the decision has to have come to its end (`isBinding.ts`). */
  isBinding: (decision: HrDecision) => boolean;
  /** Whether this happened to the person in the course of the run. */
  happened: (result: string) => boolean;
}

/**
 * - `asDecided`: the directory shows what the newest decision wants that has to have come to its end, or what a newer one
 *   that had not to has brought about all the same.
 * - `refused`: the newest decision is a dead letter, Chime refuses it for good, by itself or with every call that carries
 *   the person, and what is there was there before or is what an older decision wants.
 * - `givenUp`: the same after six receives, the last of them failed by a fault that might have passed.
 * - `unknown`: somebody was to leave whom the directory does not know, and this is a dead letter.
 */
export type StateFinding =
  | { kind: "asDecided" | "refused" | "givenUp" | "unknown" }
  | { kind: "wrong"; detail: string };

/** The documented bound after which a failure of unknown cause is no longer tried again. */
const receivesBeforeGivingUp = 6;
/** Codes whose cause is not known to pass: those that this run may bring about, by Chime's or the service's name. */
const codesOfUnknownCause: readonly string[] = [
  "Conflict",
  "InviteFailed",
  "ConflictException",
  "ResourceLimitExceededException",
  "Teapot",
  "UnreadableAnswer",
  "UnattributableError",
];

/** How the newest decision may have ended: it cannot be superseded, and nothing waits when the run is over. */
const ends: readonly string[] = ["applied", "unchanged", "rejected"];

/** Holds what the directory shows, and what the journal says, against the newest decision. */
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
  if (!ends.includes(outcome)) {
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

/** How a decision ends that stands over all older ones. */
const finalOutcomes: readonly string[] = ["applied", "unchanged", "rejected"];
const carriedOutOutcomes: readonly string[] = ["applied", "unchanged"];

/**
 * Whether a decision has to have come to its end, as all have that HR made itself. A license that follows from another
 * decision is void once a newer one about access stands, unless it had been given by then.
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
