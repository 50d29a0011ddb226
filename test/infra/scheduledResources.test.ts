import { describe, expect, it } from "vitest";
import { chimeKind } from "../../src/directory/chime/chimeKind.ts";
import { rosterResources } from "../../src/infra/scheduledResources.ts";
import { template } from "../../src/infra/template.ts";
import { arnOf, idOf, properties, resourcesOf } from "./packagedTemplate.ts";

const allow = (Resource: string, ...Action: string[]) => ({
  Sid: expect.any(String),
  Effect: "Allow",
  Action,
  Resource,
});
const ofPeople = {
  "ForAllValues:StringLike": { "dynamodb:LeadingKeys": ["person#*"] },
  "ForAllValues:StringEquals": { "dynamodb:Attributes": ["pk", "sk", "email", "settledAs", "addresses"] },
  StringEqualsIfExists: { "dynamodb:Select": "SPECIFIC_ATTRIBUTES" },
};
const ofRosters = { "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": ["roster"] } };

it("no roster is reconciled unless its parameters are given", () => {
  const { functions, resources } = template({});
  const names = [...Object.keys(functions), ...Object.keys(resources.Resources)];
  expect(names.filter((name) => /roster/i.test(name))).toEqual([]);
});

describe("the function that reconciles a roster", () => {
  it("runs every hour, one at a time, with time and memory for 100,000 people", () => {
    expect(properties("RosterLambdaFunction")).toMatchObject({
      ReservedConcurrentExecutions: 1,
      Timeout: 900,
      MemorySize: 1024,
      Environment: {
        Variables: {
          LOG_LEVEL: "INFO",
          POWERTOOLS_SERVICE_NAME: idOf("AWS::StackName"),
          ROSTER_BUCKET: "acme-hr",
          ROSTER_OBJECT: "exports/workers.csv",
          ROSTER_MODE: "sync",
          TABLE_NAME: idOf("LedgerTable"),
          POLICY_FILE: "policy.yml",
          EVENT_BUS_NAME: idOf("EventBus"),
        },
      },
    });
    const schedules = resourcesOf("AWS::Events::Rule").flatMap(({ properties }) =>
      JSON.stringify(properties.Targets).includes(arnOf("RosterLambdaFunction"))
        ? [[properties.ScheduleExpression, properties.State]]
        : [],
    );
    expect(schedules).toEqual([["rate(1 hour)", "ENABLED"]]);
  });

  it("may read one object and the directory, remember rosters and publish, and nothing else", () => {
    const object = `arn:${idOf("AWS::Partition")}:s3:::acme-hr/exports/workers.csv`;
    const Statement = [
      allow(arnOf("RosterLogGroup"), "logs:CreateLogStream", "logs:PutLogEvents"),
      allow(object, "s3:GetObject"),
      { ...allow(arnOf("LedgerTable"), "dynamodb:GetItem", "dynamodb:PutItem"), Condition: ofRosters },
      { ...allow(arnOf("LedgerTable"), "dynamodb:BatchGetItem"), Condition: ofPeople },
      allow(`${arnOf("LedgerTable")}/index/email`, "dynamodb:Query"),
      allow("*", "chime:GetAccount", "chime:ListUsers"),
      allow(arnOf("EventBus"), "events:PutEvents"),
    ];
    expect(properties("RosterRole")?.Policies).toEqual([
      { PolicyName: "roster", PolicyDocument: { Version: "2012-10-17", Statement } },
    ]);
  });

  it("may write nowhere and publish nothing where it only reports", () => {
    const reporting = { bucket: "b-b", key: "k", sync: false, rate: "rate(1 hour)", rateSeconds: 3600 };
    const role = JSON.stringify(
      rosterResources(reporting, { kinds: [chimeKind], secrets: [] }, undefined).RosterRole,
    );
    expect(role.match(/"[a-z0-9]+:[A-Z][A-Za-z]+"/g)).toEqual([
      '"sts:AssumeRole"',
      '"logs:CreateLogStream"',
      '"logs:PutLogEvents"',
      '"s3:GetObject"',
      '"dynamodb:GetItem"',
      '"dynamodb:LeadingKeys"',
      '"dynamodb:BatchGetItem"',
      '"dynamodb:LeadingKeys"',
      '"dynamodb:Attributes"',
      '"dynamodb:Select"',
      '"dynamodb:Query"',
      '"chime:GetAccount"',
      '"chime:ListUsers"',
    ]);
  });
});
