import { vendorNames, verificationName } from "../sources/webhooks/vendorNames.ts";
import { arnOf, type Resources, ref, sub, type Value } from "./cloudFormation.ts";
import { busId } from "./names.ts";
import { observedEnvironment } from "./observedEnvironment.ts";
import { lambdaRole, writeLog } from "./roles.ts";
import { webhookAlarms } from "./sourceAlarms.ts";

const roleId = "WebhookRole";
/** Below it lies one parameter for each vendor that is in use. */
const parametersPath = `/\${AWS::StackName}/webhooks`;

/**
 * The function that HR systems call, in the serverless command's words. Its address is public, because no vendor can sign as
 * AWS does: the vendors' own signatures are what it goes by. What strangers can cost is bounded by the reserved concurrency.
 */
export function webhookFunction(): { [key: string]: Value } {
  return {
    handler: "src/functions/webhook.handler",
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
