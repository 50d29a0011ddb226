import { paginateQuery, type QueryCommandInput } from "@aws-sdk/client-dynamodb";
import type { Aspect } from "../../pipelineSettings.ts";
import { compareDecisions } from "../decisionOrder.ts";
import type { HeadState } from "../head.ts";
import type { JournalEntry } from "../ledger.ts";
import type { OperatorAct } from "../operatorDecisions.ts";
import { type HeldDecision, type PendingDecision, readWaitingEvent } from "../pendingStore.ts";
import type { Head, History, PersonHistory } from "../personHistory.ts";
import { dynamoPendingStore } from "./dynamoPendingStore.ts";
import { fromHeadItem } from "./headItems.ts";
import { personOf, readHeadKeys } from "./headKeys.ts";
import { fromJournalItem } from "./journalItems.ts";
import {
  actPrefix,
  headKey,
  hourPartition,
  type Item,
  type LedgerTable,
  personKey,
  timeIndex,
} from "./ledgerTable.ts";
import { fromActItem } from "./operators/dynamoOperatorActs.ts";
import { fromHeldItem, fromPendingItem, isHeldItem } from "./pendingItems.ts";

/** The histories of people in DynamoDB. Needs `dynamodb:Query` on the table and on its indexes. */
export function dynamoHistory(table: LedgerTable): History {
  return {
    ofPerson: (personId) => ofPerson(table, personId),
    peopleAt: (email) => peopleAt(table, email),
    between: (from, to) => between(table, from, to),
    latest: (from, to) => latest(table, from, to),
  };
}

async function ofPerson(table: LedgerTable, personId: string): Promise<PersonHistory | undefined> {
  const heads: Head[] = [];
  const entries: JournalEntry[] = [];
  const waiting: PendingDecision[] = [];
  const held: HeldDecision[] = [];
  const acts: OperatorAct[] = [];
  const { pk } = personKey(personId);
  const query = {
    KeyConditionExpression: "pk = :person",
    ExpressionAttributeValues: { ":person": pk },
    ConsistentRead: true,
  };
  for await (const item of queryItems(table, query)) {
    const sortKey = item.sk?.S ?? "";
    const aspect = aspects.find((name) => sortKey === headKey(personId, name).sk.S);
    if (aspect !== undefined) heads.push(toHead(aspect, fromHeadItem(item)));
    else if (sortKey.startsWith("event#")) entries.push(fromJournalItem(item));
    else if (sortKey.startsWith(actPrefix)) acts.push(fromActItem(item));
    else if (!sortKey.startsWith("pending#")) continue;
    else if (isHeldItem(item)) held.push(fromHeldItem(item));
    else waiting.push(fromPendingItem(item));
  }
  if (heads.length + entries.length + waiting.length + held.length + acts.length === 0) return undefined;
  entries.sort(compareDecisions);
  waiting.sort((a, b) => a.dueAt - b.dueAt);
  held.sort((a, b) => a.heldAt - b.heldAt);
  return { personId, heads, entries, waiting, held, ...(acts.length > 0 && { acts }) };
}

const aspects: readonly Aspect[] = ["access", "license"];

/**
 * A decision that waits for its date was never claimed, so the index of heads does not know its address; the waiting event
 * itself does. There are few of those. A held decision was claimed.
 */
async function peopleAt(table: LedgerTable, email: string): Promise<string[]> {
  const people = new Set((await readHeadKeys(table, email)).map(personOf));
  for await (const { personId, event } of dynamoPendingStore(table).list()) {
    if (readWaitingEvent(event).emails.includes(email)) people.add(personId);
  }
  return [...people].sort();
}

const hourMilliseconds = 3_600_000;

async function* between(table: LedgerTable, from: number, to: number): AsyncGenerator<JournalEntry> {
  for (const hour of hoursOf(from, to)) yield* await entriesOfHour(table, hour, { from, to });
}

async function* latest(table: LedgerTable, from: number, to: number): AsyncGenerator<JournalEntry> {
  for (const hour of hoursOf(from, to).reverse())
    yield* (await entriesOfHour(table, hour, { from, to })).reverse();
}

/** The beginnings of the hours from one moment to before another. */
function hoursOf(from: number, to: number): number[] {
  const first = Math.floor(from / hourMilliseconds);
  const count = Math.max(0, Math.ceil(to / hourMilliseconds) - first);
  return Array.from({ length: count }, (_, index) => (first + index) * hourMilliseconds);
}

/** Reads the shards of an hour at once: its entries in their order, from one moment to before another. */
async function entriesOfHour(
  table: LedgerTable,
  hour: number,
  { from, to }: { from: number; to: number },
): Promise<JournalEntry[]> {
  const iso = (milliseconds: number) => new Date(milliseconds).toISOString();
  const shards = Array.from({ length: timeIndex.shards }, async (_, shard) => {
    const entries: JournalEntry[] = [];
    const query = {
      IndexName: timeIndex.name,
      KeyConditionExpression: `#hour = :hour AND ${timeIndex.sort} BETWEEN :from AND :last`,
      ExpressionAttributeNames: { "#hour": timeIndex.partition },
      ExpressionAttributeValues: {
        ":hour": { S: hourPartition(iso(hour).slice(0, 13), shard) },
        ":from": { S: iso(from) },
        ":last": { S: iso(to - 1) },
      },
    };
    for await (const item of queryItems(table, query)) entries.push(fromJournalItem(item));
    return entries;
  });
  return (await Promise.all(shards)).flat().sort((a, b) => (a.settledAt < b.settledAt ? -1 : 1));
}

async function* queryItems(
  { dynamo: client, tableName: TableName }: LedgerTable,
  query: Omit<QueryCommandInput, "TableName">,
): AsyncGenerator<Item> {
  for await (const { Items = [] } of paginateQuery({ client }, { ...query, TableName })) yield* Items;
}

function toHead(aspect: Aspect, head: HeadState): Head {
  const { email, settled, left, addresses, claimed, lease, discarded, observed, busTimes } = head;
  const { waiting, absent, endedLeave } = head;
  return {
    aspect,
    ...(email !== undefined && { email }),
    ...(settled !== undefined && { settled }),
    ...(left !== undefined && { left }),
    ...(addresses !== undefined && { addresses }),
    ...(claimed !== undefined && { claim: { version: claimed, ...(lease !== undefined && { lease }) } }),
    ...(discarded !== undefined && { discarded }),
    ...(observed !== undefined && { observed }),
    ...(busTimes !== undefined && { busTimes }),
    ...(waiting !== undefined && { waiting }),
    ...(absent !== undefined && { absent }),
    ...(endedLeave !== undefined && { endedLeave }),
  };
}
