import type { Outcome, Settlement } from "./outcome.ts";
import type { Verdict } from "./plan.ts";

const duplicate: Outcome = { kind: "unchanged", because: "duplicate" };

/**
 * Verdicts in, exactly one outcome for every message of their groups out. Several messages about one person share the
 * fate of the newest: they come again together or leave together. A copy of a rejected event is a mere duplicate,
 * because one copy in the dead-letter queue is enough.
 */
export function settle(verdicts: readonly Verdict[]): Settlement[] {
  const settlements: Settlement[] = [];
  for (const { group, outcome } of verdicts) {
    const { leader, duplicates, older } = group;
    const again = outcome.kind === "retry" ? outcome : undefined;
    settlements.push({ index: leader.index, outcome });
    for (const { index } of duplicates) settlements.push({ index, outcome: again ?? duplicate });
    for (const { index } of older)
      settlements.push({ index, outcome: again ?? { kind: "superseded", by: leader.eventId } });
  }
  return settlements;
}
