import { randomUUID } from "node:crypto";
import type { PutEventsEntry } from "./putEvents.ts";

/**
 * An event in the form that rules match and targets receive.
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

/** The account and region that events come from. */
export interface EventOrigin {
  account: string;
  region: string;
}

type Content = Pick<EventEnvelope, "detail-type" | "source" | "resources" | "detail">;

/** Wraps an event's content in the envelope. `time` is cut to whole seconds, as EventBridge does. */
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

/** A rule in the form that the bus and the scheduler need. The CloudFormation reader's rules have it. */
export interface BusRule {
  name: string;
  arn: string;
  busName: string;
  enabled: boolean;
  /** The event pattern as parsed JSON. A rule has a pattern, a schedule, or both. */
  pattern?: unknown;
  /** A schedule expression such as `rate(1 minute)`. */
  schedule?: string;
  targets: readonly RuleTarget[];
}

export interface RuleTarget {
  id: string;
  arn: string;
  /** The dead-letter queue for events that could not be delivered. Without one they are dropped. */
  deadLetterArn?: string;
  /** A constant JSON text that the target receives instead of the event. */
  input?: string;
  /** The limit in the target's RetryPolicy; AWS's default is 185. */
  maximumRetryAttempts?: number;
}

/**
 * Scripted faults of the bus. Each function is called with an index that counts from 0 over the bus's lifetime, and
 * returns nothing for no fault.
 */
export interface BusFaults {
  /** Called once per PutEvents request, the SDK's own retries included, before its entries are checked. */
  call?: (call: { index: number; entries: readonly PutEventsEntry[] }) => PutEventsFault | undefined;
  /** Called once per valid entry. A fault makes EventBridge refuse that entry alone. */
  entry?: (entry: { index: number; entry: PutEventsEntry }) => EntryFault | undefined;
  /** Called once per accepted event and matching target. */
  delivery?: (delivery: {
    index: number;
    event: EventEnvelope;
    targetArn: string;
  }) => DeliveryFault | undefined;
}

type PutEventsFault =
  /** The call fails as a whole: 500 InternalFailure, 503, 429 or 400 ThrottlingException. */
  | { kind: "refuse"; status: number; code: string }
  /** The entries are accepted, and the connection breaks before the answer, so a retry sends them twice. */
  | { kind: "loseAnswer" };

interface EntryFault {
  code: "ThrottlingException" | "InternalFailure";
}

interface DeliveryFault {
  /** 2 delivers the event twice, which "at least once" allows. */
  copies?: number;
  /** Delays the delivery, so that later events overtake it. */
  delayMilliseconds?: number;
}
