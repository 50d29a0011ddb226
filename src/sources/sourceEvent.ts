import type { DetailType } from "../events/hrEvent.ts";
import type { Conclusion } from "./reading.ts";

/** The systems that events are made for. Each is the `origin` of its events, and part of their ids. */
type SourceName = "bamboohr" | "hibob" | "gusto" | "okta";

/** An event as a source's adapter drafts it. The schema is checked when it is published. */
export interface SourceEvent {
  type: DetailType;
  source: SourceName;
  /** The same for each delivery of the same message: the key of idempotency. */
  id: string;
  /** When the source decided. */
  occurredAt: string;
  person: { personId: string; email: string };
  more?: SourceEventFields;
}

/** What some events say besides; a field that is undefined is left out. */
export interface SourceEventFields {
  effectiveDate?: string | undefined;
  timeZone?: string | undefined;
  role?: string | undefined;
  reason?: string | undefined;
  urgency?: "immediate" | undefined;
}

export const tell = (event: SourceEvent): Conclusion => ({ kind: "event", event });

/** The event as `publishEvents` takes it. */
export function toEventLine({ type, source, id, occurredAt, person, more }: SourceEvent): string {
  return JSON.stringify({
    source: `rollcall.${source}`,
    "detail-type": type,
    detail: {
      metadata: { id, schemaVersion: "1.0", occurredAt, correlationId: id, origin: source },
      data: { ...person, ...more },
    },
  });
}
