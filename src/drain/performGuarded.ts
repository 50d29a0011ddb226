import type { TargetResult } from "../directory/directory.ts";
import { giveBack } from "../safeguard/safeguard.ts";
import type { Suspension } from "./admitSuspensions.ts";
import type { PlannedCall } from "./coalesce.ts";
import type { Group } from "./collapse.ts";
import { type CountedSuspensions, type GuardContext, guard } from "./guard.ts";
import { type PerformOptions, perform } from "./perform.ts";
import type { PerformedCall } from "./performedCall.ts";
import type { Verdict } from "./plan.ts";
import type { ScopedDecision } from "./screen.ts";

export interface Guarded {
  calls: PerformedCall[];
  verdicts: Verdict[];
  /** Whose suspension the safeguard counts: because it was done, or because nobody knows. */
  counted: Group<ScopedDecision>[];
}

/**
 * Makes the calls that the safeguard lets pass, and takes off its count again who was not suspended after all, so that
 * whoever is tried once more is not counted twice.
 */
export async function performGuarded(
  planned: readonly PlannedCall[],
  context: GuardContext & PerformOptions,
): Promise<Guarded> {
  const guarded = await guard(planned, context);
  const calls = await perform(guarded.calls, context);
  const counted: Group<ScopedDecision>[] = [];
  for (const { accountId, suspensions, receipt } of guarded.counted) {
    const isUnused = unusedIn(accountId, calls);
    const used = suspensions.filter((suspension) => !isUnused(suspension));
    await giveBack(context.safeguard, accountId, receipt, suspensions.length - used.length);
    counted.push(...used.flatMap(({ groups }) => groups));
  }
  return { calls, verdicts: guarded.verdicts, counted };
}

function unusedIn(
  accountId: CountedSuspensions["accountId"],
  performed: readonly PerformedCall[],
): (suspension: Suspension) => boolean {
  const results = performed
    .filter(({ call }) => call.operation === "suspend" && call.accountId === accountId)
    .map((call) => call.results);
  return ({ target }) => {
    const ofTarget = results.flatMap((result) => result.get(target) ?? []);
    return ofTarget.length > 0 && ofTarget.every(isWithoutEffect);
  };
}

/** In doubt a suspension counts: a call without an answer, or with one that nobody understands, may have worked. */
function isWithoutEffect(result: TargetResult): boolean {
  return (
    result.kind === "failed" && result.failure.mayStillHappen !== true && result.failure.class !== "unknown"
  );
}
