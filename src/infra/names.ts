import type { Intent } from "../pipelineSettings.ts";

/** Logical ids of resources that all pipelines share. */
export const busId = "EventBus";
export const tableId = "LedgerTable";

/** Logical ids of one pipeline's resources. The serverless command derives those of the function and its log group. */
export function pipelineIds(pipeline: Intent) {
  const name = capitalized(pipeline);
  return {
    queue: `${name}Queue`,
    deadLetterQueue: `${name}DeadLetterQueue`,
    rule: `${name}Rule`,
    role: `${name}Role`,
    function: `${name}LambdaFunction`,
    logGroup: `${name}LogGroup`,
  };
}

/** Logical ids of the resources that receive Okta's events. */
export const oktaIds = {
  queue: "OktaQueue",
  deadLetterQueue: "OktaDeadLetterQueue",
  rule: "OktaRule",
  role: "OktaRole",
  function: "OktaLambdaFunction",
  logGroup: "OktaLogGroup",
};

export function capitalized(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
