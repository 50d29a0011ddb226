/** The shape that `serverless package` writes, cut down to one resource of each kind that matters. */
export function sampleTemplate() {
  return {
    AWSTemplateFormatVersion: "2010-09-09",
    Parameters: { Retention: { Type: "Number", Default: 1_209_600 } },
    Resources: {
      ServerlessDeploymentBucket: { Type: "AWS::S3::Bucket" },
      LeaveRole: { Type: "AWS::IAM::Role", Properties: { RoleName: { Ref: "ServerlessDeploymentBucket" } } },
      LeaveLambdaFunction: {
        Type: "AWS::Lambda::Function",
        Properties: {
          Code: {
            S3Bucket: { Ref: "ServerlessDeploymentBucket" },
            S3Key: "serverless/rollcall/dev/1-now/leave.zip",
          },
          Handler: "src/functions/drain.handler",
          Runtime: "nodejs24.x",
          FunctionName: "rollcall-dev-leave",
          MemorySize: 512,
          Timeout: 120,
          Environment: {
            Variables: {
              QUEUE_URL: { Ref: "LeaveQueue" },
              TABLE: { Ref: "Ledger" },
              BUS: { "Fn::GetAtt": ["Bus", "Name"] },
              LIMIT: 5,
              SELF: { "Fn::Sub": `\${AWS::StackName}/\${LeaveQueue.QueueName}` },
            },
          },
          Role: { "Fn::GetAtt": ["LeaveRole", "Arn"] },
          ReservedConcurrentExecutions: 5,
        },
        DependsOn: ["LeaveQueue"],
      },
      LeaveLambdaFunctionUrl: {
        Type: "AWS::Lambda::Url",
        Properties: {
          AuthType: "NONE",
          TargetFunctionArn: { "Fn::GetAtt": ["LeaveLambdaFunction", "Arn"] },
        },
      },
      LeaveMapping: {
        Type: "AWS::Lambda::EventSourceMapping",
        DependsOn: ["LeaveRole"],
        Properties: {
          BatchSize: 1000,
          MaximumBatchingWindowInSeconds: 5,
          EventSourceArn: { "Fn::GetAtt": ["LeaveQueue", "Arn"] },
          FunctionName: { "Fn::GetAtt": ["LeaveLambdaFunction", "Arn"] },
          Enabled: true,
          FunctionResponseTypes: ["ReportBatchItemFailures"],
          ScalingConfig: { MaximumConcurrency: 2 },
        },
      },
      Bus: { Type: "AWS::Events::EventBus", Properties: { Name: { "Fn::Sub": `\${AWS::StackName}-hr` } } },
      LeaveQueue: {
        Type: "AWS::SQS::Queue",
        Properties: {
          QueueName: { "Fn::Join": ["-", [{ Ref: "AWS::StackName" }, "leave"]] },
          VisibilityTimeout: "725",
          SqsManagedSseEnabled: true,
          MessageRetentionPeriod: { Ref: "Retention" },
          RedrivePolicy: { deadLetterTargetArn: { "Fn::GetAtt": ["LeaveDlq", "Arn"] }, maxReceiveCount: 5 },
        },
      },
      LeaveDlq: { Type: "AWS::SQS::Queue", Properties: { Tags: [{ Key: "a", Value: "b" }] } },
      LeavePolicy: {
        Type: "AWS::SQS::QueuePolicy",
        Properties: {
          Queues: [{ Ref: "LeaveQueue" }, { Ref: "LeaveDlq" }],
          PolicyDocument: {
            Version: "2012-10-17",
            Statement: [
              {
                Sid: "Rule",
                Effect: "Allow",
                Principal: { Service: "events.amazonaws.com" },
                Action: "sqs:SendMessage",
                Resource: { "Fn::GetAtt": ["LeaveQueue", "Arn"] },
                Condition: { ArnEquals: { "aws:SourceArn": { "Fn::GetAtt": ["LeaveRule", "Arn"] } } },
              },
            ],
          },
        },
      },
      LeaveRule: {
        Type: "AWS::Events::Rule",
        Properties: {
          EventBusName: { Ref: "Bus" },
          EventPattern: { "detail-type": ["EmployeeLeft"] },
          Targets: [
            {
              Id: "queue",
              Arn: { "Fn::GetAtt": ["LeaveQueue", "Arn"] },
              DeadLetterConfig: { Arn: { "Fn::GetAtt": ["LeaveDlq", "Arn"] } },
              RetryPolicy: { MaximumRetryAttempts: 3 },
            },
          ],
        },
      },
      DueSchedule: {
        Type: "AWS::Events::Rule",
        Properties: {
          ScheduleExpression: "rate(1 minute)",
          State: "DISABLED",
          Name: "due",
          Targets: [
            { Arn: { "Fn::GetAtt": ["LeaveLambdaFunction", "Arn"] }, Id: "due", Input: '{"kind":"due"}' },
          ],
        },
      },
      Ledger: {
        Type: "AWS::DynamoDB::Table",
        DeletionPolicy: "Retain",
        Properties: {
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
          TimeToLiveSpecification: { AttributeName: "expiresAt", Enabled: true },
          SSESpecification: { SSEEnabled: true },
        },
      },
      Alarm: { Type: "AWS::CloudWatch::Alarm", Properties: { AlarmActions: [{ Ref: "Nowhere" }] } },
    } as Record<string, { Type: string; Condition?: string; Properties?: Record<string, unknown> }>,
    Outputs: {
      BusName: { Value: { Ref: "Bus" } },
      RuleOnOwnBus: { Value: { Ref: "LeaveRule" } },
      RuleOnDefaultBus: { Value: { Ref: "DueSchedule" } },
      BucketName: { Value: { Ref: "ServerlessDeploymentBucket" } },
      Url: { Value: { "Fn::GetAtt": ["LeaveLambdaFunctionUrl", "FunctionUrl"] } },
    } as Record<string, { Value: unknown }>,
  };
}

export const context = {
  accountId: "123456789012",
  region: "us-east-1",
  partition: "aws",
  stackName: "rollcall-dev",
  queueUrl: (name: string) => `http://127.0.0.1:9/123456789012/${name}`,
};
