import type { Intent, Pipeline } from "../pipelines.ts";
import type { AfterSuspension } from "../policy/afterSuspension.ts";
import { arnOf, policyDocument, type Resource, type Resources, type Statement } from "./cloudFormation.ts";
import { pipelineIds, tableId } from "./names.ts";

/** Which of the calls after a suspension the policy asks for anywhere. */
type AskedAfterSuspension = Pick<AfterSuspension, "signOut" | "resetPin">;

/** The role of one pipeline's function: what the pipeline and the policy need and nothing else. */
export function roleResources(name: Intent, pipeline: Pipeline, asked?: AskedAfterSuspension): Resources {
  const operations = [...pipeline.operations, ...(name === "offboard" ? closingsOf(asked) : [])];
  return { [pipelineIds(name).role]: lambdaRole(name, statements(name, operations)) };
}

function closingsOf({ signOut = false, resetPin = false }: Partial<AskedAfterSuspension> = {}) {
  return [...(signOut ? ["LogoutUser"] : []), ...(resetPin ? ["ResetPersonalPIN"] : [])];
}

/** A role that Lambda may take, with one policy. */
export function lambdaRole(policyName: string, statements: readonly Statement[]): Resource {
  return {
    Type: "AWS::IAM::Role",
    Properties: {
      AssumeRolePolicyDocument: policyDocument([
        { Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: ["sts:AssumeRole"] },
      ]),
      Policies: [{ PolicyName: policyName, PolicyDocument: policyDocument(statements) }],
    },
  };
}

/** The two actions that writing to an existing log group takes. */
export function writeLog(logGroupId: string): Statement {
  return {
    Sid: "WriteItsLog",
    Effect: "Allow",
    Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
    Resource: arnOf(logGroupId),
  };
}

/** What a function needs that drains a queue and decides itself what becomes of its messages. */
export function drainQueue(ids: { queue: string; deadLetterQueue: string }): Statement[] {
  return [
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
      Sid: "FillItsDeadLetterQueueAndRenew",
      Effect: "Allow",
      Action: ["sqs:SendMessage"],
      Resource: [arnOf(ids.deadLetterQueue), arnOf(ids.queue)],
    },
  ];
}

function statements(name: Intent, operations: readonly string[]): Statement[] {
  const ids = pipelineIds(name);
  return [
    writeLog(ids.logGroup),
    ...drainQueue(ids),
    {
      Sid: "KeepTheLedger",
      Effect: "Allow",
      Action: [
        "dynamodb:BatchGetItem",
        "dynamodb:BatchWriteItem",
        "dynamodb:DeleteItem",
        "dynamodb:GetItem",
        "dynamodb:PutItem",
        "dynamodb:UpdateItem",
      ],
      Resource: arnOf(tableId),
    },
    {
      Sid: "CallTheDirectory",
      Effect: "Allow",
      Action: operations.map((operation) => `chime:${operation}`),
      // Chime's user administration has no resource types: AWS accepts nothing narrower.
      Resource: "*",
    },
  ];
}
