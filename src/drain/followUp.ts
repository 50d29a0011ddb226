import type { FindAfterSuspension } from "../policy/afterSuspension.ts";
import { judgeFollowUps } from "./judgeFollowUps.ts";
import { type PerformOptions, perform } from "./perform.ts";
import type { PerformedCall } from "./performedCall.ts";
import type { ResolvedPerson } from "./person.ts";
import type { Verdict } from "./plan.ts";
import { planFollowUps } from "./planFollowUps.ts";

export interface FollowUpContext extends PerformOptions {
  rules: { findAfterSuspension: FindAfterSuspension };
}

/** What was done about people in; makes the calls that the policy wants after that, and gives the verdicts on all of it. */
export async function followUp(
  { people, verdicts }: { people: readonly ResolvedPerson[]; verdicts: Verdict[] },
  context: FollowUpContext,
): Promise<{ verdicts: Verdict[]; calls: PerformedCall[] }> {
  const { rules, directory } = context;
  const planned = planFollowUps(people, verdicts, rules.findAfterSuspension, directory.limits);
  if (planned.length === 0) return { verdicts, calls: [] };
  const calls = await perform(planned, context);
  return { verdicts: judgeFollowUps(calls, verdicts), calls };
}
