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
 * @param unclaimed by the index of their record
 */
export async function journal(
  settlements: readonly Settlement[],
  unclaimed: ReadonlyMap<number, Decision & { accountId?: string }>,
  { ledger, clock }: { ledger: Ledger; clock: () => number },
): Promise<Settlement[]> {
  const settledAt = new Date(clock()).toISOString();
  const written = settlements.flatMap(({ index, outcome }) => {
    const decision = unclaimed.get(index);
    return decision !== undefined && isWritten(outcome)
      ? [{ index, entry: toJournalEntry(decision, outcome, settledAt) }]
      : [];
  });
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
