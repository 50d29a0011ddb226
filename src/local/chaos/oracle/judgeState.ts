import type { Decision } from "./decision.ts";
import type { History } from "./histories.ts";

/** What is known of one aspect of one person when the run is over. */
export interface Evidence {
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
  /** The highest count of receives that a message of the event came with. */
  receives: (eventId: string) => number;
}

/**
 * - `asDecided`: the directory shows what the newest decision wants.
 * - `refused`: the newest decision is a dead letter, Chime refuses it for good, and what is there was there before or
 *   is what an older decision wants.
 * - `givenUp`: the same after six receives, the last of them failed by a fault that might have passed.
 * - `unknown`: somebody was to leave whom the directory does not know, and this is a dead letter.
 */
export type StateVerdict =
  | { kind: "asDecided" | "refused" | "givenUp" | "unknown" }
  | { kind: "wrong"; detail: string };

/** The documented bound after which a failure of unknown cause is no longer tried again. */
const receivesBeforeGivingUp = 6;
/** Codes whose cause is not known to pass: the two of Chime that this run uses. */
const codesOfUnknownCause: readonly string[] = ["Conflict", "InviteFailed"];

/** How the newest decision may have ended: it cannot be superseded, and nothing waits when the run is over. */
const ends: readonly string[] = ["applied", "unchanged", "rejected"];

/** Holds what the directory shows, and what the journal says, against the newest decision. */
export function judgeState(history: History, evidence: Evidence): StateVerdict {
  const newest = history.at(-1) ?? history[0];
  const { actual, initial } = evidence;
  const outcome = evidence.outcome(newest.id) ?? "nothing";
  if (!ends.includes(outcome)) {
    const detail = `${newest.personId}: ${newest.id} is the newest decision, and the journal says "${outcome}" of it`;
    return { kind: "wrong", detail };
  }
  if (actual === newest.wants) return { kind: "asDecided" };
  const excuse = excuseFor(newest, evidence);
  if (excuse === "unknown" && actual === "absent") return { kind: "unknown" };
  if (excuse === "refused" || excuse === "givenUp") {
    const left = history.slice(0, -1).map(({ wants }) => wants);
    if ([initial, ...left].includes(actual)) return { kind: excuse };
  }
  const letters = evidence.deadLetters(newest.id);
  const detail = `${newest.personId}: expected "${newest.wants}" by ${newest.id}; the directory shows "${actual}" (dead letters: ${letters.join(", ") || "none"})`;
  return { kind: "wrong", detail };
}

function excuseFor(
  { id, operation, wants }: Decision,
  { initial, deadLetters, permanentCode, receives }: Evidence,
): "refused" | "givenUp" | "unknown" | undefined {
  const letters = deadLetters(id);
  if (wants === "out" && initial === "absent" && letters.includes("UserNotFound")) return "unknown";
  const code = permanentCode(operation);
  if (code !== undefined) {
    // An invitation fails without a code of its own.
    return letters.includes(operation === "InviteUsers" ? "InviteFailed" : code) ? "refused" : undefined;
  }
  const isGivenUp = letters.some((letter) => codesOfUnknownCause.includes(letter));
  return isGivenUp && receives(id) >= receivesBeforeGivingUp ? "givenUp" : undefined;
}
