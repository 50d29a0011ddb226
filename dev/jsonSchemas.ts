import * as z from "zod";
import { DEFAULT_SOURCE, type DetailType, hrEventSchemas } from "../src/events/hrEvent.ts";
import { policySchema } from "../src/policy/policy.ts";

/**
 * The JSON Schema (draft 4, the newest that the EventBridge schema registry takes) of one detail-type as
 * EventBridge delivers it: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-schema-create.html.
 * Only what a producer has to send is required, so it holds for the lines of `rollcall publish` as well.
 *
 * It cannot check whether the runtime knows a time zone.
 */
export function toJsonSchema(type: DetailType): Record<string, unknown> {
  const delivered = (description: string) => z.string().optional().describe(description);
  const event = z.object({
    "detail-type": z.literal(type),
    source: delivered(`The producer, such as ${DEFAULT_SOURCE}.`),
    id: delivered("EventBridge's id of the delivery. The event's own is detail.metadata.id."),
    time: delivered("When EventBridge received the event. HR's own time is detail.metadata.occurredAt."),
    account: delivered("The AWS account that received the event."),
    region: delivered("The AWS region that received the event."),
    detail: hrEventSchemas[type],
  });
  const { $schema, ...rest } = z.toJSONSchema(event, { target: "draft-4", io: "input" });
  return {
    $schema,
    id: `urn:rollcall:hr-event:${type}:1`,
    title: type,
    description: descriptions[type],
    "x-amazon-events-detail-type": type,
    "x-amazon-events-source": DEFAULT_SOURCE,
    ...rest,
  };
}

/** What each detail-type means, as the schemas describe it. */
const descriptions: Record<DetailType, string> = {
  EmployeeHired: "Someone joins, and should get access.",
  EmployeeLeft: "Someone leaves, and should lose access.",
  EmployeeReturned: "Someone is back, from leave or rehired, and should get access again.",
  EmployeeRoleChanged: "Someone changes role, and should get the license that goes with it.",
  LicenseChanged: "Someone should have this license from now on.",
};

/**
 * The JSON Schema of `policy.yml` (draft 7, which editors' YAML servers know best), as it is written: fields with a default
 * may be left out. It cannot check accounts against each other; `rollcall policy check` does.
 */
export function toPolicySchema(): Record<string, unknown> {
  const { $schema, ...rest } = z.toJSONSchema(policySchema, { target: "draft-7", io: "input" });
  return { $schema, title: "policy.yml", description: "Whose access Rollcall manages, and how.", ...rest };
}
