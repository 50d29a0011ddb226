import { createHash } from "node:crypto";
import type * as z from "zod";
import type { DetailType } from "../events/hrEvent.ts";

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
  | { kind: "event"; event: InboundEvent }
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

export const ignored = (why: string): Conclusion => ({ kind: "nothing", why });
export const invalid = (why: string): Conclusion => ({ kind: "unusable", why });

/** The systems that events are made for. Each is the `origin` of its events, and part of their ids. */
type SourceName = "bamboohr" | "hibob" | "gusto" | "okta";

/** An event as a source's adapter drafts it. The schema is checked when it is published. */
export interface InboundEvent {
  type: DetailType;
  source: SourceName;
  /** The same for each delivery of the same message: the key of idempotency. */
  id: string;
  /** When the source decided. */
  occurredAt: string;
  person: { personId: string; email: string };
  more?: InboundEventFields;
}

/** What some events say besides; a field that is undefined is left out. */
export interface InboundEventFields {
  effectiveDate?: string | undefined;
  timeZone?: string | undefined;
  role?: string | undefined;
  reason?: string | undefined;
  urgency?: "immediate" | undefined;
}

export const toInboundEvent = (event: InboundEvent): Conclusion => ({ kind: "event", event });

/** The event as `publishEvents` takes it. */
export function toEventLine({ type, source, id, occurredAt, person, more }: InboundEvent): string {
  return JSON.stringify({
    source: `rollcall.${source}`,
    "detail-type": type,
    detail: {
      metadata: { id, schemaVersion: "1.0", occurredAt, correlationId: id, origin: source },
      data: { ...person, ...more },
    },
  });
}

/** A message that is not of the shape that its sender documents: where, and not what stands there. */
export function notAsDocumented(what: string, { issues }: z.ZodError): Conclusion {
  const places = issues.map(({ path }) => path.join(".") || "the whole");
  return invalid(`${what} is not as documented: ${places.join(", ")}`);
}

/**
 * An event's id for a message that has none: the same for the same content, so that a delivery that comes twice is known
 * for one. 128 bits, which no two messages share by chance.
 */
export function stableId(source: string, content: unknown): string {
  const hash = createHash("sha256").update(JSON.stringify(content)).digest("hex");
  return `${source}-${hash.slice(0, 32)}`;
}
