import { type Pipeline, pipelineNames, pipelines } from "../pipelines.ts";
import { alarmResources } from "./alarms.ts";
import { attributeOf, type Resources, ref, type Value } from "./cloudFormation.ts";
import { dashboardResources } from "./dashboard.ts";
import { drainFunction } from "./functions.ts";
import { busId, capitalized, pipelineIds, tableId } from "./names.ts";
import { publishDueFunction, publishDueResources } from "./publishDue.ts";
import { queueResources } from "./queues.ts";
import { roleResources } from "./roles.ts";
import { busResources, ruleResources } from "./rules.ts";
import { tableResources } from "./table.ts";

/** What serverless.yml takes from here: its `functions` and its `resources`. Both follow from the pipelines. */
export function template({ alarmTopicArn }: { alarmTopicArn?: string | undefined }) {
  const resources: Resources = {
    ...busResources(),
    ...tableResources(),
    ...publishDueResources(alarmTopicArn),
    ...dashboardResources(),
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
      roleResources(name, pipeline),
      alarmResources(name, pipeline, alarmTopicArn),
    );
    outputs[`${capitalized(name)}QueueName`] = { Value: attributeOf(ids.queue, "QueueName") };
    outputs[`${capitalized(name)}DeadLetterQueueName`] = {
      Value: attributeOf(ids.deadLetterQueue, "QueueName"),
    };
  }
  return { functions, resources: { Resources: resources, Outputs: outputs } };
}
