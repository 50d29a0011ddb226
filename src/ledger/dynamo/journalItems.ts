import * as z from "zod";
import { pipelineNames } from "../../pipelineSettings.ts";
import { type CommitAnswer, type JournalEntry, type JournalOutcome, openOutcomes } from "../ledger.ts";
import { type Changed, changeItem, changeItems } from "./changeItems.ts";
import { eventKey, type Item, type LedgerTable, readItem, textAttribute } from "./ledgerTable.ts";

/** The attributes that decide whether an entry may be overwritten. */
const guarded = ["outcome", "settledAt"];

/**
 * Writes journal entries: one answer for each, in their order. An entry whose outcome is final stays, which is no failure: a
 * redelivered event must not write "superseded" over the "applied" of its first delivery.
 */
export async function recordEntries(
  table: LedgerTable,
  entries: readonly JournalEntry[],
): Promise<CommitAnswer[]> {
  const answers = await putEntries(table, entries);
  return answers.map((answer) =>
    answer.kind === "decided"
      ? { kind: "done" }
      : { kind: "fault", reason: `the journal did not take the entry: ${answer.error}` },
  );
}

/** Writes journal entries, and answers for each whether it stands there now. An event is new more often than not. */
export function putEntries(
  table: LedgerTable,
  entries: readonly JournalEntry[],
): Promise<Changed<"written" | "kept">[]> {
  return changeItems(
    table,
    entries.map((entry) => ({
      key: eventKey(entry.personId, entry.eventId),
      expected: null,
      decide: (standing) =>
        isFinal(standing) ? { answer: "kept" } : { answer: "written", next: toJournalItem(entry) },
    })),
    guarded,
  );
}

/** Changes one entry, and answers whether it was changed. Throws what the SDK throws. */
export function changeEntry(
  table: LedgerTable,
  { personId, eventId }: Pick<JournalEntry, "personId" | "eventId">,
  change: (entry: JournalEntry) => JournalEntry | undefined,
): Promise<boolean> {
  const key = eventKey(personId, eventId);
  const decide = (item: Item | undefined) => {
    const next = item && change(fromJournalItem(item));
    return next === undefined ? { answer: false } : { answer: true, next: toJournalItem(next) };
  };
  return changeItem(table, { key, decide }, guarded);
}

function isFinal(item: Item | undefined): boolean {
  const outcome = item?.outcome?.S;
  return outcome !== undefined && !openOutcomes.some((open) => open === outcome);
}

/** Entries are kept for a year and a month: an annual audit looks back over a whole year. */
const lifetimeSeconds = 396 * 86_400;

function toJournalItem(entry: JournalEntry): Item {
  const { personId, eventId, ...fields } = entry;
  const item: Item = { ...eventKey(personId, eventId), eventId: { S: eventId }, personId: { S: personId } };
  for (const [name, value] of Object.entries(fields)) if (value !== undefined) item[name] = { S: value };
  item.expiresAt = { N: String(Math.floor(Date.parse(entry.settledAt) / 1000) + lifetimeSeconds) };
  return item;
}

/** As an object, so that the compiler asks for a new outcome here too. */
const outcomes = {
  applied: "applied",
  unchanged: "unchanged",
  superseded: "superseded",
  excluded: "excluded",
  rejected: "rejected",
  discarded: "discarded",
  deferred: "deferred",
  held: "held",
} as const satisfies { [Outcome in JournalOutcome]: Outcome };

const schema = z.object({
  personId: textAttribute,
  eventId: textAttribute,
  intent: textAttribute.pipe(z.enum(pipelineNames)),
  version: textAttribute,
  outcome: textAttribute.pipe(z.enum(outcomes)),
  code: textAttribute.exactOptional(),
  requestId: textAttribute.exactOptional(),
  accountId: textAttribute.exactOptional(),
  occurredAt: textAttribute,
  effectiveAt: textAttribute.exactOptional(),
  receivedAt: textAttribute,
  settledAt: textAttribute,
  by: textAttribute.exactOptional(),
  note: textAttribute.exactOptional(),
});

/** Reads a journal entry back. Throws for an item that this version of Rollcall did not write. */
export function fromJournalItem(item: Item): JournalEntry {
  return readItem(schema, item);
}
