import type { SourceEvent } from "./sourceEvent.ts";

/**
 * What a source's message comes to.
 *
 * - `event`: ours, to be published.
 * - `nothing`: nobody's access or license changes by it.
 * - `unusable`: it should have become an event and cannot; a person must look.
 * - `lookUp`: it names somebody only, and the vendor's API must be asked who that is now.
 *
 * `why` is for the log, so it names nobody.
 */
export type Reading =
  | { kind: "event"; event: SourceEvent }
  | { kind: "nothing"; why: string }
  | { kind: "unusable"; why: string }
  | { kind: "lookUp"; question: Question; conclude: (answer: unknown) => Conclusion };

/** What is left once nobody has to be asked any more. */
export type Conclusion = Exclude<Reading, { kind: "lookUp" }>;

/** A call of a vendor's API that answers with JSON. */
export interface Question {
  method: "GET" | "POST";
  url: string;
  headers: Readonly<Record<string, string>>;
  /** JSON text. */
  body?: string;
}

export const nothing = (why: string): Conclusion => ({ kind: "nothing", why });
export const unusable = (why: string): Conclusion => ({ kind: "unusable", why });
