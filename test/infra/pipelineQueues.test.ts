import { describe, expect, it } from "vitest";
import * as z from "zod";
import { detailTypes } from "../../src/events/hrEvent.ts";
import { packagedPipelines } from "./packagedPipelines.ts";
import { arnOf, idOf, properties, resourcesOf } from "./packagedTemplate.ts";

const fourteenDaysInSeconds = 14 * 24 * 60 * 60;

describe.each(packagedPipelines)("the pipeline $name", ({ name, pipeline, ids }) => {
  it("has one rule, on the bus of its own, for exactly its detail-types", () => {
    const ofQueue = resourcesOf("AWS::Events::Rule").filter((rule) =>
      JSON.stringify(rule.properties.Targets).includes(arnOf(ids.queue)),
    );
    expect(ofQueue).toEqual([
      {
        id: ids.rule,
        properties: {
          EventBusName: idOf("EventBus"),
          Description: expect.any(String),
          EventPattern: { "detail-type": [...pipeline.detailTypes] },
          Targets: [
            {
              Id: ids.queue,
              Arn: arnOf(ids.queue),
              DeadLetterConfig: { Arn: arnOf(ids.deadLetterQueue) },
            },
          ],
        },
      },
    ]);
  });

  it("has an encrypted queue that hides a message for as long as AWS advises", () => {
    expect(properties(ids.queue)).toEqual({
      QueueName: `\${AWS::StackName}-${name}`,
      SqsManagedSseEnabled: true,
      MessageRetentionPeriod: fourteenDaysInSeconds,
      VisibilityTimeout: expect.toSatisfy(
        (seconds: number) => seconds >= 6 * pipeline.timeoutSeconds + pipeline.windowSeconds,
      ),
      RedrivePolicy: {
        deadLetterTargetArn: arnOf(ids.deadLetterQueue),
        maxReceiveCount: expect.toSatisfy((receives: number) => receives >= 5 && receives <= 1_000),
      },
    });
  });

  it("has an encrypted dead-letter queue that keeps messages for as long as SQS can", () => {
    expect(properties(ids.deadLetterQueue)).toEqual({
      QueueName: `\${AWS::StackName}-${name}-dlq`,
      SqsManagedSseEnabled: true,
      MessageRetentionPeriod: fourteenDaysInSeconds,
    });
  });

  it.each([ids.queue, ids.deadLetterQueue])(
    "lets its rule alone send to %s, and nobody without TLS",
    (queue) => {
      const policies = resourcesOf("AWS::SQS::QueuePolicy").filter((policy) =>
        JSON.stringify(policy.properties.Queues).includes(idOf(queue)),
      );
      expect(policies.map((policy) => policy.properties)).toEqual([
        {
          Queues: [idOf(queue)],
          PolicyDocument: {
            Version: "2012-10-17",
            Statement: [
              {
                Sid: expect.any(String),
                Effect: "Allow",
                Principal: { Service: "events.amazonaws.com" },
                Action: ["sqs:SendMessage"],
                Resource: arnOf(queue),
                Condition: { ArnEquals: { "aws:SourceArn": arnOf(ids.rule) } },
              },
              {
                Sid: expect.any(String),
                Effect: "Deny",
                Principal: "*",
                Action: ["sqs:*"],
                Resource: arnOf(queue),
                Condition: { Bool: { "aws:SecureTransport": "false" } },
              },
            ],
          },
        },
      ]);
    },
  );
});

it("routes every kind of HR event to one pipeline and no more", () => {
  const routed = resourcesOf("AWS::Events::Rule").flatMap(({ properties: { EventPattern } }) => {
    const pattern = z.object({ "detail-type": z.array(z.string()) }).safeParse(EventPattern);
    return pattern.data?.["detail-type"] ?? [];
  });
  expect(routed.toSorted()).toEqual(detailTypes.toSorted());
});
