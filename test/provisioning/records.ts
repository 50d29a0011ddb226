import type { DetailType } from "../../src/events/hrEvent.ts";
import type { QueueRecord } from "../../src/provisioning/decision.ts";

/** What a test says of an event; the rest is as usual. */
export interface EventSample {
  id?: string;
  /** ISO 8601. */
  occurredAt?: string;
  personId?: string;
  email?: string;
  receiveCount?: number;
  /** The system that the event comes from. */
  origin?: string;
  /** Further fields of `data`. */
  data?: Record<string, unknown>;
}

const receivedAt = Date.parse("2026-05-14T12:00:00.000Z");

/** A queue message as EventBridge delivers it. */
export function aRecord(type: DetailType, event: EventSample = {}): QueueRecord {
  const { id = "e-1", occurredAt = "2026-05-14T11:00:00Z", receiveCount = 1, data = {} } = event;
  const { personId = "p-1", email = "ada@team.example", origin } = event;
  const detail = {
    metadata: { id, schemaVersion: "1.0", occurredAt, ...(origin !== undefined && { origin }) },
    data: { personId, email, ...data },
  };
  const envelope = { version: "0", id: "6a7e8feb-b491-4cf7-a9f1-bf3703467718", "detail-type": type, detail };
  return { body: JSON.stringify({ ...envelope, source: "rollcall.hr" }), receiveCount, receivedAt };
}

/** A queue message with this body, whatever it is. */
export function aBody(body: string): QueueRecord {
  return { body, receiveCount: 1, receivedAt };
}
