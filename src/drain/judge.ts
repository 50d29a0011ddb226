import type { TargetResult } from "../directory/directory.ts";
import type { Outcome } from "./outcome.ts";
import { outcomeOfFailure } from "./outcomeOfFailure.ts";
import type { PerformedCall } from "./performedCall.ts";
import type { Verdict } from "./plan.ts";

/** The directory's results and the plan's own verdicts in, one verdict for each group out. */
export function judge(performed: readonly PerformedCall[], verdicts: readonly Verdict[]): Verdict[] {
  const final = performed.filter(({ halved }) => !halved);
  return [...final.flatMap(verdictsOfCall), ...verdicts];
}

function verdictsOfCall({ call, requestId, results }: PerformedCall): Verdict[] {
  return call.entries.flatMap(({ target, groups }) =>
    groups.map((group) => ({
      group,
      outcome: outcomeOf(results.get(target), requestId, group.leader.receiveCount),
    })),
  );
}

/** What the directory says of one user in, what that means for a message about the user out. */
export function outcomeOf(
  result: TargetResult | undefined,
  requestId: string | undefined,
  receiveCount: number,
): Outcome {
  if (result === undefined) {
    const message = "the call gave no result for the user";
    return outcomeOfFailure({ class: "unknown", code: "NoResult", message }, receiveCount);
  }
  return result.kind === "done"
    ? { kind: "applied", requestId }
    : outcomeOfFailure(result.failure, receiveCount);
}
