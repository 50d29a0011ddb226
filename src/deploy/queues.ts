import type { Intent, Pipeline } from "../pipelines.ts";
import { maxReceiveCount } from "../queue/receives.ts";
import { arnOf, policyDocument, type Resources, ref, type Statement, sub } from "./cloudFormation.ts";
import { pipelineIds, queueNames } from "./names.ts";

/** The longest that SQS keeps a message: a dead letter has to outlast a holiday. */
const fourteenDaysInSeconds = 1_209_600;

const stackName = `\${AWS::StackName}`;

/** One pipeline's queue, its dead-letter queue and their policies. */
export function queueResources(name: Intent, pipeline: Pipeline): Resources {
  return queuesOfRule(pipelineIds(name), queueNames(stackName, name), pipeline);
}

/** A queue that one rule fills and one function drains, its dead-letter queue and their policies. */
export function queuesOfRule(
  ids: { queue: string; deadLetterQueue: string; rule: string },
  names: { queue: string; deadLetterQueue: string },
  { timeoutSeconds, windowSeconds }: { timeoutSeconds: number; windowSeconds: number },
): Resources {
  return {
    [ids.queue]: queue(names.queue, {
      // AWS's advice: six times the function's timeout, plus the window.
      VisibilityTimeout: 6 * timeoutSeconds + windowSeconds,
      RedrivePolicy: { deadLetterTargetArn: arnOf(ids.deadLetterQueue), maxReceiveCount },
    }),
    [ids.deadLetterQueue]: queue(names.deadLetterQueue, {}),
    [`${ids.queue}Policy`]: queuePolicy(ids.queue, ids.rule),
    [`${ids.deadLetterQueue}Policy`]: queuePolicy(ids.deadLetterQueue, ids.rule),
  };
}

function queue(name: string, properties: Resources[string]["Properties"]): Resources[string] {
  return {
    Type: "AWS::SQS::Queue",
    Properties: {
      QueueName: sub(name),
      MessageRetentionPeriod: fourteenDaysInSeconds,
      SqsManagedSseEnabled: true,
      ...properties,
    },
  };
}

/** Only the pipeline's own rule may send from outside the account's identities, and nobody without TLS. */
function queuePolicy(queueId: string, ruleId: string): Resources[string] {
  const statements: Statement[] = [
    {
      Sid: "AllowTheRule",
      Effect: "Allow",
      Principal: { Service: "events.amazonaws.com" },
      Action: ["sqs:SendMessage"],
      Resource: arnOf(queueId),
      Condition: { ArnEquals: { "aws:SourceArn": arnOf(ruleId) } },
    },
    {
      Sid: "DenyWithoutTls",
      Effect: "Deny",
      Principal: "*",
      Action: ["sqs:*"],
      Resource: arnOf(queueId),
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    },
  ];
  return {
    Type: "AWS::SQS::QueuePolicy",
    Properties: { Queues: [ref(queueId)], PolicyDocument: policyDocument(statements) },
  };
}
