import type { StackModel } from "../cloudformation/stackModel.ts";
import { type Scheduler, startScheduler } from "../eventbridge/schedule/scheduler.ts";
import type { Lambda } from "../lambda/startLambda.ts";
import { eventOrigin } from "./emulatedAccount.ts";
import type { StackOptions } from "./stack.ts";

/** Starts the template's scheduled rules, which invoke its functions. */
export function startSchedules(
  model: StackModel,
  functions: ReadonlyMap<string, Lambda>,
  { onProblem, timer }: StackOptions,
): Scheduler {
  const nameOf = new Map(model.functions.map(({ arn, name }) => [arn, name]));
  return startScheduler({
    rules: model.rules,
    origin: eventOrigin,
    invoke: async ({ arn }, event) => {
      const lambda = functions.get(nameOf.get(arn) ?? "");
      if (lambda === undefined)
        throw new Error(`the schedule's target ${arn} is no function of the template; name one of them`);
      const invocation = await lambda.invoke(event);
      if (invocation.kind !== "response")
        throw new Error(`the scheduled invocation of ${lambda.name} ended as ${JSON.stringify(invocation)}`);
    },
    onFailure: ({ ruleArn, error }) => onProblem(`${ruleArn}: ${String(error)}`),
    ...(timer && { timer }),
  });
}
