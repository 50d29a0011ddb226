import type { Outdated } from "./head.ts";
import { type Claim, type ClaimAnswer, isFinalOutcome } from "./ledger.ts";

// What the journal entry of its event tells of a claim.

/**
 * What an outdated claim is. The journal counts only here, where a newer decision stands. Otherwise an entry may be there
 * although the head never moved, because its worker died in between: then the event has to be carried out again.
 */
export function explainOutdated(
  outcome: string | undefined,
  { by, ambiguous, tie, waits }: Outdated,
): Extract<ClaimAnswer, { kind: "duplicate" | "superseded" | "ambiguous" }> {
  if (isFinalOutcome(outcome)) return { kind: "duplicate" };
  return ambiguous
    ? { kind: "ambiguous" }
    : { kind: "superseded", by, ...(tie !== undefined && { tie }), ...(waits && { waits }) };
}

/** What the journal tells of an event. `outcome` may be one that only a later release knows. */
export interface KnownEntry {
  outcome: string;
  version: string;
  intent: string;
}

/**
 * A granted claim, with what the journal entry under its event's id tells of it. One id is one event: if that came to its end with
 * other times, the claim has to be given up. A sender that uses one id for a hire and a leave means two.
 */
export function withEntry(
  answer: Extract<ClaimAnswer, { kind: "granted" }>,
  { version: asked, intent }: Claim,
  entry: KnownEntry | undefined,
): Extract<ClaimAnswer, { kind: "granted" | "ended" }> {
  const { version } = answer.orderedAs ?? { version: asked };
  if (entry === undefined || entry.intent !== intent) return answer;
  if (entry.version !== version) return isFinalOutcome(entry.outcome) ? { kind: "ended" } : answer;
  // A copy that the bus received later than the first does not win a tie that the first has lost.
  if (answer.tie === "receivedLater" && entry.outcome === "superseded") return { kind: "ended" };
  return answer.interrupted && entry.outcome === "applied" ? { ...answer, carriedOut: true } : answer;
}

/** Whether an event came to its end, under whatever time. */
export function isEnded(entry: KnownEntry | undefined, { intent }: Pick<Claim, "intent">): boolean {
  return entry !== undefined && entry.intent === intent && isFinalOutcome(entry.outcome);
}
