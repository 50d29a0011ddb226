import { oktaEventTypes, oktaSourcePrefix } from "../sources/okta/readOktaEvent.ts";
import { arnOf, type Resources, ref, type Value } from "./cloudFormation.ts";
import { busId, oktaIds, queueNames } from "./names.ts";
import { observedEnvironment } from "./observedEnvironment.ts";
import { queuesOfRule } from "./queues.ts";
import { drainQueue, lambdaRole, writeLog } from "./roles.ts";
import { oktaAlarms } from "./sourceAlarms.ts";

const settings = { timeoutSeconds: 60, windowSeconds: 1 };

/**
 * The function that makes our events of Okta's, in the serverless command's words. A queue stands before it, because
 * EventBridge and Okta keep nothing that a function did not take.
 */
export function oktaFunction(): { [key: string]: Value } {
  return {
    handler: "src/functions/okta.handler",
    description: "Makes HR events of Okta's",
    role: oktaIds.role,
    timeout: settings.timeoutSeconds,
    memorySize: 256,
    environment: {
      ...observedEnvironment,
      EVENT_BUS_NAME: ref(busId),
      QUEUE_URL: ref(oktaIds.queue),
      DEAD_LETTER_QUEUE_URL: ref(oktaIds.deadLetterQueue),
    },
    events: [
      {
        sqs: {
          arn: arnOf(oktaIds.queue),
          batchSize: 100,
          maximumBatchingWindow: settings.windowSeconds,
          maximumConcurrency: 2,
          functionResponseType: "ReportBatchItemFailures",
        },
      },
    ],
  };
}

/** @param busName of the partner event bus, which belongs to the AWS account and not to the stack */
export function oktaResources(busName: string, alarmTopicArn: string | undefined): Resources {
  const { queue, deadLetterQueue, rule, role, logGroup } = oktaIds;
  return {
    ...queuesOfRule(oktaIds, queueNames(`\${AWS::StackName}`, "okta"), settings),
    [rule]: {
      Type: "AWS::Events::Rule",
      Properties: {
        EventBusName: busName,
        Description: "Okta's events about users' access",
        EventPattern: {
          source: [{ prefix: oktaSourcePrefix }],
          detail: { eventType: [...oktaEventTypes], outcome: { result: ["SUCCESS"] } },
        },
        Targets: [{ Id: queue, Arn: arnOf(queue), DeadLetterConfig: { Arn: arnOf(deadLetterQueue) } }],
      },
    },
    [role]: lambdaRole("okta", [
      writeLog(logGroup),
      ...drainQueue(oktaIds),
      { Sid: "Publish", Effect: "Allow", Action: ["events:PutEvents"], Resource: arnOf(busId) },
    ]),
    ...oktaAlarms(oktaIds, alarmTopicArn),
  };
}
