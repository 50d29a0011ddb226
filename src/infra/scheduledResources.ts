import { dueIndex, rosterPartition, safeguardPartition } from "../ledger/dynamo/ledgerTable.ts";
import { publishDueAlarms, rosterAlarms } from "./alarms.ts";
import {
  arnOf,
  observedEnvironment,
  type Resources,
  ref,
  type Statement,
  sub,
  type Value,
} from "./cloudFormation.ts";
import { busId, tableId } from "./names.ts";
import { lambdaRole, writeLog } from "./roles.ts";
import type { RosterParameters } from "./rosterParameters.ts";

const publishDueRoleId = "PublishDueRole";

/** The function that publishes decisions whose day has come, every minute, in the serverless command's words. */
export function publishDueFunction(): { [key: string]: Value } {
  return {
    handler: "src/lambda/publishDueHandler.handler",
    description: "Publishes the decisions whose day has come",
    role: publishDueRoleId,
    timeout: 50,
    memorySize: 256,
    environment: { ...observedEnvironment, TABLE_NAME: ref(tableId), EVENT_BUS_NAME: ref(busId) },
    events: [{ schedule: { rate: ["rate(1 minute)"], enabled: true } }],
  };
}

export function publishDueResources(alarmTopicArn: string | undefined): Resources {
  return {
    ...publishDueAlarms("PublishDueLambdaFunction", alarmTopicArn),
    [publishDueRoleId]: lambdaRole("publishDue", [
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

const rosterRoleId = "RosterRole";

/**
 * The function that compares a stored roster with the directory, in the serverless command's words. One at a time: what is
 * started meanwhile waits. 100,000 people take 325 MiB; the rest buys the processor's share that goes with the memory.
 */
export function rosterFunction({ bucket, key, sync, rate }: RosterParameters): { [key: string]: Value } {
  return {
    handler: "src/lambda/rosterHandler.handler",
    description: "Compares the roster in S3 with the directory",
    role: rosterRoleId,
    timeout: 900,
    memorySize: 1024,
    reservedConcurrency: 1,
    environment: {
      ...observedEnvironment,
      ROSTER_BUCKET: bucket,
      ROSTER_OBJECT: key,
      ROSTER_MODE: sync ? "sync" : "report",
      TABLE_NAME: ref(tableId),
      POLICY_FILE: "policy.yml",
      ...(sync && { EVENT_BUS_NAME: ref(busId) }),
    },
    events: [{ schedule: { rate: [rate], enabled: true } }],
  };
}

export function rosterResources(parameters: RosterParameters, alarmTopicArn: string | undefined): Resources {
  return {
    ...rosterAlarms("RosterLambdaFunction", parameters, alarmTopicArn),
    [rosterRoleId]: lambdaRole("roster", statements(parameters)),
  };
}

function statements({ bucket, key, sync }: RosterParameters): Statement[] {
  return [
    writeLog("RosterLogGroup"),
    {
      Sid: "ReadTheRoster",
      Effect: "Allow",
      Action: ["s3:GetObject"],
      Resource: sub(`arn:\${AWS::Partition}:s3:::${bucket}/${key}`),
    },
    {
      Sid: sync ? "RememberTheLastRoster" : "RecallTheLastRoster",
      Effect: "Allow",
      Action: ["dynamodb:GetItem", ...(sync ? ["dynamodb:PutItem"] : [])],
      Resource: arnOf(tableId),
      // Nobody's history and nobody's order.
      Condition: { "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": [rosterPartition] } },
    },
    {
      Sid: "ReadTheDirectory",
      Effect: "Allow",
      Action: ["chime:GetAccount", "chime:ListUsers"],
      // Chime's user administration has no resource types: AWS accepts nothing narrower.
      Resource: "*",
    },
    ...(sync
      ? [{ Sid: "Publish", Effect: "Allow" as const, Action: ["events:PutEvents"], Resource: arnOf(busId) }]
      : []),
  ];
}
