import { describe, expect, it } from "vitest";
import { template } from "../../src/infra/template.ts";

function alarms(alarmTopicArn?: string) {
  const { Resources } = template({ alarmTopicArn }).resources;
  const all = Object.values(Resources).filter(({ Type }) => Type === "AWS::CloudWatch::Alarm");
  expect(all.length).toBeGreaterThan(0);
  return all.map(({ Properties: { AlarmActions, OKActions } }) => ({ AlarmActions, OKActions }));
}

describe("an alarm", () => {
  it("notifies the topic when it is raised and when it ends", () => {
    const topic = "arn:aws:sns:eu-central-1:123456789012:on-call";
    const actions = { AlarmActions: [topic], OKActions: [topic] };
    expect(alarms(topic)).toEqual(alarms(topic).map(() => actions));
  });

  it("notifies nobody if there is no topic", () => {
    const nobody = { AlarmActions: undefined, OKActions: undefined };
    expect(alarms()).toEqual(alarms().map(() => nobody));
  });
});
