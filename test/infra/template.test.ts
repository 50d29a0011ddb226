import { describe, expect, it } from "vitest";
import { template } from "../../src/infra/template.ts";

function alarms(alarmTopicArn?: string) {
  const { Resources } = template({ alarmTopicArn }).resources;
  const all = Object.values(Resources).filter(({ Type }) => Type === "AWS::CloudWatch::Alarm");
  expect(all.length).toBeGreaterThan(0);
  return all.map(({ Properties: { AlarmActions, OKActions } }) => ({ AlarmActions, OKActions }));
}

describe("an alarm", () => {
  it("tells the topic that it is given when it goes off and when it is over", () => {
    const topic = "arn:aws:sns:eu-central-1:123456789012:on-call";
    const told = { AlarmActions: [topic], OKActions: [topic] };
    expect(alarms(topic)).toEqual(alarms(topic).map(() => told));
  });

  it("tells nobody if there is no topic", () => {
    const nobody = { AlarmActions: undefined, OKActions: undefined };
    expect(alarms()).toEqual(alarms().map(() => nobody));
  });
});
