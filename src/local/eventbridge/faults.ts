import type { EventEnvelope } from "./eventEnvelope.ts";
import type { PutEventsEntry } from "./putEvents/putEventsRequest.ts";

/**
 * What a test wants to go wrong. Each function is asked in order, with an index that counts from 0 over the
 * bus's life; it answers nothing where all shall go well.
 */
export interface BusFaults {
  /** Asked once per PutEvents request, the SDK's own retries included, before its entries are looked at. */
  call?: (call: { index: number; entries: readonly PutEventsEntry[] }) => CallFault | undefined;
  /** Asked once per valid entry. A fault here makes EventBridge refuse that entry alone. */
  entry?: (entry: { index: number; entry: PutEventsEntry }) => EntryFault | undefined;
  /** Asked once per accepted event and matching target. */
  delivery?: (delivery: {
    index: number;
    event: EventEnvelope;
    targetArn: string;
  }) => DeliveryFault | undefined;
}

type CallFault =
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
