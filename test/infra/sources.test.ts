import { describe, expect, it } from "vitest";
import { flattenEvent, matchPattern } from "../../packages/aws-local/eventbridge/pattern/matchPattern.ts";
import { parsePattern } from "../../packages/aws-local/eventbridge/pattern/parsePattern.ts";
import { template } from "../../src/infra/template.ts";
import { oktaEvent } from "../inbound/fixtures/okta.ts";
import { arnOf, idOf, properties, resourcesOf } from "./packagedTemplate.ts";

const allow = (Resource: string | string[], ...Action: string[]) => ({
  Sid: expect.any(String),
  Effect: "Allow",
  Action,
  Resource,
});

function statementsOf(role: string) {
  return properties(role)?.Policies;
}

const policy = (PolicyName: string, Statement: object[]) => [
  { PolicyName, PolicyDocument: { Version: "2012-10-17", Statement } },
];

it("nothing listens to vendors or to Okta unless it is asked to", () => {
  const { functions, resources } = template({});
  const ofSources = /webhook|okta|Url/i;
  const names = [...Object.keys(functions), ...Object.keys(resources.Resources)];
  expect(names.filter((name) => ofSources.test(name))).toEqual([]);
});

describe("the function that receives webhooks", () => {
  const parameter = (name: string) =>
    `arn:${idOf("AWS::Partition")}:ssm:${idOf("AWS::Region")}:${idOf("AWS::AccountId")}:parameter/${idOf("AWS::StackName")}/webhooks/${name}`;

  it("has the only URL, for vendors cannot sign as AWS does", () => {
    expect(resourcesOf("AWS::Lambda::Url").map(({ properties }) => properties)).toEqual([
      { AuthType: "NONE", TargetFunctionArn: arnOf("WebhookLambdaFunction") },
    ]);
  });

  it("limits what strangers can make it cost, and knows where the secrets are but none of them", () => {
    expect(properties("WebhookLambdaFunction")).toMatchObject({
      ReservedConcurrentExecutions: 5,
      Timeout: 25,
      Environment: {
        Variables: {
          LOG_LEVEL: "INFO",
          POWERTOOLS_SERVICE_NAME: idOf("AWS::StackName"),
          EVENT_BUS_NAME: idOf("EventBus"),
          PARAMETERS_PATH: `/${idOf("AWS::StackName")}/webhooks`,
          TABLE_NAME: idOf("LedgerTable"),
          POLICY_FILE: "policy.yml",
        },
      },
    });
  });

  it("may publish, read the vendors' parameters, keep one token and recall people's addresses, and nothing else", () => {
    expect(statementsOf("WebhookRole")).toEqual(
      policy("webhook", [
        allow(arnOf("WebhookLogGroup"), "logs:CreateLogStream", "logs:PutLogEvents"),
        allow(arnOf("EventBus"), "events:PutEvents"),
        allow(["bamboohr", "hibob", "gusto"].map(parameter), "ssm:GetParameter"),
        allow(parameter("gusto-verification"), "ssm:PutParameter"),
        {
          ...allow(arnOf("LedgerTable"), "dynamodb:GetItem"),
          Condition: {
            "ForAllValues:StringLike": { "dynamodb:LeadingKeys": ["person#*"] },
            "ForAllValues:StringEquals": { "dynamodb:Attributes": ["pk", "sk", "email", "settledEventId"] },
            StringEqualsIfExists: { "dynamodb:Select": "SPECIFIC_ATTRIBUTES" },
          },
        },
        allow(`${arnOf("LedgerTable")}/index/email`, "dynamodb:Query"),
      ]),
    );
  });
});

describe("the queue and function for Okta's events", () => {
  const [rule] = resourcesOf("AWS::Events::Rule").filter(({ id }) => id === "OktaRule");
  const pattern = parsePattern(rule?.properties.EventPattern);
  const matches = (event: object) => matchPattern(pattern, flattenEvent(event));

  it("have a rule on the partner's bus, with a dead-letter queue", () => {
    expect(rule?.properties).toMatchObject({
      EventBusName: "aws.partner/okta.com/acme/stream1",
      Targets: [{ Arn: arnOf("OktaQueue"), DeadLetterConfig: { Arn: arnOf("OktaDeadLetterQueue") } }],
    });
    const mappings = resourcesOf("AWS::Lambda::EventSourceMapping").map(({ properties }) => properties);
    expect(mappings).toContainEqual(
      expect.objectContaining({
        EventSourceArn: arnOf("OktaQueue"),
        FunctionName: arnOf("OktaLambdaFunction"),
        FunctionResponseTypes: ["ReportBatchItemFailures"],
      }),
    );
  });

  it("match what changes access, in either spelling of the detail-type", () => {
    const lifecycle = ["activate", "deactivate", "reactivate", "suspend", "unsuspend"];
    const events = lifecycle.map((verb) => oktaEvent({ eventType: `user.lifecycle.${verb}` }));
    const spelt = oktaEvent({}, { "detail-type": "System Log" });
    expect([...events, spelt].map(matches)).toEqual([true, true, true, true, true, true]);
  });

  it("match nothing else, and nothing that did not succeed", () => {
    const events = [
      oktaEvent({ eventType: "user.lifecycle.create" }),
      oktaEvent({ eventType: "user.session.start" }),
      oktaEvent({ eventType: "application.user_membership.remove" }),
      oktaEvent({ outcome: { result: "FAILURE" } }),
      oktaEvent({}, { source: "aws.partner/auth0.com/acme/stream1" }),
    ];
    expect(events.map(matches)).toEqual([false, false, false, false, false]);
  });

  it("may drain its queue and publish, and nothing else", () => {
    expect(statementsOf("OktaRole")).toEqual(
      policy("okta", [
        allow(arnOf("OktaLogGroup"), "logs:CreateLogStream", "logs:PutLogEvents"),
        allow(
          arnOf("OktaQueue"),
          "sqs:ReceiveMessage",
          "sqs:DeleteMessage",
          "sqs:GetQueueAttributes",
          "sqs:ChangeMessageVisibility",
        ),
        allow([arnOf("OktaDeadLetterQueue"), arnOf("OktaQueue")], "sqs:SendMessage"),
        allow(arnOf("EventBus"), "events:PutEvents"),
      ]),
    );
  });
});
