import type { Aspect, Intent } from "../pipelines.ts";

/** A decision that waits for its day: one per person and kind, the newest. */
export interface PendingDecision {
  personId: string;
  aspect: Aspect;
  intent: Intent;
  eventId: string;
  version: string;
  /** Milliseconds since the epoch. */
  dueAt: number;
  /** Why it waits. */
  because: "effectiveLater" | "notRegistered";
  /** The event to publish when it is due: a line as `rollcall publish` reads it. */
  event: string;
}

/** A waiting decision as it lay in the store. */
export interface StoredDecision extends PendingDecision {
  /** Changes with every write, so that what was put off anew while it was being published is not removed. */
  token: string;
}

/** The port to the decisions that wait. */
export interface PendingStore {
  /** Puts decisions off, one answer for each in their order. Takes the place of an older one of the same kind. */
  defer(decisions: readonly PendingDecision[]): Promise<DeferAnswer[]>;
  /** Decisions that wait, by their due date: those due by `until` (milliseconds), or all. Throws what the store throws. */
  list(until?: number): AsyncIterable<StoredDecision>;
  /** Removes a decision that has been published, unless it was put off anew meanwhile. Throws what the store throws. */
  remove(decision: StoredDecision): Promise<void>;
}

export type DeferAnswer =
  | { kind: "deferred" }
  /** A newer decision of the same kind waits already. */
  | { kind: "superseded"; by: string }
  | { kind: "fault"; reason: string };
