import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { packageService } from "../../dev/service/packageService.ts";
import { everythingOn } from "../packagedService.ts";
import { arnOf, idOf, type Resource, readResources, resources } from "./packagedTemplate.ts";
import { statementsIn } from "./policyStatements.ts";

const longestStage = "s".repeat(44);

/** The packaged resources by stage, every parameter given. That of the longest stage is a first deployment. */
const packaged: Record<string, Record<string, Resource>> = { dev: resources };
const folders: string[] = [];

async function packageStage(stage: string, parameters: Record<string, string>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "rollcall-stage-"));
  folders.push(folder);
  await packageService(folder, { stage, parameters });
  return folder;
}

beforeAll(async () => {
  const folder = await packageStage(longestStage, {
    ...everythingOn,
    alarmTopicArn: "arn:aws:sns:us-east-1:123456789012:alarms",
    firstDeployment: "true",
  });
  packaged[longestStage] = readResources(folder);
});
afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true });
});

describe.each(["dev", longestStage])("the packaged template of the stage %s", (stage) => {
  it("has no name that AWS finds too long, and no kind of name whose limit is not known here", () => {
    const names = namesIn(packaged[stage] ?? {}, `rollcall-${stage}`);
    expect(names.filter(({ limit }) => limit === undefined)).toEqual([]);
    expect(names.filter(({ name, limit = 0 }) => name.length > limit)).toEqual([]);
    expect(names.length).toBeGreaterThan(50);
  });

  it("lets every function that may send to a queue which triggers it do so, and tells when Lambda stops one", () => {
    const inLoops = functionsInLoops(packaged[stage] ?? {});
    const allowed = ofType(packaged[stage] ?? {}, "AWS::Lambda::Function")
      .filter(([, { Properties }]) => Properties.RecursiveLoop === "Allow")
      .map(([id]) => id);
    const watched = ofType(packaged[stage] ?? {}, "AWS::CloudWatch::Alarm")
      .filter(([, { Properties }]) => Properties.MetricName === "RecursiveInvocationsDropped")
      .map(([, { Properties }]) => JSON.stringify(Properties.Dimensions));
    expect(inLoops.length).toBeGreaterThan(0);
    expect(allowed.toSorted()).toEqual(inLoops);
    expect(watched.toSorted()).toEqual(
      inLoops.map((id) => JSON.stringify([{ Name: "FunctionName", Value: idOf(id) }])),
    );
  });

  it("retains nothing that a deployment has created which is rolled back", () => {
    const kept = Object.entries(packaged[stage] ?? {}).flatMap(([id, { DeletionPolicy = "Delete" }]) =>
      DeletionPolicy === "Delete" ? [] : [[id, DeletionPolicy]],
    );
    expect(kept).toEqual([["LedgerTable", "RetainExceptOnCreate"]]);
  });
});

it("nothing is protected from the roll-back of a first deployment, and the table is from the next one on", () => {
  const protection = (stage: string) =>
    Object.entries(packaged[stage] ?? {}).flatMap(([id, { Properties }]) =>
      Object.entries(Properties)
        .filter(([name]) => /DeletionProtection/.test(name))
        .map(([, value]) => [id, value]),
    );
  expect({ first: protection(longestStage), next: protection("dev") }).toEqual({
    first: [["LedgerTable", false]],
    next: [["LedgerTable", true]],
  });
});

it("a longer stage is refused when packaging, and the longest that fits is told", async () => {
  await expect(packageStage(`${longestStage}s`, everythingOn)).rejects.toThrow(
    /expected a stage of at most 44 characters; got "s{45}", which has 45\. The function rollcall-s{45}-publishDue would have 65/,
  );
});

function ofType(all: Record<string, Resource>, type: string): [string, Resource][] {
  return Object.entries(all).filter(([, { Type }]) => Type === type);
}

/** The limits of AWS, by the property that names a resource. */
const limits: Readonly<Record<string, number>> = {
  "AWS::Lambda::Function FunctionName": 64,
  "AWS::IAM::Role RoleName": 64,
  "AWS::Events::Rule Name": 64,
  "AWS::SQS::Queue QueueName": 80,
  "AWS::CloudWatch::Alarm AlarmName": 255,
  "AWS::CloudWatch::Dashboard DashboardName": 255,
  "AWS::DynamoDB::Table TableName": 255,
  "AWS::Events::EventBus Name": 256,
  "AWS::Logs::LogGroup LogGroupName": 512,
  "AWS::S3::Bucket BucketName": 63,
};

/** Properties that say which other resource, or which metric, is meant. */
const references =
  /^AWS::(CloudWatch::Alarm MetricName|Events::Rule EventBusName|Lambda::\w+ FunctionName|IAM::Policy\w* PolicyName)$/;

function namesIn(all: Record<string, Resource>, stackName: string) {
  return Object.values(all).flatMap(({ Type, Properties }) =>
    Object.entries(Properties).flatMap(([property, value]) => {
      const kind = `${Type} ${property}`;
      if (!/Name$/.test(property) || (references.test(kind) && limits[kind] === undefined)) return [];
      const name = String(value).replaceAll(idOf("AWS::StackName"), stackName);
      return [{ kind, name, limit: limits[kind] }];
    }),
  );
}

/**
 * Functions whose messages can come back to them by way of queues: what a role may send to a queue, a mapping hands on. Lambda
 * detects such loops; it does not follow events through EventBridge or DynamoDB.
 */
function functionsInLoops(all: Record<string, Resource>): string[] {
  const functions = ofType(all, "AWS::Lambda::Function");
  const mappings = ofType(all, "AWS::Lambda::EventSourceMapping").map(([, { Properties }]) => Properties);
  const next = new Map(
    functions.map(([id, { Properties }]) => {
      const role = Object.entries(all).find(([roleId]) => Properties.Role === arnOf(roleId))?.[1];
      const sendsTo = statementsIn(role?.Properties)
        .filter(({ Effect, Action }) => Effect === "Allow" && Action.some(isSending))
        .flatMap(({ Resource }) => Resource);
      const triggered = mappings.filter(
        ({ EventSourceArn }) => sendsTo.includes("*") || sendsTo.includes(String(EventSourceArn)),
      );
      return [id, functions.flatMap(([other]) => (triggered.some(runs(other)) ? [other] : []))];
    }),
  );
  const reach = (id: string, seen = new Set<string>()): Set<string> => {
    for (const other of next.get(id) ?? []) if (!seen.has(other)) reach(other, seen.add(other));
    return seen;
  };
  return [...next.keys()].filter((id) => reach(id).has(id)).toSorted();
}

const isSending = (action: string) => ["sqs:SendMessage", "sqs:*", "*"].includes(action);
const runs =
  (functionId: string) =>
  ({ FunctionName }: Resource["Properties"]) =>
    [arnOf(functionId), idOf(functionId)].includes(String(FunctionName));
