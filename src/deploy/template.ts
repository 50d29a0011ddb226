import { type Pipeline, pipelineNames, pipelines } from "../pipelines.ts";
import { findAskedSomewhere } from "../policy/afterSuspension.ts";
import type { Policy } from "../policy/policy.ts";
import { alarmResources } from "./alarms.ts";
import { attributeOf, type Resources, ref, type Value } from "./cloudFormation.ts";
import { dashboardResources } from "./dashboard.ts";
import { drainFunction } from "./functions.ts";
import { busId, capitalized, pipelineIds, tableId } from "./names.ts";
import { oktaFunction, oktaResources } from "./okta.ts";
import { publishDueFunction, publishDueResources } from "./publishDue.ts";
import { queueResources } from "./queues.ts";
import { roleResources } from "./roles.ts";
import { rosterFunction, rosterResources } from "./roster.ts";
import type { RosterParameters } from "./rosterParameters.ts";
import { busResources, ruleResources } from "./rules.ts";
import { tableResources } from "./table.ts";
import { webhookFunction, webhookResources } from "./webhook.ts";

export interface TemplateOptions {
  alarmTopicArn?: string | undefined;
  /** Whether vendors may call: without it there is no public address. */
  webhooks?: boolean | undefined;
  /** The partner event bus that Okta's events come to. Without it nothing listens to Okta. */
  oktaBusName?: string | undefined;
  /** Where a roster lies that is to be followed. Without it none is looked at. */
  roster?: RosterParameters | undefined;
  /** What it asks for after a suspension the function may do, and nothing else of the kind. */
  policy?: Policy | undefined;
}

/** What serverless.yml takes from here: its `functions` and its `resources`. Both follow from the pipelines. */
export function template({ alarmTopicArn, webhooks = false, oktaBusName, roster, policy }: TemplateOptions) {
  const afterSuspension = policy === undefined ? undefined : findAskedSomewhere(policy);
  const resources: Resources = {
    ...busResources(),
    ...tableResources(),
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
    functions[name] = drainFunction(name, pipeline);
    Object.assign(
      resources,
      queueResources(name, pipeline),
      ruleResources(name, pipeline),
      roleResources(name, pipeline, afterSuspension),
      alarmResources(name, pipeline, alarmTopicArn),
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
    Object.assign(resources, rosterResources(roster, alarmTopicArn));
  }
  return { functions, resources: { Resources: resources, Outputs: outputs } };
}
