import { describe, expect, it } from "vitest";
import * as z from "zod";
import { metricUnits } from "../../src/observability/metricTable.ts";
import { packagedPipelines } from "./packagedPipelines.ts";
import { idOf, resourcesOf } from "./packagedTemplate.ts";

const alarmSchema = z.object({
  AlarmName: z.templateLiteral([idOf("AWS::StackName"), "-", z.string()]),
  AlarmDescription: z.string().min(20),
  Namespace: z.string(),
  MetricName: z.string(),
  Dimensions: z.array(z.object({ Name: z.string(), Value: z.string() })),
  Statistic: z.string(),
  Threshold: z.number(),
  Period: z.number(),
  EvaluationPeriods: z.number(),
  ComparisonOperator: z.enum(["GreaterThanThreshold", "LessThanThreshold"]),
  TreatMissingData: z.string(),
});
const alarms = resourcesOf("AWS::CloudWatch::Alarm").map(({ properties }) => alarmSchema.parse(properties));

/** An alarm in one line. It says so where missing data raises the alarm. */
function lineOf(alarm: z.output<typeof alarmSchema>): string {
  const { Namespace, MetricName, Dimensions, Statistic, Threshold, Period, EvaluationPeriods } = alarm;
  const dimensions = Dimensions.map(({ Name, Value }) => `${Name}=${Value}`).join(",");
  const compared = alarm.ComparisonOperator === "GreaterThanThreshold" ? ">" : "<";
  const missing = alarm.TreatMissingData === "notBreaching" ? "" : `, missing is ${alarm.TreatMissingData}`;
  return `${Statistic}(${Namespace} ${MetricName} ${dimensions}) ${compared} ${Threshold} for ${EvaluationPeriods} x ${Period} s${missing}`;
}

/** The alarms whose name begins so, by the rest of their name. */
function alarmsOf(prefix: string): Record<string, string> {
  const start = `${idOf("AWS::StackName")}-${prefix}`;
  const found = alarms.filter(({ AlarmName }) => AlarmName.startsWith(start));
  return Object.fromEntries(found.map((alarm) => [alarm.AlarmName.slice(start.length), lineOf(alarm)]));
}

const service = `service=${idOf("AWS::StackName")}`;

it("every command in an alarm's description names the stack, the region and the account of the alarm", () => {
  const commands = alarms.flatMap(
    ({ AlarmDescription }) => AlarmDescription.match(/`rollcall [^`]*`/g) ?? [],
  );
  const [stack, region, account] = ["StackName", "Region", "AccountId"].map((name) => idOf(`AWS::${name}`));
  const place = `--region ${region} --aws-account ${account}`;
  const named = [`--table ${stack}-ledger`, `--stack ${stack}`, `--bus ${stack}`].map(
    (name) => `${name} ${place}`,
  );
  expect(commands.length).toBeGreaterThan(10);
  expect(commands.filter((command) => !named.some((words) => command.endsWith(` ${words}\``)))).toEqual([]);
  expect(alarms.filter(({ AlarmDescription }) => AlarmDescription.length > 1024)).toEqual([]);
});

describe.each(packagedPipelines)("the pipeline $name", ({ name, pipeline, ids }) => {
  const own = `${service},pipeline=${name}`;
  const objective = pipeline.objectiveSeconds;

  it("raises an alarm at whatever keeps people's access from following HR", () => {
    expect(alarmsOf(`${name}-`)).toEqual({
      "dead-letters": `Maximum(AWS/SQS ApproximateNumberOfMessagesVisible QueueName=\${${ids.deadLetterQueue}.QueueName}) > 0 for 1 x 60 s`,
      late: `Maximum(AWS/SQS ApproximateAgeOfOldestMessage QueueName=\${${ids.queue}.QueueName}) > ${objective} for 1 x 60 s`,
      "keeps-failing": `Maximum(Rollcall OldestUnsettledSeconds ${own}) > ${objective} for 1 x 1800 s`,
      refused: `Sum(Rollcall ConfigurationRefused ${own}) > 0 for 1 x 1800 s`,
      "person-ambiguous": `Sum(Rollcall PersonAmbiguous ${own}) > 0 for 1 x 300 s`,
      "function-fails": `Sum(AWS/Lambda Errors FunctionName=${idOf(ids.function)}) > 0 for 1 x 300 s`,
      "loop-stopped": `Sum(AWS/Lambda RecursiveInvocationsDropped FunctionName=${idOf(ids.function)}) > 0 for 1 x 300 s`,
      "batch-fails": `Maximum(Rollcall BatchesFailed ${own}) > 0 for 1 x 300 s`,
    });
  });
});

it("leavers raise an alarm when they are late, and for as long as the safeguard's latch is closed", () => {
  const own = `${service},pipeline=offboard`;
  expect({ ...alarmsOf("leavers-"), ...alarmsOf("latch-") }).toEqual({
    late: `Maximum(Rollcall EventToAppliedSeconds ${own}) > 14400 for 1 x 1800 s`,
    closed: `Maximum(Rollcall LatchClosed ${service}) > 0 for 1 x 60 s`,
  });
});

it("an alarm lasts for as long as a pause is in force", () => {
  expect(alarmsOf("paused")).toEqual({ "": `Maximum(Rollcall PausesInForce ${service}) > 0 for 1 x 60 s` });
});

it("the publishing of due decisions raises an alarm when it fails, leaves some, or does not run", () => {
  const fn = `FunctionName=${idOf("PublishDueLambdaFunction")}`;
  expect(alarmsOf("publish-due-")).toEqual({
    fails: `Sum(AWS/Lambda Errors ${fn}) > 0 for 1 x 60 s`,
    "leaves-some": `Maximum(Rollcall DueNotPublished ${service}) > 0 for 5 x 60 s`,
    "does-not-run": `Sum(AWS/Lambda Invocations ${fn}) < 1 for 1 x 300 s, missing is breaching`,
  });
});

it("no alarm has a name twice, looks at a metric that nobody writes, or has a period that CloudWatch refuses", () => {
  const names = alarms.map(({ AlarmName }) => AlarmName);
  const unknown = alarms.filter(
    ({ Namespace, MetricName }) => Namespace === "Rollcall" && !Object.hasOwn(metricUnits, MetricName),
  );
  const refused = alarms.filter(({ Period }) => Period % 60 !== 0);
  expect([new Set(names).size, unknown, refused]).toEqual([names.length, [], []]);
});

it("the functions that receive events raise an alarm when they fail, reject a request or publish no event", () => {
  const names = ["webhook-fails", "webhooks-refused", "source-events-not-published"];
  const lines = names.flatMap((name) => Object.values(alarmsOf(name)));
  expect([...lines, alarmsOf("okta-")]).toEqual([
    `Sum(AWS/Lambda Errors FunctionName=${idOf("WebhookLambdaFunction")}) > 0 for 1 x 300 s`,
    `Sum(Rollcall WebhooksRefused ${service}) > 0 for 1 x 300 s`,
    `Sum(Rollcall SourceEventsNotPublished ${service}) > 0 for 1 x 300 s`,
    {
      "dead-letters": `Maximum(AWS/SQS ApproximateNumberOfMessagesVisible QueueName=\${OktaDeadLetterQueue.QueueName}) > 0 for 1 x 60 s`,
      late: `Maximum(AWS/SQS ApproximateAgeOfOldestMessage QueueName=\${OktaQueue.QueueName}) > 900 for 1 x 60 s`,
      "function-fails": `Sum(AWS/Lambda Errors FunctionName=${idOf("OktaLambdaFunction")}) > 0 for 1 x 300 s`,
      "loop-stopped": `Sum(AWS/Lambda RecursiveInvocationsDropped FunctionName=${idOf("OktaLambdaFunction")}) > 0 for 1 x 300 s`,
    },
  ]);
});

it("a roster raises an alarm when it cannot be believed, read or published, is too old, is not looked at, or differs from the directory", () => {
  const fn = `FunctionName=${idOf("RosterLambdaFunction")}`;
  const twoRuns = "for 1 x 7200 s";
  expect(alarmsOf("roster-")).toEqual({
    "not-believed": `Maximum(Rollcall RosterNotBelieved ${service}) > 0 ${twoRuns}`,
    fails: `Sum(AWS/Lambda Errors ${fn}) > 0 ${twoRuns}`,
    "does-not-run": `Sum(AWS/Lambda Invocations ${fn}) < 1 ${twoRuns}, missing is breaching`,
    "too-old": `Maximum(Rollcall RosterAgeSeconds ${service}) > 172800 ${twoRuns}`,
    drift: `Maximum(Rollcall RosterDrift ${service}) > 0 ${twoRuns}`,
    unsolved: `Maximum(Rollcall RosterUnsolved ${service}) > 0 ${twoRuns}`,
    "events-not-published": `Maximum(Rollcall RosterEventsNotPublished ${service}) > 0 ${twoRuns}`,
  });
});
