import { dueIndex, safeguardPartition } from "../ledger/dynamo/ledgerTable.ts";
import { publishDueAlarms } from "./alarms.ts";
import { arnOf, type Resources, ref, type Value } from "./cloudFormation.ts";
import { busId, tableId } from "./names.ts";
import { observedEnvironment } from "./observedEnvironment.ts";
import { lambdaRole, writeLog } from "./roles.ts";

const roleId = "PublishDueRole";

/** The function that publishes decisions whose day has come, every minute, in the serverless command's words. */
export function publishDueFunction(): { [key: string]: Value } {
  return {
    handler: "src/functions/publishDue.handler",
    description: "Publishes the decisions whose day has come",
    role: roleId,
    timeout: 50,
    memorySize: 256,
    environment: { ...observedEnvironment, TABLE_NAME: ref(tableId), EVENT_BUS_NAME: ref(busId) },
    events: [{ schedule: { rate: ["rate(1 minute)"], enabled: true } }],
  };
}

export function publishDueResources(alarmTopicArn: string | undefined): Resources {
  return {
    ...publishDueAlarms("PublishDueLambdaFunction", alarmTopicArn),
    [roleId]: lambdaRole("publishDue", [
      writeLog("PublishDueLogGroup"),
      {
        Sid: "FindWhatIsDue",
        Effect: "Allow",
        Action: ["dynamodb:Query"],
        Resource: { "Fn::Join": ["/", [arnOf(tableId), "index", dueIndex.name]] },
      },
      {
        Sid: "ReadTheSafeguard",
        Effect: "Allow",
        Action: ["dynamodb:Query"],
        Resource: arnOf(tableId),
        // Nobody's history: only the items of the safeguard.
        Condition: { "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": [safeguardPartition] } },
      },
      {
        Sid: "RemoveWhatIsPublished",
        Effect: "Allow",
        Action: ["dynamodb:DeleteItem"],
        Resource: arnOf(tableId),
      },
      { Sid: "Publish", Effect: "Allow", Action: ["events:PutEvents"], Resource: arnOf(busId) },
    ]),
  };
}
