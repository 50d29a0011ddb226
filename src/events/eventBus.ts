/** The port to the event bus; `eventBridgeBus.ts` is the adapter for Amazon EventBridge. */
export interface EventBus {
  /** Puts at most ten entries. Expected failures come back as values; a throw is a broken assumption. */
  put(entries: readonly EventEntry[]): Promise<PutAnswer>;
}

/** An event as PutEvents takes it. */
export interface EventEntry {
  source: string;
  detailType: string;
  /** JSON text. */
  detail: string;
}

/** `answered`: one answer per entry, in their order. `failed`: the call as a whole, so no entry arrived. */
export type PutAnswer =
  | { kind: "answered"; entries: readonly EntryAnswer[] }
  | { kind: "failed"; failure: PutFailure };

export type EntryAnswer = { kind: "accepted"; eventId: string } | { kind: "failed"; failure: PutFailure };

export interface PutFailure {
  class: PutFailureClass;
  /** The service's own code, such as `ThrottlingException`. */
  code: string;
  /** For operators. It may quote what was sent: mask it before it is shown. */
  message: string;
}

/**
 * - `transient`: a retry may well succeed.
 * - `entry`: these entries will never succeed; others may.
 * - `bus`: credentials, permission or the bus itself; every entry would fail alike.
 */
export type PutFailureClass = "transient" | "entry" | "bus";

/** PutEvents takes ten entries a call: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html. */
export const MAX_ENTRIES_PER_REQUEST = 10;

/**
 * An entry, and a request in all, must stay below this. Newer documents allow 1 MiB; an HR event has about
 * 1 KiB, and 256 KiB fit every region, and SQS behind the bus.
 */
export const MAX_REQUEST_BYTES = 256 * 1024;

/**
 * Bytes of an entry as EventBridge counts them, without the rest of the request's JSON:
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html#eb-putevent-size.
 */
export function entrySizeBytes({ source, detailType, detail }: EventEntry): number {
  return Buffer.byteLength(source) + Buffer.byteLength(detailType) + Buffer.byteLength(detail);
}
