import type { Group } from "./collapse.ts";
import type { Decision } from "./decision.ts";
import type { Outcome, Settlement } from "./outcome.ts";
import type { Verdict } from "./plan.ts";

/**
 * Verdicts in, exactly one outcome for every message of their groups out. Several messages about one person share the
 * fate of the newest: they come again together or leave together. A copy of a rejected event is a mere duplicate,
 * because one copy in the dead-letter queue is enough.
 */
export function settle(verdicts: readonly Verdict[]): Settlement[] {
  return verdicts.flatMap(({ group, outcome }) => settleGroup(group, outcome));
}

function settleGroup({ leader, duplicates, older }: Group<Decision>, outcome: Outcome): Settlement[] {
  const again = outcome.kind === "retry" ? outcome : undefined;
  const duplicate: Outcome = again ?? { kind: "unchanged", because: "duplicate" };
  const superseded: Outcome = again ?? { kind: "superseded", by: leader.eventId };
  return [
    { index: leader.index, outcome },
    ...duplicates.map(({ index }) => ({ index, outcome: duplicate })),
    ...older.map(({ index }) => ({ index, outcome: superseded })),
  ];
}
