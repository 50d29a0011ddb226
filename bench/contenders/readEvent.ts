import type { HrEvent } from "../../src/events/hrEvent.ts";
import { parseEnvelope } from "../../src/events/parseEnvelope.ts";
import { parseHrEvent } from "../../src/events/parseHrEvent.ts";

/** The HR event in a message's body, checked by the same schema as in Rollcall. Throws for a malformed one. */
export function readEvent(body: string): HrEvent {
  const envelope = parseEnvelope(body);
  const parsed = envelope.ok ? parseHrEvent(envelope.type, envelope.detail) : envelope;
  if (parsed.ok) return parsed.event;
  throw new Error(parsed.problems.map(({ path, message }) => `${path}: ${message}`).join("; "));
}
