import { describe, expect, it } from "vitest";
import { directoryActions } from "./directoryActions.ts";
import { packagedPipelines } from "./packagedPipelines.ts";
import { arnOf, idOf, properties, resourcesOf } from "./packagedTemplate.ts";

describe.each(packagedPipelines)("the pipeline $name", ({ name, pipeline, ids }) => {
  it("has a function that knows its pipeline, its queues and the policy", () => {
    expect(properties(ids.function)).toMatchObject({
      Runtime: "nodejs24.x",
      Timeout: pipeline.timeoutSeconds,
      MemorySize: pipeline.memoryMegabytes,
      Role: arnOf(ids.role),
      Environment: {
        Variables: {
          LOG_LEVEL: "INFO",
          POWERTOOLS_SERVICE_NAME: idOf("AWS::StackName"),
          PIPELINE: name,
          QUEUE_URL: idOf(ids.queue),
          DEAD_LETTER_QUEUE_URL: idOf(ids.deadLetterQueue),
          TABLE_NAME: idOf("LedgerTable"),
          POLICY_FILE: "policy.yml",
        },
      },
    });
  });

  it("has a role that may do exactly what the function does", () => {
    const allow = (Resource: string | string[], ...Action: string[]) => ({
      Sid: expect.any(String),
      Effect: "Allow",
      Action,
      Resource,
    });
    expect(properties(ids.role)).toEqual({
      AssumeRolePolicyDocument: {
        Version: "2012-10-17",
        Statement: [
          { Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: ["sts:AssumeRole"] },
        ],
      },
      Policies: [
        {
          PolicyName: name,
          PolicyDocument: {
            Version: "2012-10-17",
            Statement: [
              // A log group's ARN ends in `:*` by itself: the streams in it.
              allow(arnOf(ids.logGroup), "logs:CreateLogStream", "logs:PutLogEvents"),
              // The first three are for the event source mapping, which reads the queue with the function's role.
              allow(
                arnOf(ids.queue),
                "sqs:ReceiveMessage",
                "sqs:DeleteMessage",
                "sqs:GetQueueAttributes",
                "sqs:ChangeMessageVisibility",
              ),
              // Its own queue, for what is sent anew after too many receives.
              allow([arnOf(ids.deadLetterQueue), arnOf(ids.queue)], "sqs:SendMessage"),
              // Single items and batches of keys: no drain ever scans, or queries anything but its own unfinished lots, the hashes of forgotten people, and the index by address.
              allow(
                arnOf("LedgerTable"),
                "dynamodb:BatchGetItem",
                "dynamodb:BatchWriteItem",
                "dynamodb:DeleteItem",
                "dynamodb:GetItem",
                "dynamodb:PartiQLDelete",
                "dynamodb:PartiQLInsert",
                "dynamodb:PartiQLUpdate",
                "dynamodb:PutItem",
                "dynamodb:UpdateItem",
              ),
              {
                ...allow(arnOf("LedgerTable"), "dynamodb:Query"),
                Condition: {
                  "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": [`lots#${name}`, "forgotten"] },
                },
              },
              // Whose an earlier address is today.
              allow(`${arnOf("LedgerTable")}/index/email`, "dynamodb:Query"),
              // Chime's user administration has no resource types, so AWS accepts nothing narrower than "*".
              allow("*", ...directoryActions[name]),
            ],
          },
        },
      ],
    });
  });

  it("drains its queue in batches, with partial failures, as the table says", () => {
    const mappings = resourcesOf("AWS::Lambda::EventSourceMapping").filter(
      (mapping) => mapping.properties.EventSourceArn === arnOf(ids.queue),
    );
    expect(mappings.map((mapping) => mapping.properties)).toEqual([
      {
        EventSourceArn: arnOf(ids.queue),
        FunctionName: arnOf(ids.function),
        Enabled: true,
        FunctionResponseTypes: ["ReportBatchItemFailures"],
        BatchSize: pipeline.batchSize,
        MaximumBatchingWindowInSeconds: pipeline.windowSeconds,
        ScalingConfig: { MaximumConcurrency: pipeline.maximumConcurrency },
      },
    ]);
  });
});
