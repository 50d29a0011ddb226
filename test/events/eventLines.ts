import type { EventLine } from "../../src/events/eventLines.ts";

/** A valid leaver as a line to publish; `padding` makes it as long as a test needs. */
export function leaver(id: string, padding = 0): string {
  const metadata = { id, schemaVersion: "1.0", occurredAt: "2026-05-14T17:00:00Z" };
  const data = { personId: `person-of-${id}`, email: "ada@example.com" };
  const note = padding > 0 ? { note: "x".repeat(padding) } : {};
  return JSON.stringify({ "detail-type": "EmployeeLeft", detail: { metadata, data, ...note } });
}

/** A leaver that breaks the schema. */
export function malformedLeaver(id: string): string {
  return JSON.stringify({ "detail-type": "EmployeeLeft", detail: { metadata: { id } } });
}

export function toLines(texts: readonly string[]): EventLine[] {
  return texts.map((text, index) => ({ number: index + 1, bytes: Buffer.from(`${text}\n`) }));
}
