import { readingActions } from "../directory/directoryKind.ts";
import {
  dueIndex,
  pausesPartition,
  rosterPartition,
  safeguardPartition,
} from "../ledger/dynamo/ledgerTable.ts";
import { addressAttributes } from "../reconcile/dynamo/dynamoRosterAddresses.ts";
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
import {
  type CalledDirectories,
  callDirectory,
  findOwners,
  lambdaRole,
  ofPeople,
  readSecrets,
  writeLog,
} from "./roles.ts";
import type { RosterParameters } from "./rosterParameters.ts";

/** The function that publishes due decisions every minute, as an entry of serverless.yml. */
export function publishDueFunction(): { [key: string]: Value } {
  return {
    handler: "src/lambda/publishDueHandler.handler",
    description: "Publishes the decisions that are due",
    role: publishDueRoleId,
    timeout: 50,
    memorySize: 256,
    environment: { ...observedEnvironment, TABLE_NAME: ref(tableId), EVENT_BUS_NAME: ref(busId) },
    events: [{ schedule: { rate: ["rate(1 minute)"], enabled: true } }],
  };
}

const publishDueRoleId = "PublishDueRole";

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
        // Only the items of the safeguard, and no person's history.
        Condition: { "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": [safeguardPartition] } },
      },
      {
        Sid: "ReadThePauses",
        Effect: "Allow",
        Action: ["dynamodb:GetItem"],
        Resource: arnOf(tableId),
        Condition: { "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": [pausesPartition] } },
      },
      {
        // The index lags, so an item is read again before it is published.
        Sid: "ConfirmAndRemoveWhatIsPublished",
        Effect: "Allow",
        Action: ["dynamodb:BatchGetItem", "dynamodb:DeleteItem"],
        Resource: arnOf(tableId),
      },
      { Sid: "Publish", Effect: "Allow", Action: ["events:PutEvents"], Resource: arnOf(busId) },
    ]),
  };
}

/**
 * The function that compares a stored roster with the directory, as an entry of serverless.yml. The reserved concurrency of 1
 * keeps runs apart. 200,000 people take 310 MiB; the rest buys the CPU share that comes with the memory.
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

const rosterRoleId = "RosterRole";

export function rosterResources(
  parameters: RosterParameters,
  directories: ReadDirectories,
  alarmTopicArn: string | undefined,
): Resources {
  return {
    ...rosterAlarms("RosterLambdaFunction", parameters, alarmTopicArn),
    [rosterRoleId]: lambdaRole("roster", rosterStatements(parameters, directories)),
  };
}

type ReadDirectories = Pick<CalledDirectories, "kinds" | "secrets">;

function rosterStatements(
  { bucket, key, sync }: RosterParameters,
  { kinds, secrets }: ReadDirectories,
): Statement[] {
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
      // Only the last roster's item, and no person's history.
      Condition: { "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": [rosterPartition] } },
    },
    {
      Sid: "RecallTheAddressesOfPeople",
      Effect: "Allow",
      Action: ["dynamodb:BatchGetItem"],
      Resource: arnOf(tableId),
      Condition: ofPeople(addressAttributes),
    },
    findOwners,
    ...callDirectory("ReadTheDirectory", kinds.flatMap(readingActions)),
    ...readSecrets(secrets),
    ...(sync
      ? [{ Sid: "Publish", Effect: "Allow" as const, Action: ["events:PutEvents"], Resource: arnOf(busId) }]
      : []),
  ];
}
