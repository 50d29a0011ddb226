import type { TargetResult } from "../directory/directory.ts";
import type { Outcome } from "./outcome.ts";
import { outcomeOfFailure } from "./outcomeOfFailure.ts";
import type { PerformedCall } from "./performedCall.ts";
import type { Verdict } from "./plan.ts";

/** The directory's results and the plan's own verdicts in, one verdict for each group out. */
export function judge(performed: readonly PerformedCall[], verdicts: readonly Verdict[]): Verdict[] {
  const judged: Verdict[] = [];
  for (const { call, requestId, results, halved } of performed) {
    if (halved) continue;
    for (const { target, groups } of call.entries) {
      const result = results.get(target);
      for (const group of groups)
        judged.push({ group, outcome: outcomeOf(result, requestId, group.leader.receiveCount) });
    }
  }
  for (const verdict of verdicts) judged.push(verdict);
  return judged;
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
