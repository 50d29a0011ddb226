import { ConditionalCheckFailedException, PutItemCommand } from "@aws-sdk/client-dynamodb";
import pMap from "p-map";
import * as z from "zod";
import { pipelineNames } from "../../pipelineSettings.ts";
import { type CommitAnswer, type JournalEntry, type JournalOutcome, openOutcomes } from "../ledger.ts";
import {
  eventKey,
  type Item,
  type LedgerTable,
  readItem,
  requestsAtOnce,
  textAttribute,
} from "./ledgerTable.ts";

/** Writes journal entries: one answer for each, in their order. */
export function recordEntries(table: LedgerTable, entries: readonly JournalEntry[]): Promise<CommitAnswer[]> {
  return pMap(entries, (entry) => record(table, entry), { concurrency: requestsAtOnce });
}

async function record(table: LedgerTable, entry: JournalEntry): Promise<CommitAnswer> {
  try {
    await putEntry(table, entry);
    return { kind: "done" };
  } catch (error) {
    return { kind: "fault", reason: `the journal did not take the entry: ${String(error)}` };
  }
}

/**
 * Writes one journal entry, unless the event's outcome is final: a redelivered event must not write "superseded" over the
 * "applied" of its first delivery. A final entry is no failure. Throws what the SDK throws.
 *
 * @returns whether it was written
 */
export async function putEntry({ dynamo, tableName }: LedgerTable, entry: JournalEntry): Promise<boolean> {
  try {
    await dynamo.send(
      new PutItemCommand({
        TableName: tableName,
        Item: toJournalItem(entry),
        ConditionExpression: isNewOrOpenEntry,
        ExpressionAttributeValues: openValues,
      }),
    );
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}

/** Condition clauses on a journal entry, and their values: its outcome is not final. */
export const openValues = Object.fromEntries(openOutcomes.map((outcome) => [`:${outcome}`, { S: outcome }]));
export const isOpenEntry = `outcome IN (${Object.keys(openValues).join(", ")})`;
const isNewOrOpenEntry = `attribute_not_exists(outcome) OR ${isOpenEntry}`;

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
