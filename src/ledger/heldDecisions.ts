import type { StoredHeldDecision } from "./pendingStore.ts";

/**
 * The port to the decisions that the safeguard holds, for operators. Who released or discarded one is in the person's
 * journal before anything comes of it. Everything here throws what the store throws, and may be done again.
 */
export interface HeldDecisions {
  /** In the order in which they were held. */
  list(): AsyncIterable<StoredHeldDecision>;
  /**
   * Approves of the decision, and of no other about the person, and makes it due: it is published within a minute or
   * two, and neither counts nor is held then.
   */
  release(decision: StoredHeldDecision, by: Approval): Promise<HeldAnswer<"released">>;
  /**
   * Drops the decision: it is not carried out, nor a late copy of its event. The journal keeps it as discarded. While an
   * invocation acts on a copy of it, it answers `busy`, and nothing is decided.
   */
  discard(decision: StoredHeldDecision, by: Approval): Promise<HeldAnswer<"discarded">>;
}

/** Who decided about a held decision, when (milliseconds since the epoch), and why. */
export interface Approval {
  by: string;
  now: number;
  note?: string;
}

export type HeldAnswer<Done extends string> =
  | { kind: Done }
  /** It is not held any more as it was read: released, discarded, cancelled or replaced by a newer one meanwhile. */
  | { kind: "changed" }
  /** An invocation may be acting on it now, until then in milliseconds since the epoch at the latest. It is held still. */
  | { kind: "busy"; until: number };
