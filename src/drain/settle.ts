import type { TargetResult } from "../directory/directory.ts";
import type { Group } from "./collapse.ts";
import type { Decision } from "./decision.ts";
import type { Outcome, Settlement } from "./outcome.ts";
import { outcomeOfFailure } from "./outcomeOfFailure.ts";
import type { PerformedCall } from "./perform.ts";
import type { Verdict } from "./plan.ts";

/** Results and verdicts in, exactly one outcome for every message of their groups out. */
export function settle(performed: readonly PerformedCall[], verdicts: readonly Verdict[]): Settlement[] {
  return [...performed.flatMap(verdictsOfCall), ...verdicts].flatMap(({ group, outcome }) =>
    settleGroup(group, outcome),
  );
}

function verdictsOfCall({ call, requestId, results }: PerformedCall): Verdict[] {
  return call.entries.flatMap(({ target, groups }) =>
    groups.map((group) => ({
      group,
      outcome: outcomeOf(results.get(target), requestId, group.leader.receiveCount),
    })),
  );
}

function outcomeOf(
  result: TargetResult | undefined,
  requestId: string | undefined,
  receiveCount: number,
): Outcome {
  if (result === undefined) {
    return outcomeOfFailure(
      { class: "unknown", code: "NoResult", message: "the call gave no result for the user" },
      receiveCount,
    );
  }
  return result.kind === "done"
    ? { kind: "applied", requestId }
    : outcomeOfFailure(result.failure, receiveCount);
}

/**
 * Several messages about one person share the fate of the newest: they come again together or leave together.
 * A copy of a rejected event is a mere duplicate, because one copy in the dead-letter queue is enough.
 */
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
