import type { Intent, Pipeline } from "../pipelines.ts";
import { arnOf, type Resources, ref } from "./cloudFormation.ts";
import { busId, pipelineIds } from "./names.ts";

/** The event bus that HR events are published to. */
export function busResources(): Resources {
  return { [busId]: { Type: "AWS::Events::EventBus", Properties: { Name: ref("AWS::StackName") } } };
}

/**
 * The rule that sends a pipeline's events to its queue. EventBridge gives up on a target after 24 hours and drops
 * the event, unless the target has a dead-letter queue: it is the pipeline's own, so that there is one place to look.
 */
export function ruleResources(name: Intent, pipeline: Pipeline): Resources {
  const ids = pipelineIds(name);
  return {
    [ids.rule]: {
      Type: "AWS::Events::Rule",
      Properties: {
        EventBusName: ref(busId),
        Description: `HR events for the ${name} pipeline`,
        EventPattern: { "detail-type": [...pipeline.detailTypes] },
        Targets: [
          { Id: ids.queue, Arn: arnOf(ids.queue), DeadLetterConfig: { Arn: arnOf(ids.deadLetterQueue) } },
        ],
      },
    },
  };
}
