import { randomUUID } from "node:crypto";
import type { PutEventsEntry } from "./putEvents.ts";

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

/** A rule as the bus and the scheduler need it; the CloudFormation reader's rules have this shape. */
export interface BusRule {
  name: string;
  arn: string;
  busName: string;
  enabled: boolean;
  /** Parsed JSON, still to be compiled. A rule has a pattern, a schedule, or both. */
  pattern?: unknown;
  /** `rate(1 minute)` and its like. */
  schedule?: string;
  targets: readonly RuleTarget[];
}

export interface RuleTarget {
  id: string;
  arn: string;
  /** Where an event goes that could not be delivered. Without one it is dropped. */
  deadLetterArn?: string;
  /** A constant JSON text that the target gets in the event's place. */
  input?: string;
  /** From the target's RetryPolicy; AWS's own default is 185. */
  maximumRetryAttempts?: number;
}

/**
 * What a test wants to go wrong. Each function is asked in order, with an index that counts from 0 over the
 * bus's life; it answers nothing where all shall go well.
 */
export interface BusFaults {
  /** Asked once per PutEvents request, the SDK's own retries included, before its entries are looked at. */
  call?: (call: { index: number; entries: readonly PutEventsEntry[] }) => PutEventsFault | undefined;
  /** Asked once per valid entry. A fault here makes EventBridge refuse that entry alone. */
  entry?: (entry: { index: number; entry: PutEventsEntry }) => EntryFault | undefined;
  /** Asked once per accepted event and matching target. */
  delivery?: (delivery: {
    index: number;
    event: EventEnvelope;
    targetArn: string;
  }) => DeliveryFault | undefined;
}

type PutEventsFault =
  /** The call fails as a whole: 500 InternalFailure, 503, 429 or 400 ThrottlingException. */
  | { kind: "refuse"; status: number; code: string }
  /** The entries are accepted, but the connection breaks before the answer: a retry then sends them twice. */
  | { kind: "loseAnswer" };

interface EntryFault {
  code: "ThrottlingException" | "InternalFailure";
}

interface DeliveryFault {
  /** 2 delivers the event twice, which "at least once" allows. */
  copies?: number;
  /** Holds the delivery back, so that later events overtake it. */
  delayMilliseconds?: number;
}
