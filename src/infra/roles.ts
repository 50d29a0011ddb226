import type { PostSuspensionAction } from "../directory/directory.ts";
import { type DirectoryKind, pipelineActions } from "../directory/directoryKind.ts";
import { emailIndex, forgottenPartition, lotPartition, personKey } from "../ledger/dynamo/ledgerTable.ts";
import type { Intent } from "../pipelineSettings.ts";
import {
  arnOf,
  policyDocument,
  type Resource,
  type Resources,
  type Statement,
  sub,
  type Value,
} from "./cloudFormation.ts";
import { pipelineIds, tableId } from "./names.ts";

/** The directories that a stack calls. */
export interface CalledDirectories {
  /** Those that AWS guards. */
  kinds: readonly DirectoryKind[];
  /** The names of the parameters with the secrets of the others. */
  secrets: readonly string[];
  /** The post-suspension actions that the policy asks for in any account. */
  actions: readonly PostSuspensionAction[];
}

/** The role of one pipeline's function: it allows what the pipeline and the policy need and nothing else. */
export function roleResources(name: Intent, { kinds, secrets, actions }: CalledDirectories): Resources {
  const allowed = kinds.flatMap((kind) => pipelineActions(kind, name, actions));
  const called = [...callDirectory("CallTheDirectory", allowed), ...readSecrets(secrets)];
  return { [pipelineIds(name).role]: lambdaRole(name, [...statements(name), ...called]) };
}

/** A role that Lambda may assume, with one policy. */
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

/** Allows a function to write to its existing log group. */
export function writeLog(logGroupId: string): Statement {
  return {
    Sid: "WriteItsLog",
    Effect: "Allow",
    Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
    Resource: arnOf(logGroupId),
  };
}

/** Allows a function to process a queue: to receive and finish its messages, to dead-letter them and to send copies. */
export function processQueue(ids: { queue: string; deadLetterQueue: string }): Statement[] {
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

function statements(name: Intent): Statement[] {
  const ids = pipelineIds(name);
  return [
    writeLog(ids.logGroup),
    ...processQueue(ids),
    {
      Sid: "KeepTheLedger",
      Effect: "Allow",
      Action: [
        "dynamodb:BatchGetItem",
        "dynamodb:BatchWriteItem",
        "dynamodb:DeleteItem",
        "dynamodb:GetItem",
        "dynamodb:PartiQLDelete",
        "dynamodb:PartiQLInsert",
        "dynamodb:PartiQLUpdate",
        "dynamodb:PutItem",
        // For unfinished lots; and for workers of an earlier release, which write item by item while a deployment is under way.
        "dynamodb:UpdateItem",
      ],
      Resource: arnOf(tableId),
    },
    {
      Sid: "FindUnfinishedLotsAndForgottenPeople",
      Effect: "Allow",
      Action: ["dynamodb:Query"],
      Resource: arnOf(tableId),
      // Only the lots of its own queue and the hashes, and no person's history.
      Condition: {
        "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": [lotPartition(name), forgottenPartition] },
      },
    },
    findOwners,
  ];
}

/** Allows a function to ask whose an address is. */
export const findOwners: Statement = {
  Sid: "FindTheOwnersOfAnAddress",
  Effect: "Allow",
  Action: ["dynamodb:Query"],
  Resource: { "Fn::Join": ["/", [arnOf(tableId), "index", emailIndex.name]] },
};

/** Only these attributes of people's items, beside their keys, and nothing else that the ledger knows of them. */
export function ofPeople(attributes: readonly string[]): { [key: string]: Value } {
  return {
    "ForAllValues:StringLike": { "dynamodb:LeadingKeys": [personKey("*").pk.S] },
    "ForAllValues:StringEquals": { "dynamodb:Attributes": ["pk", "sk", ...attributes] },
    StringEqualsIfExists: { "dynamodb:Select": "SPECIFIC_ATTRIBUTES" },
  };
}

/** Allows calls of the directories that AWS guards. They have no resource types, so AWS accepts nothing narrower. */
export function callDirectory(sid: string, actions: readonly string[]): Statement[] {
  return actions.length === 0 ? [] : [{ Sid: sid, Effect: "Allow", Action: [...actions], Resource: "*" }];
}

/** Allows a function to read the secrets of the directories that the policy names, and no other parameter. */
export function readSecrets(names: readonly string[]): Statement[] {
  if (names.length === 0) return [];
  const Resource = names.map(parameterArn);
  return [{ Sid: "ReadTheSecretsOfTheDirectories", Effect: "Allow", Action: ["ssm:GetParameter"], Resource }];
}

/** @param name begins with a slash */
export function parameterArn(name: string): Value {
  return sub(`arn:\${AWS::Partition}:ssm:\${AWS::Region}:\${AWS::AccountId}:parameter${name}`);
}
