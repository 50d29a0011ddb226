import type { PostSuspensionAction } from "../directory/directory.ts";
import { guardedKindsOf, secretsOf } from "../directory/kinds/directoryKinds.ts";
import { dueIndex, emailIndex, timeIndex } from "../ledger/dynamo/ledgerTable.ts";
import { type Pipeline, pipelineNames, pipelines } from "../pipelineSettings.ts";
import { findRequiredActions } from "../policy/afterSuspension.ts";
import type { Policy } from "../policy/policy.ts";
import { listWatchedSources, type WatchedSource } from "../policy/sourceSettings.ts";
import { alarmResources } from "./alarms.ts";
import { attributeOf, type Resources, ref, sub, type Value } from "./cloudFormation.ts";
import { dashboardResources } from "./dashboard.ts";
import { oktaFunction, oktaResources, webhookFunction, webhookResources } from "./inboundResources.ts";
import { busId, capitalized, pipelineIds, tableId } from "./names.ts";
import { busResources, pipelineFunction, queueResources, ruleResources } from "./pipelineResources.ts";
import { roleResources } from "./roles.ts";
import type { RosterParameters } from "./rosterParameters.ts";
import {
  publishDueFunction,
  publishDueResources,
  rosterFunction,
  rosterResources,
} from "./scheduledResources.ts";
import { silenceAlarms } from "./silenceAlarms.ts";

export interface TemplateOptions {
  alarmTopicArn?: string | undefined;
  /** Whether there is a public URL for the webhooks of HR systems. */
  webhooks?: boolean | undefined;
  /** The partner event bus of Okta's events. Without it nothing listens to Okta. */
  oktaBusName?: string | undefined;
  /** The stored roster to reconcile on a schedule. Without it there is none. */
  roster?: RosterParameters | undefined;
  /** The offboard role allows the post-suspension actions that it asks for, and no others. */
  policy?: Policy | undefined;
  /** Leaves the table without deletion protection, so that a deployment which fails can take it away again. */
  firstDeployment?: boolean | undefined;
}

/** The `functions` and `resources` of serverless.yml. Both follow from the table of pipelines. */
export function template({
  alarmTopicArn,
  webhooks = false,
  oktaBusName,
  roster,
  policy,
  firstDeployment = false,
}: TemplateOptions) {
  const directories = {
    // A template without a policy is one of the directory that an account has where it names none.
    kinds: guardedKindsOf(policy?.accounts ?? [{ id: "" }]),
    secrets: secretsOf(policy?.accounts ?? []),
    actions: policy === undefined ? [] : actionsOf(policy),
  };
  const resources: Resources = {
    ...busResources(),
    ...tableResources(firstDeployment),
    ...publishDueResources(alarmTopicArn),
    ...dashboardResources({ webhooks, okta: oktaBusName !== undefined, roster: roster !== undefined }),
  };
  const functions: Record<string, Value> = { publishDue: publishDueFunction() };
  const outputs: Record<string, Value> = {
    EventBusName: { Value: ref(busId) },
    LedgerTableName: { Value: ref(tableId) },
  };
  for (const name of pipelineNames) {
    const pipeline: Pipeline = pipelines[name];
    const ids = pipelineIds(name);
    functions[name] = pipelineFunction(name, pipeline);
    Object.assign(
      resources,
      queueResources(name, pipeline),
      ruleResources(name, pipeline),
      roleResources(name, directories),
      alarmResources(name, pipeline, alarmTopicArn, directories.secrets.length > 0),
    );
    outputs[`${capitalized(name)}QueueName`] = { Value: attributeOf(ids.queue, "QueueName") };
    outputs[`${capitalized(name)}DeadLetterQueueName`] = {
      Value: attributeOf(ids.deadLetterQueue, "QueueName"),
    };
  }
  if (webhooks) {
    functions.webhook = webhookFunction();
    Object.assign(resources, webhookResources(alarmTopicArn));
  }
  if (oktaBusName !== undefined) {
    functions.okta = oktaFunction();
    Object.assign(resources, oktaResources(oktaBusName, alarmTopicArn));
  }
  if (roster !== undefined) {
    functions.roster = rosterFunction(roster);
    Object.assign(resources, rosterResources(roster, directories, alarmTopicArn));
  }
  const isReceived = ({ origin }: WatchedSource) =>
    origin === "okta" ? oktaBusName !== undefined : webhooks;
  Object.assign(resources, silenceAlarms(listWatchedSources(policy?.sources), isReceived, alarmTopicArn));
  return { functions, resources: { Resources: resources, Outputs: outputs } };
}

function actionsOf(policy: Policy): PostSuspensionAction[] {
  const required = findRequiredActions(policy);
  return (["signOut", "resetPin"] as const).filter((action) => required[action]);
}

/** The ledger's table. It is retained when the stack is deleted, because it is the audit trail and the order of decisions. */
export function tableResources(isFirstDeployment = false): Resources {
  const text = (AttributeName: string) => ({ AttributeName, AttributeType: "S" });
  return {
    [tableId]: {
      Type: "AWS::DynamoDB::Table",
      DeletionPolicy: "RetainExceptOnCreate",
      UpdateReplacePolicy: "Retain",
      Properties: {
        TableName: sub(`\${AWS::StackName}-ledger`),
        BillingMode: "PAY_PER_REQUEST",
        SSESpecification: { SSEEnabled: true },
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        // DynamoDB refuses to delete a protected table, also when CloudFormation rolls its creation back.
        DeletionProtectionEnabled: !isFirstDeployment,
        // Only journal entries have the attribute; heads and waiting decisions stay.
        TimeToLiveSpecification: { AttributeName: "expiresAt", Enabled: true },
        AttributeDefinitions: [
          text("pk"),
          text("sk"),
          text(emailIndex.partition),
          text(dueIndex.partition),
          { AttributeName: dueIndex.sort, AttributeType: "N" },
          text(timeIndex.partition),
          text(timeIndex.sort),
        ],
        KeySchema: [
          { AttributeName: "pk", KeyType: "HASH" },
          { AttributeName: "sk", KeyType: "RANGE" },
        ],
        GlobalSecondaryIndexes: [
          {
            IndexName: dueIndex.name,
            KeySchema: [
              { AttributeName: dueIndex.partition, KeyType: "HASH" },
              { AttributeName: dueIndex.sort, KeyType: "RANGE" },
            ],
            Projection: { ProjectionType: "ALL" },
          },
          {
            IndexName: emailIndex.name,
            KeySchema: [{ AttributeName: emailIndex.partition, KeyType: "HASH" }],
            Projection: { ProjectionType: "KEYS_ONLY" },
          },
          {
            IndexName: timeIndex.name,
            KeySchema: [
              { AttributeName: timeIndex.partition, KeyType: "HASH" },
              { AttributeName: timeIndex.sort, KeyType: "RANGE" },
            ],
            Projection: { ProjectionType: "ALL" },
          },
        ],
      },
    },
  };
}
