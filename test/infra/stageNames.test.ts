import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkStage } from "../../src/infra/stageNames.ts";
import { template } from "../../src/infra/template.ts";

const service = "rollcall";
const made = template({ webhooks: true, oktaBusName: "aws.partner/okta.com/acme/stream1" });

describe("checkStage", () => {
  it("takes every stage of up to 44 characters, and refuses every longer one with the longest that fits", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200 }), (length) => {
        const check = () => checkStage({ service, stage: "s".repeat(length) }, made);
        if (length <= 44) expect(check).not.toThrow();
        else expect(check).toThrow(/expected a stage of at most 44 characters; got "s+", which has \d+\./);
      }),
    );
  });

  it.each([
    {
      kind: "AWS::SQS::Queue",
      property: { QueueName: { "Fn::Sub": `\${AWS::StackName}-${"q".repeat(60)}` } },
      longest: 10,
    },
    { kind: "AWS::Events::EventBus", property: { Name: { Ref: "AWS::StackName" } }, longest: 119 },
    { kind: "AWS::IAM::Role", property: { RoleName: `rollcall-${"s".repeat(120)}` }, longest: 55 },
  ])("goes by the name of $kind", ({ kind, property, longest }) => {
    const stage = "s".repeat(120);
    const resources = { Resources: { Named: { Type: kind, Properties: property } } };
    expect(() => checkStage({ service, stage }, { functions: {}, resources })).toThrow(
      `expected a stage of at most ${longest} characters`,
    );
  });
});
