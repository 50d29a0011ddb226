import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { packagedFunctions } from "./packagedFunction.ts";
import { arnOf, idOf, resources, resourcesOf } from "./packagedTemplate.ts";
import { statements } from "./policyStatements.ts";

const roles = resourcesOf("AWS::IAM::Role");

it("every table is encrypted, can be restored, and is hard to delete", () => {
  const tables = resourcesOf("AWS::DynamoDB::Table").map(({ id, properties }) => ({
    ...properties,
    DeletionPolicy: resources[id]?.DeletionPolicy,
  }));
  expect(tables).toEqual(
    tables.map(() =>
      expect.objectContaining({
        SSESpecification: { SSEEnabled: true },
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        DeletionProtectionEnabled: true,
        DeletionPolicy: "RetainExceptOnCreate",
      }),
    ),
  );
});

it("every kind of resource has been reviewed: docs/security.md says what was found", () => {
  const reviewed = [...readFileSync("docs/security.md", "utf8").matchAll(/^\| `(AWS::[\w:]+)`/gm)].map(
    ([, type]) => type,
  );
  const used = [...new Set(Object.values(resources).map(({ Type }) => Type))];
  expect(reviewed.toSorted()).toEqual(used.toSorted());
});

describe("every function", () => {
  it("runs on a version of Node.js that AWS keeps up to date", () => {
    expect(new Set(resourcesOf("AWS::Lambda::Function").map(({ properties }) => properties.Runtime))).toEqual(
      new Set(["nodejs24.x"]),
    );
  });

  it("sets no variable that is Lambda's own", () => {
    const names = packagedFunctions.flatMap(({ Environment }) => Object.keys(Environment.Variables));
    expect(names.filter((name) => /^(AWS_|LAMBDA_|_)/.test(name) || name === "TZ")).toEqual([]);
  });

  it("has a role of its own", () => {
    expect(packagedFunctions.map(({ Role }) => Role).toSorted()).toEqual(
      roles.map(({ id }) => arnOf(id)).toSorted(),
    );
  });

  it("has a log group that forgets", () => {
    const groups = resourcesOf("AWS::Logs::LogGroup").map(({ properties }) => properties);
    expect(groups).toEqual(
      packagedFunctions.map(({ FunctionName }) => ({
        LogGroupName: `/aws/lambda/${FunctionName}`,
        RetentionInDays: expect.toSatisfy((days: number) => days >= 1 && days <= 365),
      })),
    );
  });

  it("has no secret in its environment", () => {
    const literals = packagedFunctions
      .flatMap(({ Environment }) => Object.entries(Environment.Variables))
      .filter(([, value]) => !value.includes("${"));
    const secretName = /secret|token|password|credential|key$/i;
    // An option of Node.js is words.
    const secretValue = /^(?!--[a-z-]+$).*[A-Za-z0-9+/=_-]{20}/;
    expect(literals.filter(([name, value]) => secretName.test(name) || secretValue.test(value))).toEqual([]);
  });
});

describe("every queue", () => {
  const queues = resourcesOf("AWS::SQS::Queue");

  it("is encrypted", () => {
    const isEncrypted = ({ properties }: (typeof queues)[number]) =>
      properties.SqsManagedSseEnabled === true || "KmsMasterKeyId" in properties;
    expect(queues.filter((queue) => !isEncrypted(queue))).toEqual([]);
  });

  it("is closed to whoever does not use TLS", () => {
    const closed = statements
      .filter(
        (statement) => JSON.stringify(statement.Condition) === '{"Bool":{"aws:SecureTransport":"false"}}',
      )
      .filter(
        ({ Effect, Action, Principal }) => Effect === "Deny" && Principal === "*" && Action.includes("sqs:*"),
      )
      .flatMap(({ Resource }) => Resource);
    expect(closed.toSorted()).toEqual(queues.map(({ id }) => arnOf(id)).toSorted());
  });

  it("has a dead-letter queue or is one", () => {
    const policies = queues.map(({ id, properties }) => ({ id, redrive: properties.RedrivePolicy }));
    const deadLetterQueues = JSON.stringify(policies.map(({ redrive }) => redrive));
    const homeless = policies.filter(
      ({ id, redrive }) => redrive === undefined && !deadLetterQueues.includes(`"${arnOf(id)}"`),
    );
    expect(homeless).toEqual([]);
  });
});

it("every rule that sends to a queue has a dead-letter queue for what the queue does not take", () => {
  const queueArns = resourcesOf("AWS::SQS::Queue").map(({ id }) => arnOf(id));
  const target = z.object({ Arn: z.string(), DeadLetterConfig: z.unknown().optional() });
  const lossy = resourcesOf("AWS::Events::Rule")
    .flatMap(({ properties }) => z.array(target).parse(properties.Targets))
    .filter(({ Arn, DeadLetterConfig }) => queueArns.includes(Arn) && DeadLetterConfig === undefined);
  expect(lossy).toEqual([]);
});

it("every mapping reports the failures of single messages", () => {
  const deaf = resourcesOf("AWS::Lambda::EventSourceMapping").filter(
    ({ properties }) => JSON.stringify(properties.FunctionResponseTypes) !== '["ReportBatchItemFailures"]',
  );
  expect(deaf).toEqual([]);
});

it("every bucket is encrypted, private and closed to whoever does not use TLS", () => {
  const buckets = resourcesOf("AWS::S3::Bucket");
  const isPrivate = {
    BlockPublicAcls: true,
    BlockPublicPolicy: true,
    IgnorePublicAcls: true,
    RestrictPublicBuckets: true,
  };
  for (const { properties } of buckets) {
    expect(properties).toMatchObject({
      BucketEncryption: expect.anything(),
      PublicAccessBlockConfiguration: isPrivate,
    });
  }
  const policies = resourcesOf("AWS::S3::BucketPolicy").map(({ properties }) => properties);
  expect(policies.map(({ Bucket }) => Bucket)).toEqual(buckets.map(({ id }) => idOf(id)));
  expect(JSON.stringify(policies)).toContain('"aws:SecureTransport":false');
});
