import { oktaEventTypes, oktaSourcePrefix } from "../inbound/okta.ts";
import { vendorNames, verificationName } from "../inbound/webhooks/vendor.ts";
import { queueNames } from "../pipelines.ts";
import { oktaAlarms, webhookAlarms } from "./alarms.ts";
import { arnOf, observedEnvironment, type Resources, ref, sub, type Value } from "./cloudFormation.ts";
import { busId, oktaIds } from "./names.ts";
import { queuesOfRule } from "./pipelineResources.ts";
import { drainQueue, lambdaRole, writeLog } from "./roles.ts";

const roleId = "WebhookRole";
/** Below it lies one parameter for each vendor that is in use. */
const parametersPath = `/\${AWS::StackName}/webhooks`;

/**
 * The function that HR systems call, in the serverless command's words. Its address is public, because no vendor can sign as
 * AWS does: the vendors' own signatures are what it goes by. What strangers can cost is bounded by the reserved concurrency.
 */
export function webhookFunction(): { [key: string]: Value } {
  return {
    handler: "src/lambda/webhookHandler.handler",
    description: "Takes in the webhooks of HR systems",
    role: roleId,
    timeout: 25,
    memorySize: 256,
    reservedConcurrency: 5,
    environment: {
      ...observedEnvironment,
      EVENT_BUS_NAME: ref(busId),
      PARAMETERS_PATH: sub(parametersPath),
    },
    url: true,
  };
}

export function webhookResources(alarmTopicArn: string | undefined): Resources {
  return {
    ...webhookAlarms("WebhookLambdaFunction", alarmTopicArn),
    [roleId]: lambdaRole("webhook", [
      writeLog("WebhookLogGroup"),
      { Sid: "Publish", Effect: "Allow", Action: ["events:PutEvents"], Resource: arnOf(busId) },
      {
        Sid: "ReadTheVendorsSettings",
        Effect: "Allow",
        Action: ["ssm:GetParameter"],
        Resource: vendorNames.map(parameterArn),
      },
      {
        Sid: "KeepATokenThatCameBeforeThem",
        Effect: "Allow",
        Action: ["ssm:PutParameter"],
        Resource: parameterArn(verificationName("gusto")),
      },
    ]),
  };
}

function parameterArn(name: string): Value {
  const place = `\${AWS::Partition}:ssm:\${AWS::Region}:\${AWS::AccountId}`;
  return sub(`arn:${place}:parameter${parametersPath}/${name}`);
}

const settings = { timeoutSeconds: 60, windowSeconds: 1 };

/**
 * The function that makes our events of Okta's, in the serverless command's words. A queue stands before it, because
 * EventBridge and Okta keep nothing that a function did not take.
 */
export function oktaFunction(): { [key: string]: Value } {
  return {
    handler: "src/lambda/oktaHandler.handler",
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
