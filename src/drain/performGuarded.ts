import type { TargetResult } from "../directory/directory.ts";
import { giveBack } from "../safeguard/safeguard.ts";
import type { PlannedCall } from "./coalesce.ts";
import { type CountedSuspensions, type GuardContext, guard } from "./guard.ts";
import { type PerformOptions, perform } from "./perform.ts";
import type { PerformedCall } from "./performedCall.ts";
import type { Verdict } from "./plan.ts";

/**
 * Makes the calls that the safeguard lets pass, and takes off its count again who was not suspended after all, so that
 * whoever is tried once more is not counted twice.
 */
export async function performGuarded(
  planned: readonly PlannedCall[],
  context: GuardContext & PerformOptions,
): Promise<{ calls: PerformedCall[]; verdicts: Verdict[] }> {
  const guarded = await guard(planned, context);
  const calls = await perform(guarded.calls, context);
  for (const suspensions of guarded.counted)
    await giveBack(
      context.safeguard,
      suspensions.accountId,
      suspensions.receipt,
      countUnused(suspensions, calls),
    );
  return { calls, verdicts: guarded.verdicts };
}

function countUnused(
  { accountId, targets }: CountedSuspensions,
  performed: readonly PerformedCall[],
): number {
  const results = performed
    .filter(({ call }) => call.operation === "suspend" && call.accountId === accountId)
    .map((call) => call.results);
  const isUnused = (target: string) => {
    const ofTarget = results.flatMap((result) => result.get(target) ?? []);
    return ofTarget.length > 0 && ofTarget.every(isWithoutEffect);
  };
  return targets.filter(isUnused).length;
}

/** In doubt a suspension counts: a call without an answer, or with one that nobody understands, may have worked. */
function isWithoutEffect(result: TargetResult): boolean {
  return (
    result.kind === "failed" && result.failure.mayStillHappen !== true && result.failure.class !== "unknown"
  );
}
