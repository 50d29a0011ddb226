import { describe, expect, it } from "vitest";
import { readTemplate } from "../../../../packages/aws-local/cloudformation/readTemplate.ts";
import { TemplateError } from "../../../../packages/aws-local/cloudformation/templateDocument.ts";
import { context, sampleTemplate } from "./sampleTemplate.ts";

const sqsArn = "arn:aws:sqs:us-east-1:123456789012:";
const functionArn = "arn:aws:lambda:us-east-1:123456789012:function:rollcall-dev-leave";
const ruleArn = "arn:aws:events:us-east-1:123456789012:rule/rollcall-dev-hr/rollcall-dev-LeaveRule";

type Template = ReturnType<typeof sampleTemplate>;

/** Reads the sample after a change to it, and gives the refusal's message, or `(accepted)`. */
function refusal(change: (template: Template) => unknown): string {
  const template = sampleTemplate();
  change(template);
  try {
    readTemplate(template, context);
  } catch (error) {
    if (error instanceof TemplateError) return error.message;
    throw error;
  }
  return "(accepted)";
}

function set(logicalId: string, properties: Record<string, unknown>) {
  return (template: Template) => {
    const resource = template.Resources[logicalId];
    if (resource === undefined) throw new Error(`The sample has no ${logicalId}.`);
    resource.Properties = { ...resource.Properties, ...properties };
  };
}

describe("the model of a packaged template", () => {
  const model = readTemplate(sampleTemplate(), context);

  it("has the queues with their policies", () => {
    const policy = {
      statements: [
        {
          label: "Rule",
          effect: "Allow",
          services: ["events.amazonaws.com"],
          actions: ["sqs:sendmessage"],
          resources: [`${sqsArn}rollcall-dev-leave`],
          conditions: [{ operator: "ArnEquals", key: "aws:SourceArn", values: [ruleArn] }],
        },
      ],
    };
    expect(model.queues).toEqual([
      {
        logicalId: "LeaveQueue",
        name: "rollcall-dev-leave",
        arn: `${sqsArn}rollcall-dev-leave`,
        visibilityTimeoutSeconds: 725,
        messageRetentionSeconds: 1_209_600,
        delaySeconds: 0,
        receiveWaitSeconds: 0,
        redrive: { deadLetterArn: `${sqsArn}rollcall-dev-LeaveDlq`, maxReceiveCount: 5 },
        policy,
      },
      {
        logicalId: "LeaveDlq",
        name: "rollcall-dev-LeaveDlq",
        arn: `${sqsArn}rollcall-dev-LeaveDlq`,
        visibilityTimeoutSeconds: 30,
        messageRetentionSeconds: 345_600,
        delaySeconds: 0,
        receiveWaitSeconds: 0,
        policy,
      },
    ]);
  });

  it("has the bus and the rules, with the bus in a rule's ARN", () => {
    expect([model.buses, model.rules]).toEqual([
      [
        {
          logicalId: "Bus",
          name: "rollcall-dev-hr",
          arn: "arn:aws:events:us-east-1:123456789012:event-bus/rollcall-dev-hr",
        },
      ],
      [
        {
          logicalId: "LeaveRule",
          name: "rollcall-dev-LeaveRule",
          arn: ruleArn,
          busName: "rollcall-dev-hr",
          enabled: true,
          pattern: { "detail-type": ["EmployeeLeft"] },
          targets: [
            {
              id: "queue",
              arn: `${sqsArn}rollcall-dev-leave`,
              deadLetterArn: `${sqsArn}rollcall-dev-LeaveDlq`,
              maximumRetryAttempts: 3,
            },
          ],
        },
        {
          logicalId: "DueSchedule",
          name: "due",
          arn: "arn:aws:events:us-east-1:123456789012:rule/due",
          busName: "default",
          enabled: false,
          schedule: "rate(1 minute)",
          targets: [{ id: "due", arn: functionArn, input: '{"kind":"due"}' }],
        },
      ],
    ]);
  });

  it("has the function with its environment, and its mapping", () => {
    expect([model.functions, model.mappings]).toEqual([
      [
        {
          logicalId: "LeaveLambdaFunction",
          name: "rollcall-dev-leave",
          arn: functionArn,
          handler: "src/functions/drain.handler",
          timeoutSeconds: 120,
          memoryMegabytes: 512,
          environment: {
            QUEUE_URL: "http://127.0.0.1:9/123456789012/rollcall-dev-leave",
            TABLE: "rollcall-dev-Ledger",
            BUS: "rollcall-dev-hr",
            LIMIT: "5",
            SELF: "rollcall-dev/rollcall-dev-leave",
          },
          codeKey: "serverless/rollcall/dev/1-now/leave.zip",
          reservedConcurrency: 5,
          url: { authType: "NONE" },
        },
      ],
      [
        {
          logicalId: "LeaveMapping",
          queueArn: `${sqsArn}rollcall-dev-leave`,
          functionArn,
          batchSize: 1000,
          windowSeconds: 5,
          maximumConcurrency: 2,
          reportBatchItemFailures: true,
          enabled: true,
        },
      ],
    ]);
  });

  it("has the table as CreateTable wants it", () => {
    expect(model.tables).toEqual([
      {
        logicalId: "Ledger",
        name: "rollcall-dev-Ledger",
        arn: "arn:aws:dynamodb:us-east-1:123456789012:table/rollcall-dev-Ledger",
        ttlAttribute: "expiresAt",
        create: {
          TableName: "rollcall-dev-Ledger",
          BillingMode: "PAY_PER_REQUEST",
          AttributeDefinitions: [
            { AttributeName: "pk", AttributeType: "S" },
            { AttributeName: "dueAt", AttributeType: "S" },
          ],
          KeySchema: [{ AttributeName: "pk", KeyType: "HASH" }],
          GlobalSecondaryIndexes: [
            {
              IndexName: "due",
              KeySchema: [{ AttributeName: "dueAt", KeyType: "HASH" }],
              Projection: { ProjectionType: "ALL" },
            },
          ],
        },
      },
    ]);
  });

  it("names what it leaves out, and resolves the outputs that it can", () => {
    expect([model.outputs, model.notModelled]).toEqual([
      {
        BusName: "rollcall-dev-hr",
        RuleOnOwnBus: "rollcall-dev-hr|rollcall-dev-LeaveRule",
        RuleOnDefaultBus: "due",
      },
      [
        { logicalId: "ServerlessDeploymentBucket", type: "AWS::S3::Bucket" },
        { logicalId: "LeaveRole", type: "AWS::IAM::Role" },
        { logicalId: "Alarm", type: "AWS::CloudWatch::Alarm" },
        { logicalId: "BucketName", type: "Output" },
        { logicalId: "Url", type: "Output" },
      ],
    ]);
  });
});

describe("defaults of AWS", () => {
  it("hold where a mapping and a function say nothing", () => {
    const template = sampleTemplate();
    template.Resources = {
      Q: { Type: "AWS::SQS::Queue" },
      F: { Type: "AWS::Lambda::Function", Properties: { Handler: "a.b", Code: { S3Key: "a.zip" } } },
      M: {
        Type: "AWS::Lambda::EventSourceMapping",
        Properties: { EventSourceArn: { "Fn::GetAtt": "Q.Arn" }, FunctionName: { Ref: "F" } },
      },
    };
    template.Outputs = {};
    const { functions, mappings } = readTemplate(template, context);
    const arn = "arn:aws:lambda:us-east-1:123456789012:function:rollcall-dev-F";
    expect({ functions, mappings }).toEqual({
      functions: [
        {
          logicalId: "F",
          name: "rollcall-dev-F",
          arn,
          handler: "a.b",
          timeoutSeconds: 3,
          memoryMegabytes: 128,
          environment: {},
          codeKey: "a.zip",
        },
      ],
      mappings: [
        {
          logicalId: "M",
          queueArn: `${sqsArn}rollcall-dev-Q`,
          functionArn: arn,
          batchSize: 10,
          windowSeconds: 0,
          reportBatchItemFailures: false,
          enabled: true,
        },
      ],
    });
  });
});

describe("a property that would change what the stack does", () => {
  it.each([
    ["LeaveQueue", { FifoQueue: true }, "LeaveQueue.Properties.FifoQueue: FIFO queues are not modelled"],
    [
      "LeaveQueue",
      { ContentBasedDeduplication: true },
      "LeaveQueue.Properties.ContentBasedDeduplication: the embedded",
    ],
    [
      "LeaveMapping",
      { FilterCriteria: { Filters: [] } },
      "LeaveMapping.Properties.FilterCriteria: the embedded",
    ],
    ["LeaveMapping", { ProvisionedPollerConfig: {} }, "LeaveMapping.Properties.ProvisionedPollerConfig"],
    [
      "LeaveLambdaFunction",
      { Layers: [] },
      "LeaveLambdaFunction.Properties.Layers: the embedded stack does not support",
    ],
    ["LeaveLambdaFunction", { Code: { ZipFile: "x" } }, "LeaveLambdaFunction.Properties.Code"],
    [
      "LeaveLambdaFunctionUrl",
      { InvokeMode: "RESPONSE_STREAM" },
      "LeaveLambdaFunctionUrl.Properties.InvokeMode",
    ],
    [
      "Ledger",
      { StreamSpecification: {} },
      "Ledger.Properties.StreamSpecification: the embedded stack does not support",
    ],
    [
      "LeaveRule",
      { Targets: [{ Id: "a", Arn: "b", InputTransformer: {} }] },
      "LeaveRule.Properties.Targets.0.InputTransformer",
    ],
    [
      "LeaveRule",
      { Targets: [{ Id: "a", Arn: "b", InputPath: "$.detail" }] },
      "LeaveRule.Properties.Targets.0.InputPath",
    ],
    [
      "LeaveRule",
      { Targets: [{ Id: "a", Arn: "b", SqsParameters: {} }] },
      "LeaveRule.Properties.Targets.0.SqsParameters",
    ],
    [
      "DueSchedule",
      { Targets: [{ Id: "a", Arn: "b", Input: "{" }] },
      "DueSchedule.Properties.Targets.0.Input: expected a valid JSON",
    ],
  ])("%s with %j is refused by name", (logicalId, properties, message) => {
    expect(refusal(set(logicalId, properties))).toContain(message);
  });

  it("is refused together with what is supported and what is ignored", () => {
    expect(refusal(set("Bus", { EventSourceName: "aws.partner/x" }))).toBe(
      "Bus.Properties.EventSourceName: the embedded stack does not support EventSourceName here, and ignoring it would change what the stack does. Supported: Name. Ignored: Description, KmsKeyIdentifier, LogConfig, Policy, Tags.",
    );
  });
});

describe("a template that AWS would refuse", () => {
  it.each([
    [
      "names a missing resource",
      set("LeaveRule", { EventBusName: { Ref: "Buss" } }),
      "LeaveRule.Properties.EventBusName.Ref: Ref Buss names no resource",
    ],
    [
      "names a missing attribute",
      set("LeaveRule", { EventBusName: { "Fn::GetAtt": ["Bus", "Nam"] } }),
      "the attributes of AWS::Events::EventBus that are known are Arn, Name",
    ],
    [
      "names an inherited property",
      set("Bus", { Name: { Ref: "constructor" } }),
      "Ref constructor names no resource",
    ],
    [
      "has a name that depends on itself",
      set("Bus", { Name: { "Fn::Sub": `x-\${Bus}` } }),
      "Bus.Properties.Name.Fn::Sub: Ref Bus depends on itself",
    ],
    [
      "has a rule for a bus that is not there",
      set("LeaveRule", { EventBusName: "other" }),
      "LeaveRule.Properties.EventBusName: no bus is named other",
    ],
    [
      "has a schedule on a bus of its own",
      set("DueSchedule", { EventBusName: { Ref: "Bus" } }),
      "DueSchedule.Properties.EventBusName: expected the default bus",
    ],
    [
      "has a rule that nothing triggers",
      set("LeaveRule", { EventPattern: { Ref: "AWS::NoValue" } }),
      "LeaveRule.Properties: expected an EventPattern",
    ],
    [
      "redrives to a queue that is not there",
      set("LeaveQueue", { RedrivePolicy: { deadLetterTargetArn: "arn:x", maxReceiveCount: 1 } }),
      "LeaveQueue.Properties.RedrivePolicy.deadLetterTargetArn: expected a queue of this template, got arn:x",
    ],
    [
      "maps a queue that is not there",
      set("LeaveMapping", { EventSourceArn: "arn:aws:sqs:r:1:x" }),
      "LeaveMapping.Properties.EventSourceArn: no queue has the ARN",
    ],
    [
      "maps something else than a queue",
      set("LeaveMapping", { EventSourceArn: "arn:aws:kinesis:r:1:x" }),
      "LeaveMapping.Properties.EventSourceArn: expected an SQS queue",
    ],
    [
      "maps a function that is not there",
      set("LeaveMapping", { FunctionName: "other" }),
      "LeaveMapping.Properties.FunctionName: no function has the ARN",
    ],
    [
      "wants large batches without a window",
      set("LeaveMapping", { MaximumBatchingWindowInSeconds: 0 }),
      "LeaveMapping.Properties.BatchSize: 1000 records need a MaximumBatchingWindowInSeconds",
    ],
    [
      "wants batches that are too large",
      set("LeaveMapping", { BatchSize: 10_001 }),
      "LeaveMapping.Properties.BatchSize",
    ],
    [
      "wants less concurrency than AWS allows",
      set("LeaveMapping", { ScalingConfig: { MaximumConcurrency: 1 } }),
      "LeaveMapping.Properties.ScalingConfig.MaximumConcurrency",
    ],
    [
      "hides a message for less time than the function has",
      set("LeaveQueue", { VisibilityTimeout: 119 }),
      "LeaveQueue.Properties.VisibilityTimeout: 119 s is less than the 120 s of LeaveLambdaFunction",
    ],
    [
      "has a policy for a queue that is not there",
      set("LeavePolicy", { Queues: ["http://elsewhere"] }),
      "LeavePolicy.Properties.Queues: expected a queue of this template, got http://elsewhere",
    ],
  ])("%s", (_, change, message) => {
    expect(refusal(change)).toContain(message);
  });

  it("has two policies for one queue, of which SQS would keep one", () => {
    const change = (template: Template) => {
      template.Resources.Other = { ...template.Resources.LeavePolicy, Type: "AWS::SQS::QueuePolicy" };
    };
    expect(refusal(change)).toContain("Other.Properties.Queues: LeaveQueue has a policy already");
  });

  it("wants a value from a resource that is not modelled, in a place where it matters", () => {
    const environment = { Environment: { Variables: { BUCKET: { Ref: "ServerlessDeploymentBucket" } } } };
    expect(refusal(set("LeaveLambdaFunction", environment))).toContain(
      "LeaveLambdaFunction.Properties.Environment.Variables.BUCKET.Ref: Ref ServerlessDeploymentBucket needs AWS::S3::Bucket, which the embedded stack does not model",
    );
  });

  it("is no template at all, or one that a macro would rewrite", () => {
    expect(() => readTemplate({ Resources: [] }, context)).toThrow("Template: ");
    expect(() => readTemplate({ Resources: {}, Transform: "AWS::Serverless-2016-10-31" }, context)).toThrow(
      "expected a template without Transform",
    );
  });
});

describe("conditions and parameters", () => {
  it("leave out a resource whose condition does not hold", () => {
    const template = {
      Parameters: { Stage: { Type: "String", Default: "dev" } },
      Conditions: { IsLive: { "Fn::Equals": [{ Ref: "Stage" }, "live"] } },
      Resources: {
        Live: { Type: "AWS::SQS::Queue", Condition: "IsLive" },
        Always: {
          Type: "AWS::SQS::Queue",
          Properties: { QueueName: { "Fn::If": ["IsLive", "live", "other"] } },
        },
      },
      Outputs: { Live: { Condition: "IsLive", Value: { Ref: "Live" } } },
    };
    const names = (parameters: Record<string, string>) => {
      const model = readTemplate(template, { ...context, parameters });
      return [model.queues.map(({ name }) => name), Object.keys(model.outputs)];
    };
    expect([names({}), names({ Stage: "live" })]).toEqual([
      [["other"], []],
      [["rollcall-dev-Live", "live"], ["Live"]],
    ]);
  });

  it("need a value", () => {
    const template = {
      Parameters: { Stage: { Type: "String" } },
      Resources: { Q: { Type: "AWS::SQS::Queue", Properties: { QueueName: { Ref: "Stage" } } } },
    };
    expect(() => readTemplate(template, context)).toThrow(
      "the parameter Stage has no default; pass a value for it",
    );
  });
});
