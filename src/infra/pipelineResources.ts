import { type Intent, type Pipeline, queueNames } from "../pipelineSettings.ts";
import { maxReceiveCount } from "../queue/backOff.ts";
import {
  arnOf,
  observedEnvironment,
  policyDocument,
  type Resources,
  ref,
  type Statement,
  sub,
  type Value,
} from "./cloudFormation.ts";
import { busId, pipelineIds, tableId } from "./names.ts";

/** One pipeline's function, as an entry of serverless.yml. All four run the same code. */
export function pipelineFunction(name: Intent, pipeline: Pipeline): { [key: string]: Value } {
  const ids = pipelineIds(name);
  return {
    handler: "src/lambda/provisioningHandler.handler",
    description: `Processes the ${name} queue in batch calls to the directory`,
    role: ids.role,
    timeout: pipeline.timeoutSeconds,
    memorySize: pipeline.memoryMegabytes,
    environment: {
      ...observedEnvironment,
      PIPELINE: name,
      QUEUE_URL: ref(ids.queue),
      DEAD_LETTER_QUEUE_URL: ref(ids.deadLetterQueue),
      TABLE_NAME: ref(tableId),
      POLICY_FILE: "policy.yml",
    },
    // It sends what has come too often to its own queue anew, which Lambda would take for a loop and drop in silence.
    recursiveLoop: "Allow",
    events: [
      {
        sqs: {
          arn: arnOf(ids.queue),
          batchSize: pipeline.batchSize,
          maximumBatchingWindow: pipeline.windowSeconds,
          maximumConcurrency: pipeline.maximumConcurrency,
          functionResponseType: "ReportBatchItemFailures",
        },
      },
    ],
  };
}

/** The longest that SQS keeps a message. A dead letter has to outlast a holiday. */
const fourteenDaysInSeconds = 1_209_600;

const stackName = `\${AWS::StackName}`;

/** One pipeline's queue, its dead-letter queue and their policies. */
export function queueResources(name: Intent, pipeline: Pipeline): Resources {
  return queuesOfRule(pipelineIds(name), queueNames(stackName, name), pipeline);
}

/** A queue between one rule and one function, its dead-letter queue and their policies. */
export function queuesOfRule(
  ids: { queue: string; deadLetterQueue: string; rule: string },
  names: { queue: string; deadLetterQueue: string },
  { timeoutSeconds, windowSeconds }: { timeoutSeconds: number; windowSeconds: number },
): Resources {
  return {
    [ids.queue]: queue(names.queue, {
      // AWS advises six times the function's timeout, plus the batching window:
      // https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
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

/** Lets the queue's own rule send, and nobody else outside the account's identities. Denies every request without TLS. */
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

/** The event bus that HR events are published to. */
export function busResources(): Resources {
  return { [busId]: { Type: "AWS::Events::EventBus", Properties: { Name: ref("AWS::StackName") } } };
}

/**
 * The rule that sends a pipeline's events to its queue. EventBridge gives up on a target after 24 hours and drops the
 * event, unless the target has a dead-letter queue. It is the pipeline's own, so that there is one place to look.
 */
export function ruleResources(name: Intent, pipeline: Pipeline): Resources {
  const ids = pipelineIds(name);
  return {
    [ids.rule]: {
      Type: "AWS::Events::Rule",
      Properties: {
        EventBusName: ref(busId),
        Description: `HR events for the ${name} pipeline`,
        EventPattern: { "detail-type": [...pipeline.detailTypes] },
        Targets: [
          { Id: ids.queue, Arn: arnOf(ids.queue), DeadLetterConfig: { Arn: arnOf(ids.deadLetterQueue) } },
        ],
      },
    },
  };
}
