import { DeleteItemCommand, paginateQuery } from "@aws-sdk/client-dynamodb";
import pMap from "p-map";
import type { ForgetAnswer, ForgetOrder, Forgetting } from "../forgottenPeople.ts";
import type { DecidingClock } from "../operatorDecisions.ts";
import { rememberForgotten } from "./dynamoForgottenPeople.ts";
import { fromHeadItem } from "./headItems.ts";
import { addressKey, type Item, type LedgerTable, personKey } from "./ledgerTable.ts";
import { readItems } from "./readItems.ts";
import { serverClock } from "./serverClock.ts";

const deletionsAtOnce = 16;

/**
 * Has people forgotten in DynamoDB. Needs Query, GetItem, BatchGetItem, PutItem, UpdateItem and DeleteItem on the table.
 *
 * @param clock by default DynamoDB's own
 */
export function dynamoForgetting(
  table: LedgerTable,
  clock: DecidingClock = serverClock(table.dynamo),
): Forgetting {
  return { forget: (personId, order) => forget(table, personId, order, clock) };
}

async function forget(
  table: LedgerTable,
  personId: string,
  order: ForgetOrder,
  clock: DecidingClock,
): Promise<ForgetAnswer> {
  const waiting = (await readPerson(table, personId)).filter(({ sk }) => sk?.S?.startsWith("pending#"));
  if (waiting.length > 0) return { kind: "waits", decisions: waiting.length };
  await rememberForgotten(table, personId, order);
  // From here on nobody begins to act for the person. Whoever had begun before has a lease.
  const items = await readPerson(table, personId);
  const leases = items.flatMap((item) => leaseOf(item) ?? []);
  const until = Math.max(...leases, 0);
  if (until >= clock(order)) return { kind: "busy", until };
  const remembered = await readIdentities(table, personId, items);
  // In this order: an interrupted try leaves the addresses and accounts by which the next one finds the remembered ids.
  await deleteItems(table, remembered);
  await deleteItems(table, items);
  return { kind: "forgotten", items: remembered.length + items.length };
}

async function deleteItems({ dynamo, tableName }: LedgerTable, items: readonly Item[]): Promise<void> {
  const remove = (item: Item) =>
    dynamo.send(new DeleteItemCommand({ TableName: tableName, Key: keyOf(item) }));
  await pMap(items, remove, { concurrency: deletionsAtOnce });
}

async function readPerson(
  { dynamo: client, tableName: TableName }: LedgerTable,
  personId: string,
): Promise<Item[]> {
  const query = {
    TableName,
    KeyConditionExpression: "pk = :person",
    ExpressionAttributeValues: { ":person": personKey(personId).pk },
    ConsistentRead: true,
  };
  const found: Item[] = [];
  for await (const { Items = [] } of paginateQuery({ client }, query)) found.push(...Items);
  return found;
}

const isHead = ({ sk }: Item) => sk?.S?.startsWith("head#") === true;
const keyOf = ({ pk, sk }: Item): Item => ({ ...(pk && { pk }), ...(sk && { sk }) });

function leaseOf(item: Item): number | undefined {
  return isHead(item) ? fromHeadItem(item).lease?.until : undefined;
}

/** The remembered user ids at the addresses that the person had, in the accounts that the journal names. */
async function readIdentities(table: LedgerTable, personId: string, items: readonly Item[]): Promise<Item[]> {
  const emails = new Set(
    items.flatMap(({ email, addresses }) => [email?.S ?? [], addresses?.SS ?? []].flat()),
  );
  const accountIds = new Set(items.flatMap(({ accountId }) => accountId?.S ?? []));
  const keys = [...accountIds].flatMap((accountId) =>
    [...emails].map((email) => addressKey(accountId, email)),
  );
  const answers = await readItems(table, keys);
  return answers.flatMap((answer) => {
    if (answer.kind === "unread") throw answer.error;
    return answer.item?.personId?.S === personId ? [answer.item] : [];
  });
}
