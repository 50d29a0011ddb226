import type { Intent, Pipeline } from "../pipelines.ts";
import { arnOf, policyDocument, type Resources, type Statement, sub } from "./cloudFormation.ts";
import { pipelineIds } from "./names.ts";

/** The role of one pipeline's function: what the pipeline needs and nothing else. */
export function roleResources(name: Intent, pipeline: Pipeline): Resources {
  const ids = pipelineIds(name);
  return {
    [ids.role]: {
      Type: "AWS::IAM::Role",
      Properties: {
        AssumeRolePolicyDocument: policyDocument([
          {
            Effect: "Allow",
            Principal: { Service: "lambda.amazonaws.com" },
            Action: ["sts:AssumeRole"],
          } as Statement,
        ]),
        Policies: [{ PolicyName: name, PolicyDocument: policyDocument(statements(name, pipeline)) }],
      },
    },
  };
}

function statements(name: Intent, pipeline: Pipeline): Statement[] {
  const ids = pipelineIds(name);
  return [
    {
      Sid: "WriteItsLog",
      Effect: "Allow",
      Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
      Resource: sub(
        `arn:\${AWS::Partition}:logs:\${AWS::Region}:\${AWS::AccountId}:log-group:/aws/lambda/\${AWS::StackName}-${name}:*`,
      ),
    },
    {
      Sid: "DrainItsQueue",
      Effect: "Allow",
      Action: [
        "sqs:ReceiveMessage",
        "sqs:DeleteMessage",
        "sqs:GetQueueAttributes",
        "sqs:ChangeMessageVisibility",
      ],
      Resource: arnOf(ids.queue),
    },
    {
      Sid: "FillItsDeadLetterQueue",
      Effect: "Allow",
      Action: ["sqs:SendMessage"],
      Resource: arnOf(ids.deadLetterQueue),
    },
    {
      Sid: "CallTheDirectory",
      Effect: "Allow",
      Action: pipeline.operations.map((operation) => `chime:${operation}`),
      // Chime's user administration has no resource types: AWS accepts nothing narrower.
      Resource: "*",
    },
  ];
}
