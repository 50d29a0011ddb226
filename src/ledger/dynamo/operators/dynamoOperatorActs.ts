import { PutItemCommand, QueryCommand } from "@aws-sdk/client-dynamodb";
import * as z from "zod";
import type { OperatorAct, OperatorActs } from "../../operatorDecisions.ts";
import {
  accountKey,
  actKey,
  actPrefix,
  type Item,
  type LedgerTable,
  personKey,
  readItem,
  textAttribute,
} from "../ledgerTable.ts";

/**
 * The acts of operators in DynamoDB, each with the person whom it is about, or else with its account. So a person's lie in the one query
 * of the history, and are deleted with it. Needs `dynamodb:PutItem`, and `dynamodb:Query` to read them.
 */
export function dynamoOperatorActs({ dynamo, tableName: TableName }: LedgerTable): OperatorActs {
  return {
    async record(act) {
      await dynamo.send(new PutItemCommand({ TableName, Item: toActItem(act) }));
    },
    async ofAccount(accountId, most) {
      const { Items = [] } = await dynamo.send(
        new QueryCommand({
          TableName,
          KeyConditionExpression: "pk = :account AND begins_with(sk, :acts)",
          ExpressionAttributeValues: { ":account": accountKey(accountId).pk, ":acts": { S: actPrefix } },
          ScanIndexForward: false,
          Limit: most,
          ConsistentRead: true,
        }),
      );
      return Items.map(fromActItem);
    },
  };
}

/** As long as the journal keeps an entry. */
const lifetimeSeconds = 396 * 86_400;

function toActItem({ userIds, ...texts }: OperatorAct): Item {
  const { personId, accountId = "", at, id } = texts;
  const about = personId === undefined ? accountKey(accountId) : personKey(personId);
  const item: Item = actKey(about, at, id);
  for (const [name, value] of Object.entries(texts)) if (value !== undefined) item[name] = { S: value };
  item.userIds = { L: userIds.map((userId) => ({ S: userId })) };
  item.expiresAt = { N: String(Math.floor(Date.parse(at) / 1000) + lifetimeSeconds) };
  return item;
}

const schema = z.object({
  id: textAttribute,
  at: textAttribute,
  operation: textAttribute,
  accountId: textAttribute.exactOptional(),
  personId: textAttribute.exactOptional(),
  userIds: z.object({ L: z.array(textAttribute) }).transform(({ L }) => L),
  by: textAttribute,
  note: textAttribute,
  result: textAttribute.pipe(z.enum(["begun", "done", "failed", "partly"])),
  code: textAttribute.exactOptional(),
  requestId: textAttribute.exactOptional(),
});

/** Reads an act back. Throws for an item that this version of Rollcall did not write. */
export function fromActItem(item: Item): OperatorAct {
  return readItem(schema, item);
}
