import type { Permission } from "../../eventbridge/delivery/sqsTarget.ts";
import { matchesArn, matchesGlob } from "./matchesGlob.ts";
import type { ConditionKey, PolicyCondition, PolicyStatement, QueuePolicy } from "./queuePolicy.ts";

const service = "events.amazonaws.com";
const action = "sqs:sendmessage";

/**
 * Whether a queue lets EventBridge send to it on behalf of a rule: some statement allows it and none denies it.
 * A queue without a policy lets nobody in but its own account's identities, and EventBridge is none of them.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html
 */
export function mayDeliver(
  policy: QueuePolicy | undefined,
  request: { ruleArn: string; queueArn: string },
): Permission {
  const { ruleArn, queueArn } = request;
  const applicable = (policy?.statements ?? []).filter((statement) => applies(statement, request));
  const denial = applicable.find(({ effect }) => effect === "Deny");
  if (denial !== undefined) {
    const reason = `Statement ${denial.label} of the policy of ${queueArn} denies sqs:SendMessage to ${service} for ${ruleArn}.`;
    return { isAllowed: false, reason };
  }
  if (applicable.length > 0) return { isAllowed: true };
  const remedy = `Add an AWS::SQS::QueuePolicy that allows sqs:SendMessage to ${service} where aws:SourceArn is the rule.`;
  return { isAllowed: false, reason: `No policy lets ${ruleArn} send to ${queueArn}. ${remedy}` };
}

function applies(statement: PolicyStatement, { ruleArn, queueArn }: { ruleArn: string; queueArn: string }) {
  const facts: Record<ConditionKey, string> = {
    "aws:SecureTransport": "true", // EventBridge uses TLS; that the local endpoint has none is no fault of the policy.
    "aws:SourceAccount": ruleArn.split(":")[4] ?? "",
    "aws:SourceArn": ruleArn,
  };
  return (
    (statement.services === "anyone" || statement.services.includes(service)) &&
    statement.actions.some((pattern) => matchesGlob(pattern, action)) &&
    statement.resources.some((pattern) => matchesGlob(pattern, queueArn)) &&
    statement.conditions.every((condition) => holds(condition, facts[condition.key]))
  );
}

function holds({ operator, values }: PolicyCondition, fact: string): boolean {
  switch (operator) {
    case "ArnEquals":
    case "ArnLike":
      return values.some((value) => matchesArn(value, fact)); // IAM treats the two alike.
    case "StringEquals":
      return values.includes(fact);
    case "StringLike":
      return values.some((value) => matchesGlob(value, fact));
    case "Bool":
      return values.some((value) => value.toLowerCase() === fact);
  }
}
