import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { pipelines } from "../../src/pipelines.ts";
import { packagedFunctions } from "./packagedFunction.ts";
import { arnOf, idOf, resources, resourcesOf } from "./packagedTemplate.ts";

const oneOrMore = z.union([z.string().transform((text) => [text]), z.array(z.string())]);
const statementSchema = z.looseObject({
  Effect: z.enum(["Allow", "Deny"]),
  Action: oneOrMore.default([]),
  Resource: oneOrMore.default([]),
});
type Statement = z.output<typeof statementSchema>;

/** Every policy statement, wherever in the template it stands. */
function statementsIn(value: unknown): Statement[] {
  if (typeof value !== "object" || value === null) return [];
  if ("Effect" in value) return [statementSchema.parse(value)];
  return Object.values(value).flatMap(statementsIn);
}

const statements = statementsIn(resources);
const allowed = statements.filter(({ Effect }) => Effect === "Allow");

const roles = resourcesOf("AWS::IAM::Role");

describe("what the template allows", () => {
  it("is told by what is meant, never by what is not", () => {
    const negated = ["NotAction", "NotResource", "NotPrincipal"];
    expect(statements.filter((statement) => negated.some((key) => key in statement))).toEqual([]);
  });

  it("is single actions, each by its name", () => {
    const actions = allowed.flatMap(({ Action }) => Action);
    expect(actions.filter((action) => !/^[a-z]+:[A-Z][A-Za-z]+$/.test(action))).toEqual([]);
    expect(allowed.filter(({ Action }) => Action.length === 0)).toEqual([]);
  });

  it("is for anybody in no case", () => {
    expect(
      allowed.filter(({ Principal }) => Principal === "*" || JSON.stringify(Principal)?.includes("*")),
    ).toEqual([]);
  });

  it("is for all resources only where AWS accepts nothing narrower", () => {
    // Of all that is used here, this is only Chime's user administration: it has no resource types.
    // https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonchime.html
    const unrestricted = allowed.filter(({ Resource }) => Resource.some((arn) => arn.includes("*")));
    const operations = Object.values(pipelines).map(({ operations }) =>
      operations.map((name) => `chime:${name}`),
    );
    expect(unrestricted.map(({ Action }) => Action)).toEqual(operations);
  });

  it("is in the functions' roles and the queues' policies, and nowhere else", () => {
    const grantors = new Set(
      Object.values(resources)
        .filter(({ Properties }) => statementsIn(Properties).some(({ Effect }) => Effect === "Allow"))
        .map(({ Type }) => Type),
    );
    expect(grantors).toEqual(new Set(["AWS::IAM::Role", "AWS::SQS::QueuePolicy"]));
    expect(roles.filter(({ properties }) => "ManagedPolicyArns" in properties)).toEqual([]);
  });
});

it("every role is for the functions of this account, and for nobody else", () => {
  const trusts = roles.map(({ properties }) => properties.AssumeRolePolicyDocument);
  expect(trusts).toEqual(
    roles.map(() => ({
      Version: "2012-10-17",
      Statement: [
        { Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: ["sts:AssumeRole"] },
      ],
    })),
  );
});

it("every service that may invoke a function may do so for one rule of this stack only", () => {
  const rules = resourcesOf("AWS::Events::Rule").map(({ id }) => arnOf(id));
  const permissions = resourcesOf("AWS::Lambda::Permission").map(({ properties }) => properties);
  expect(permissions).toEqual(
    permissions.map(() => ({
      FunctionName: expect.any(String),
      Action: "lambda:InvokeFunction",
      Principal: "events.amazonaws.com",
      SourceArn: expect.toSatisfy((arn: string) => rules.includes(arn)),
    })),
  );
});

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
        DeletionPolicy: "Retain",
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
    const secretValue = /[A-Za-z0-9+/=_-]{20}/;
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
