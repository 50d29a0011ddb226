import type { Aspect } from "../pipelines.ts";

/** The decision that is to be marked as discarded on its head. */
export interface Marked {
  personId: string;
  aspect: Aspect;
  version: string;
}

export type MarkAnswer =
  /** No claim of it is granted any more. */
  | { kind: "marked" }
  /** It was carried out before. */
  | { kind: "settled" }
  /** An invocation may be acting on it now, until then in milliseconds since the epoch at the latest. */
  | { kind: "busy"; until: number };
