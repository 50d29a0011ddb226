import * as z from "zod";
import { pipelineNames } from "../../pipelineSettings.ts";
import { ties } from "../decisionOrder.ts";
import { overwriteEntry } from "../journal.ts";
import {
  type CommitAnswer,
  isFinalOutcome,
  type JournalEntry,
  journalOutcomes,
  type TrailStep,
} from "../ledger.ts";
import { type Changed, changeItem, changeItems } from "./changeItems.ts";
import {
  eventKey,
  hourOf,
  type Item,
  type LedgerTable,
  mapOf,
  numberAttribute,
  readItem,
  textAttribute,
  textsMap,
  timeIndex,
  userBeforeShape,
} from "./ledgerTable.ts";

/** The attributes that must be as they were read: an outcome or an operator's step in between would be lost. */
const guarded = ["outcome", "settledAt", "by", "steps"];

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
      decide: (item) => {
        // Not read any further: a later release may have written it.
        if (isFinalOutcome(item?.outcome?.S)) return { answer: "kept" as const };
        const next = overwriteEntry(item && fromJournalItem(item), entry);
        return next === undefined
          ? { answer: "kept" as const }
          : { answer: "written" as const, next: toJournalItem(next) };
      },
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

/** Changes several entries, and answers of each whether it was changed, in their order. */
export function changeEntries(
  table: LedgerTable,
  changes: readonly (Pick<JournalEntry, "personId" | "eventId"> & {
    change: (entry: JournalEntry) => JournalEntry;
  })[],
): Promise<Changed<boolean>[]> {
  return changeItems(
    table,
    changes.map(({ personId, eventId, change }) => ({
      key: eventKey(personId, eventId),
      decide: (item) =>
        item === undefined
          ? { answer: false }
          : { answer: true, next: toJournalItem(change(fromJournalItem(item))) },
    })),
    guarded,
  );
}

/** Changes one entry, or writes `missing` changed where there is none. Throws what the SDK throws. */
export function changeOrAddEntry(
  table: LedgerTable,
  missing: JournalEntry,
  change: (entry: JournalEntry) => JournalEntry,
): Promise<void> {
  const key = eventKey(missing.personId, missing.eventId);
  const decide = (item: Item | undefined) => {
    const next = change(item === undefined ? missing : fromJournalItem(item));
    return { answer: undefined, next: toJournalItem(next) };
  };
  return changeItem(table, { key, decide }, guarded);
}

/** Entries are kept for a year and a month: an annual audit looks back over a whole year. */
const lifetimeSeconds = 396 * 86_400;

/** The receipt and the outcome. */
const plainSteps = 2;

/** An entry lies in the time index by the hour of its latest outcome. */
function toJournalItem(entry: JournalEntry): Item {
  const { personId, eventId, trail, userBefore, interrupted, alsoAt, receives, ...texts } = entry;
  const item: Item = { ...eventKey(personId, eventId), eventId: { S: eventId }, personId: { S: personId } };
  for (const [name, value] of Object.entries(texts)) if (value !== undefined) item[name] = { S: value };
  if (receives !== undefined) item.receives = { N: String(receives) };
  if (userBefore !== undefined) item.userBefore = { M: textsMap(userBefore) };
  if (interrupted) item.interrupted = { BOOL: true };
  if (alsoAt !== undefined) item.alsoAt = { L: alsoAt.map((accountId) => ({ S: accountId })) };
  // Most events are received and end: the entry tells that without a trail.
  if (trail !== undefined && trail.length > plainSteps) {
    item.trail = { L: trail.map((step) => ({ M: toStepMap(step) })) };
    // Compared when the entry is written: a redrive changes nothing else of it.
    item.steps = { N: String(trail.length) };
  }
  item[timeIndex.partition] = { S: hourOf(entry.settledAt, eventId) };
  item.expiresAt = { N: String(Math.floor(Date.parse(entry.settledAt) / 1000) + lifetimeSeconds) };
  return item;
}

function toStepMap({ receives, ...texts }: TrailStep): Item {
  return { ...textsMap(texts), ...(receives !== undefined && { receives: { N: String(receives) } }) };
}

const tieAttribute = textAttribute.pipe(z.enum(ties));

const stepShape = {
  at: textAttribute,
  step: textAttribute,
  code: textAttribute.exactOptional(),
  requestId: textAttribute.exactOptional(),
  receives: numberAttribute.exactOptional(),
  by: textAttribute.exactOptional(),
  note: textAttribute.exactOptional(),
  tie: tieAttribute.exactOptional(),
};

const schema = z.object({
  personId: textAttribute,
  eventId: textAttribute,
  intent: textAttribute.pipe(z.enum(pipelineNames)),
  version: textAttribute,
  outcome: textAttribute.pipe(z.enum(journalOutcomes)),
  code: textAttribute.exactOptional(),
  requestId: textAttribute.exactOptional(),
  accountId: textAttribute.exactOptional(),
  occurredAt: textAttribute,
  effectiveAt: textAttribute.exactOptional(),
  receivedAt: textAttribute,
  settledAt: textAttribute,
  by: textAttribute.exactOptional(),
  note: textAttribute.exactOptional(),
  tie: tieAttribute.exactOptional(),
  receives: numberAttribute.exactOptional(),
  origin: textAttribute.exactOptional(),
  correlationId: textAttribute.exactOptional(),
  userBefore: mapOf(userBeforeShape).exactOptional(),
  interrupted: z
    .object({ BOOL: z.literal(true) })
    .transform(({ BOOL }) => BOOL)
    .exactOptional(),
  license: textAttribute.exactOptional(),
  alsoAt: z
    .object({ L: z.array(textAttribute) })
    .transform(({ L }) => L)
    .exactOptional(),
  undoes: textAttribute.exactOptional(),
  undoneAt: textAttribute.exactOptional(),
  trail: z
    .object({ L: z.array(mapOf(stepShape)) })
    .transform(({ L }) => L)
    .exactOptional(),
});

/** Reads a journal entry back. Throws for an item that this version of Rollcall did not write. */
export function fromJournalItem(item: Item): JournalEntry {
  return readItem(schema, item);
}
