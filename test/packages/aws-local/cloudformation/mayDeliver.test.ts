import { describe, expect, it } from "vitest";
import { mayDeliver } from "../../../../packages/aws-local/cloudformation/mayDeliver.ts";
import { parseQueuePolicy } from "../../../../packages/aws-local/cloudformation/queuePolicy.ts";

const ruleArn = "arn:aws:events:us-east-1:123456789012:rule/hr/leavers";
const queueArn = "arn:aws:sqs:us-east-1:123456789012:offboard";

const allow = {
  Sid: "AllowTheRule",
  Effect: "Allow",
  Principal: { Service: "events.amazonaws.com" },
  Action: "sqs:SendMessage",
  Resource: queueArn,
  Condition: { ArnEquals: { "aws:SourceArn": ruleArn } },
};

function isAllowed(...Statement: object[]): boolean {
  return mayDeliver(parseQueuePolicy({ Statement }, ["P"]), { ruleArn, queueArn }).isAllowed;
}

describe("a statement that allows", () => {
  it.each([
    ["exactly the rule", {}],
    ["any principal", { Principal: "*" }],
    ["any AWS principal, which is the same", { Principal: { AWS: "*" } }],
    ["one of several services", { Principal: { Service: ["sns.amazonaws.com", "events.amazonaws.com"] } }],
    ["one of several actions", { Action: ["sqs:ReceiveMessage", "sqs:SendMessage"] }],
    ["every action", { Action: "*" }],
    ["an action in another spelling", { Action: "SQS:Send*" }],
    ["every queue", { Resource: "*" }],
    ["queues by a pattern", { Resource: "arn:aws:sqs:*:123456789012:off?oard" }],
    ["every caller, for want of a condition", { Condition: undefined }],
    ["rules by a pattern", { Condition: { ArnLike: { "aws:SourceArn": "arn:aws:events:*:*:rule/hr/*" } } }],
    [
      "rules by ArnEquals with a pattern, too",
      { Condition: { ArnEquals: { "AWS:sourcearn": "arn:*:*:*:*:rule/*" } } },
    ],
    ["the rule as a text", { Condition: { StringEquals: { "aws:SourceArn": [ruleArn, "other"] } } }],
    ["rules by a pattern of text", { Condition: { StringLike: { "aws:SourceArn": "*rule/hr*" } } }],
    ["the account", { Condition: { StringEquals: { "aws:SourceAccount": "123456789012" } } }],
    ["calls with TLS, which EventBridge's are", { Condition: { Bool: { "aws:SecureTransport": true } } }],
  ])("%s lets the event in", (_, change) => {
    expect(isAllowed({ ...allow, ...change })).toBe(true);
  });

  it.each([
    ["another service", { Principal: { Service: "sns.amazonaws.com" } }],
    ["an AWS account only", { Principal: { AWS: "arn:aws:iam::123456789012:root" } }],
    ["another action", { Action: "sqs:ReceiveMessage" }],
    ["another queue", { Resource: `${queueArn}-dlq` }],
    ["another rule", { Condition: { ArnEquals: { "aws:SourceArn": `${ruleArn}2` } } }],
    [
      "ARNs whose asterisk would have to reach over a colon",
      { Condition: { ArnLike: { "aws:SourceArn": "arn:*:rule/hr/leavers" } } },
    ],
    ["a text with an asterisk, by StringEquals", { Condition: { StringEquals: { "aws:SourceArn": "*" } } }],
    ["another account", { Condition: { StringEquals: { "aws:SourceAccount": "000000000000" } } }],
    ["calls without TLS", { Condition: { Bool: { "aws:SecureTransport": "false" } } }],
    [
      "two conditions of which one does not hold",
      { Condition: { ArnEquals: { "aws:SourceArn": ruleArn }, StringEquals: { "aws:SourceAccount": "0" } } },
    ],
  ])("%s does not let the event in", (_, change) => {
    expect(isAllowed({ ...allow, ...change })).toBe(false);
  });
});

describe("a statement that denies", () => {
  const deny = { Effect: "Deny", Principal: "*", Action: "sqs:*", Resource: "*" };

  it("wins over one that allows, wherever it stands", () => {
    expect([isAllowed(allow, deny), isAllowed(deny, allow)]).toEqual([false, false]);
  });

  it("does not concern EventBridge if it is about calls without TLS", () => {
    expect(isAllowed(allow, { ...deny, Condition: { Bool: { "aws:SecureTransport": "false" } } })).toBe(true);
  });
});

describe("the reason", () => {
  it("says what to add where no policy is", () => {
    expect(mayDeliver(undefined, { ruleArn, queueArn })).toEqual({
      isAllowed: false,
      reason: `No policy lets ${ruleArn} send to ${queueArn}. Add an AWS::SQS::QueuePolicy that allows sqs:SendMessage to events.amazonaws.com where aws:SourceArn is the rule.`,
    });
  });

  it("names the statement that denies, or its number", () => {
    const deny = { ...allow, Effect: "Deny" };
    const reasons = [
      { ...deny, Sid: "No" },
      { ...deny, Sid: undefined },
    ].map((statement) =>
      mayDeliver(parseQueuePolicy({ Statement: statement }, ["P"]), { ruleArn, queueArn }),
    );
    expect(reasons).toEqual([
      {
        isAllowed: false,
        reason: `Statement No of the policy of ${queueArn} denies sqs:SendMessage to events.amazonaws.com for ${ruleArn}.`,
      },
      {
        isAllowed: false,
        reason: `Statement number 0 of the policy of ${queueArn} denies sqs:SendMessage to events.amazonaws.com for ${ruleArn}.`,
      },
    ]);
  });
});

describe("a policy that is not understood in full", () => {
  it.each([
    [
      "an unknown operator",
      { Condition: { ArnNotEquals: { "aws:SourceArn": "x" } } },
      "P.Statement.0.Condition.ArnNotEquals.aws:SourceArn: expected one of the operators ArnEquals",
    ],
    [
      "an operator with IfExists",
      { Condition: { StringEqualsIfExists: { "aws:SourceArn": "x" } } },
      "StringEqualsIfExists.aws:SourceArn: expected",
    ],
    [
      "an unknown key",
      { Condition: { StringEquals: { "aws:PrincipalOrgID": "x" } } },
      "StringEquals.aws:PrincipalOrgID: expected",
    ],
    [
      "a policy variable",
      { Condition: { StringEquals: { "aws:SourceAccount": `\${aws:PrincipalAccount}` } } },
      "no policy variable",
    ],
    ["NotAction", { NotAction: "sqs:DeleteQueue" }, "NotAction"],
    ["NotPrincipal", { NotPrincipal: "*" }, "NotPrincipal"],
    ["no effect", { Effect: undefined }, "Effect"],
  ])("%s is refused", (_, change, message) => {
    expect(() => parseQueuePolicy({ Statement: { ...allow, ...change } }, ["P"])).toThrow(message);
  });
});
