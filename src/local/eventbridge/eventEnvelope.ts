import { randomUUID } from "node:crypto";

/**
 * An event as rules see it and targets get it.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-events-structure.html
 */
export interface EventEnvelope {
  version: "0";
  id: string;
  "detail-type": string;
  source: string;
  account: string;
  time: string;
  region: string;
  resources: readonly string[];
  detail: Readonly<Record<string, unknown>>;
}

/** Whose events these are. */
export interface EventOrigin {
  account: string;
  region: string;
}

type Content = Pick<EventEnvelope, "detail-type" | "source" | "resources" | "detail">;

/** Wraps an event's content. `time` is cut to whole seconds, as EventBridge does. */
export function toEnvelope(content: Content, origin: EventOrigin, time: Date): EventEnvelope {
  return {
    version: "0",
    id: randomUUID(),
    "detail-type": content["detail-type"],
    source: content.source,
    account: origin.account,
    time: time.toISOString().replace(/\.\d+Z$/, "Z"),
    region: origin.region,
    resources: content.resources,
    detail: content.detail,
  };
}
