import type { JournalEntry } from "../journalEntry.ts";
import { eventKey, type Item } from "./ledgerTable.ts";

/** Kept for a year and a month: an annual audit looks back over a whole year. */
const lifetimeSeconds = 396 * 86_400;

export function toJournalItem(entry: JournalEntry): Item {
  const { personId, eventId, ...fields } = entry;
  const item: Item = { ...eventKey(personId, eventId), eventId: { S: eventId }, personId: { S: personId } };
  for (const [name, value] of Object.entries(fields)) if (value !== undefined) item[name] = { S: value };
  item.expiresAt = { N: String(Math.floor(Date.parse(entry.settledAt) / 1000) + lifetimeSeconds) };
  return item;
}
