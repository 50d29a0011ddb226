import { memoryAttributes } from "../inbound/dynamo/dynamoAddressMemory.ts";
import { oktaEventTypes, oktaSourcePrefix } from "../inbound/okta.ts";
import { vendorNames, verificationName } from "../inbound/webhooks/vendor.ts";
import { queueNames } from "../pipelineSettings.ts";
import { oktaAlarms, webhookAlarms } from "./alarms.ts";
import { arnOf, observedEnvironment, type Resources, ref, sub, type Value } from "./cloudFormation.ts";
import { busId, oktaIds, tableId } from "./names.ts";
import { queuesOfRule } from "./pipelineResources.ts";
import { findOwners, lambdaRole, ofPeople, parameterArn, processQueue, writeLog } from "./roles.ts";

/**
 * The function that receives webhooks, as an entry of serverless.yml. Its URL is public, because no vendor can sign requests
 * with AWS credentials: the function checks the vendors' own signatures. The reserved concurrency limits what strangers can
 * cost.
 */
export function webhookFunction(): { [key: string]: Value } {
  return {
    handler: "src/lambda/webhookHandler.handler",
    description: "Receives the webhooks of HR systems",
    role: webhookRoleId,
    timeout: 25,
    memorySize: 256,
    reservedConcurrency: 5,
    environment: {
      ...observedEnvironment,
      EVENT_BUS_NAME: ref(busId),
      PARAMETERS_PATH: sub(parametersPath),
      TABLE_NAME: ref(tableId),
      POLICY_FILE: "policy.yml",
    },
    url: true,
  };
}

const webhookRoleId = "WebhookRole";
/** The SSM path that holds one parameter for each vendor in use. */
const parametersPath = `/\${AWS::StackName}/webhooks`;

export function webhookResources(alarmTopicArn: string | undefined): Resources {
  return {
    ...webhookAlarms("WebhookLambdaFunction", alarmTopicArn),
    [webhookRoleId]: lambdaRole("webhook", [
      writeLog("WebhookLogGroup"),
      { Sid: "Publish", Effect: "Allow", Action: ["events:PutEvents"], Resource: arnOf(busId) },
      {
        Sid: "ReadTheVendorsSettings",
        Effect: "Allow",
        Action: ["ssm:GetParameter"],
        Resource: vendorNames.map(vendorParameterArn),
      },
      {
        Sid: "KeepATokenThatCameBeforeThem",
        Effect: "Allow",
        Action: ["ssm:PutParameter"],
        Resource: vendorParameterArn(verificationName("gusto")),
      },
      {
        Sid: "RecallTheAddressOfALeaver",
        Effect: "Allow",
        Action: ["dynamodb:GetItem"],
        Resource: arnOf(tableId),
        Condition: ofPeople(memoryAttributes),
      },
      findOwners,
    ]),
  };
}

function vendorParameterArn(name: string): Value {
  return parameterArn(`${parametersPath}/${name}`);
}

/**
 * The function that turns Okta's events into HR events, as an entry of serverless.yml. A queue stands before it, because
 * neither EventBridge nor Okta keeps an event that a function did not accept.
 */
export function oktaFunction(): { [key: string]: Value } {
  return {
    handler: "src/lambda/oktaHandler.handler",
    description: "Turns Okta's events into HR events",
    role: oktaIds.role,
    timeout: oktaTimes.timeoutSeconds,
    memorySize: 256,
    environment: {
      ...observedEnvironment,
      EVENT_BUS_NAME: ref(busId),
      QUEUE_URL: ref(oktaIds.queue),
      DEAD_LETTER_QUEUE_URL: ref(oktaIds.deadLetterQueue),
    },
    // It sends what has come too often to its own queue anew, which Lambda would take for a loop and drop in silence.
    recursiveLoop: "Allow",
    events: [
      {
        sqs: {
          arn: arnOf(oktaIds.queue),
          batchSize: 100,
          maximumBatchingWindow: oktaTimes.windowSeconds,
          maximumConcurrency: 2,
          functionResponseType: "ReportBatchItemFailures",
        },
      },
    ],
  };
}

const oktaTimes = { timeoutSeconds: 60, windowSeconds: 1 };

/** @param busName of the partner event bus, which belongs to the AWS account and not to the stack */
export function oktaResources(busName: string, alarmTopicArn: string | undefined): Resources {
  const { queue, deadLetterQueue, rule, role, logGroup } = oktaIds;
  return {
    ...queuesOfRule(oktaIds, queueNames(`\${AWS::StackName}`, "okta"), oktaTimes),
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
      ...processQueue(oktaIds),
      { Sid: "Publish", Effect: "Allow", Action: ["events:PutEvents"], Resource: arnOf(busId) },
    ]),
    ...oktaAlarms(oktaIds, alarmTopicArn),
  };
}
