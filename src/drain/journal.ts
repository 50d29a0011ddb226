import type { JournalEntry } from "../ledger/journalEntry.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { Decision } from "./decision.ts";
import type { Outcome, Settlement } from "./outcome.ts";
import { toJournalEntry } from "./toJournalEntry.ts";
import { ledgerUnavailable } from "./triedAgain.ts";

/**
 * Writes down what became of the messages that were never claimed: superseded, excluded or put off. Duplicates have
 * their entry, and what could not be read has no event to write about: the dead-letter queue keeps it. An entry that the
 * ledger did not take makes its message come again.
 *
 * @param unclaimed in record order
 */
export async function journal(
  settlements: readonly Settlement[],
  unclaimed: readonly (Decision | undefined)[],
  { ledger, clock }: { ledger: Ledger; clock: () => number },
): Promise<readonly Settlement[]> {
  const settledAt = new Date(clock()).toISOString();
  const written: { index: number; entry: JournalEntry }[] = [];
  for (const { index, outcome } of settlements) {
    const decision = unclaimed[index];
    if (decision !== undefined && isWritten(outcome))
      written.push({ index, entry: toJournalEntry(decision, outcome, settledAt) });
  }
  if (written.length === 0) return settlements;
  const answers = await ledger.record(written.map(({ entry }) => entry));
  const failed = new Map<number, Outcome>();
  for (const [position, { index }] of written.entries()) {
    const answer = answers[position];
    if (answer?.kind !== "done") failed.set(index, ledgerUnavailable(answer));
  }
  return settlements.map(({ index, outcome }) => ({ index, outcome: failed.get(index) ?? outcome }));
}

type Written = Extract<Outcome, { kind: "superseded" | "excluded" | "deferred" }>;

function isWritten(outcome: Outcome): outcome is Written {
  return outcome.kind === "superseded" || outcome.kind === "excluded" || outcome.kind === "deferred";
}
