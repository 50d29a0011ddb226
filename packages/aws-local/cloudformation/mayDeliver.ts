import type { Permission } from "../eventbridge/sqsTarget.ts";
import type { ConditionKey, PolicyCondition, PolicyStatement, QueuePolicy } from "./queuePolicy.ts";

const service = "events.amazonaws.com";
const action = "sqs:sendmessage";

/**
 * Decides whether a queue's policy lets EventBridge send for a rule: a statement must allow it and none may deny it.
 * A queue without a policy accepts messages of its own account's identities only, and EventBridge is none of them.
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

/** Matches a text against a pattern in which `*` stands for any characters and `?` for one, as in IAM policies. */
function matchesGlob(pattern: string, text: string): boolean {
  const source = [...pattern].map(toRegExp).join("");
  return new RegExp(`^${source}$`, "su").test(text);
}

function toRegExp(character: string): string {
  if (character === "*") return ".*";
  if (character === "?") return ".";
  return character.replace(/[\\^$.*+?()[\]{}|/]/, "\\$&");
}

/** Matches an ARN part by part. An asterisk does not match a colon, except in the sixth and last part. */
function matchesArn(pattern: string, arn: string): boolean {
  const wanted = partsOf(pattern);
  const parts = partsOf(arn);
  return (
    wanted.length === 6 &&
    parts.length === 6 &&
    wanted.every((part, index) => matchesGlob(part, parts[index] ?? ""))
  );
}

function partsOf(arn: string): string[] {
  const parts = arn.split(":");
  return parts.length <= 6 ? parts : [...parts.slice(0, 5), parts.slice(5).join(":")];
}
