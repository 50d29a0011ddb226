import { expect, it } from "vitest";
import { template } from "../../src/infra/template.ts";
import { policySchema } from "../../src/policy/policy.ts";

function alarmsOf(options: { webhooks?: boolean; oktaBusName?: string }, sources?: object) {
  const accounts = [{ id: "team", domains: ["example.com"] }];
  const policy = policySchema.parse({ accounts, ...(sources && { sources }) });
  const { resources } = template({ ...options, policy, alarmTopicArn: "arn:topic" });
  return Object.entries(resources.Resources)
    .filter(([id]) => id.startsWith("SourceSilent"))
    .map(
      ([
        ,
        {
          Properties: { AlarmDescription: _, ...properties },
        },
      ]) => properties,
    );
}

const sources = { hibob: { silentHours: 72 }, gusto: { observe: true }, okta: { silentHours: 24 } };
const both = { webhooks: true, oktaBusName: "aws.partner/okta.com/acme/stream1" };

/** No value in any of so many hours raises it: a missing one is a zero, and no value at all is breaching. */
function silentFor(hours: number, name: string, Metric: object) {
  return {
    AlarmName: { "Fn::Sub": `\${AWS::StackName}-source-silent-${name}` },
    Metrics: [
      { Id: "sparse", MetricStat: { Metric, Period: 3600, Stat: "Sum" }, ReturnData: false },
      { Id: "filled", Expression: "FILL(sparse, 0)", ReturnData: true },
    ],
    EvaluationPeriods: hours,
    ComparisonOperator: "LessThanThreshold",
    Threshold: 1,
    TreatMissingData: "breaching",
    AlarmActions: ["arn:topic"],
    OKActions: ["arn:topic"],
  };
}

it("a source that the policy watches raises an alarm when it has been silent for longer than its hours", () => {
  expect(alarmsOf(both, sources)).toEqual([
    silentFor(72, "hibob", {
      Namespace: "Rollcall",
      MetricName: "SourceHeard",
      Dimensions: [
        { Name: "service", Value: { Ref: "AWS::StackName" } },
        { Name: "source", Value: "hibob" },
      ],
    }),
    silentFor(24, "okta", {
      Namespace: "AWS/Lambda",
      MetricName: "Invocations",
      Dimensions: [{ Name: "FunctionName", Value: { Ref: "OktaLambdaFunction" } }],
    }),
  ]);
});

it("no other source does, nor one that the stack does not receive", () => {
  const namesOf = (found: ReturnType<typeof alarmsOf>) => found.map(({ AlarmName }) => AlarmName);
  const name = (origin: string) => ({ "Fn::Sub": `\${AWS::StackName}-source-silent-${origin}` });
  expect([
    alarmsOf(both),
    alarmsOf({}, sources),
    namesOf(alarmsOf({ webhooks: true }, sources)),
    namesOf(alarmsOf({ oktaBusName: both.oktaBusName }, sources)),
  ]).toEqual([[], [], [name("hibob")], [name("okta")]]);
});
