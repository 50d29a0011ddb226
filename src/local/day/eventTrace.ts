import { parseHrEvent } from "../../events/parseHrEvent.ts";

/** By what an event is known again: its id, or its content if that breaks the schema and no id can be relied on. */
export type EventTrace = { kind: "event"; id: string } | { kind: "malformed"; content: string };

/** The detail is JSON that was parsed, so its text is the same wherever it has been on its way. */
export function eventTrace(type: unknown, detail: unknown): EventTrace {
  const parsed = parseHrEvent(type, detail);
  return parsed.ok
    ? { kind: "event", id: parsed.event.metadata.id }
    : { kind: "malformed", content: JSON.stringify([type, detail]) };
}
