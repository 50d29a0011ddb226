import type { FindAfterSuspension } from "../policy/afterSuspension.ts";
import { judgeClosings } from "./judgeClosings.ts";
import { type PerformOptions, perform } from "./perform.ts";
import type { PerformedCall } from "./performedCall.ts";
import type { ResolvedPerson } from "./person.ts";
import type { Verdict } from "./plan.ts";
import { planClosings } from "./planClosings.ts";

export interface ClosingContext extends PerformOptions {
  rules: { findAfterSuspension: FindAfterSuspension };
}

/** What was done about people in; makes the calls that the policy wants after that, and gives the verdicts on all of it. */
export async function closeSuspensions(
  { people, verdicts }: { people: readonly ResolvedPerson[]; verdicts: Verdict[] },
  context: ClosingContext,
): Promise<{ verdicts: Verdict[]; calls: PerformedCall[] }> {
  const { rules, directory } = context;
  const planned = planClosings(people, verdicts, rules.findAfterSuspension, directory.limits);
  if (planned.length === 0) return { verdicts, calls: [] };
  const calls = await perform(planned, context);
  return { verdicts: judgeClosings(calls, verdicts), calls };
}
