/** An event as PutEvents takes it. */
export interface EventEntry {
  source: string;
  detailType: string;
  /** JSON text. */
  detail: string;
}

/** The port to the bus; `eventBridgeBus.ts` is the adapter for Amazon EventBridge. */
export interface EventBus {
  /** At most ten entries. Expected failures come back as values; a throw is a broken assumption. */
  put(entries: readonly EventEntry[]): Promise<PutAnswer>;
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
  /** For people. May quote what was sent: mask it before it is shown. */
  message: string;
}

/**
 * - `transient`: the same again later may well pass.
 * - `entry`: these entries will fail for ever; others may pass.
 * - `bus`: credentials, permission or the bus itself; every entry would fail alike.
 */
export type PutFailureClass = "transient" | "entry" | "bus";
