import { BatchGetItemCommand, BatchWriteItemCommand, type WriteRequest } from "@aws-sdk/client-dynamodb";
import pMap from "p-map";
import { type Identity, type IdentityCache, isGoodFor, ownersOfAddresses } from "../ledger.ts";
import { addressKey, type LedgerTable } from "./ledgerTable.ts";

/** The most that DynamoDB takes in one batch. */
const keysPerRead = 100;
const itemsPerWrite = 25;
const batchesAtOnce = 8;
/** As long as the journal keeps an entry. An id that is forgotten is looked up again. */
const rememberedForSeconds = 396 * 86_400;

/**
 * The remembered user ids in DynamoDB. It is a cache: an item that a batch leaves unprocessed, or that a fault keeps from being
 * read or written, costs a look-up in the directory later and nothing else. `onFault` is called with each fault.
 */
export function dynamoIdentityCache(table: LedgerTable, onFault: (error: unknown) => void): IdentityCache {
  const write = (requests: WriteRequest[]) =>
    inBatches(requests, itemsPerWrite, onFault, async (batch) => {
      await table.dynamo.send(new BatchWriteItemCommand({ RequestItems: { [table.tableName]: batch } }));
    });
  return {
    async recall(accountId, people) {
      const found = new Map<string, string>();
      const owners = ownersOfAddresses(people);
      await inBatches([...owners.keys()], keysPerRead, onFault, async (batch) => {
        const Keys = batch.map((email) => addressKey(accountId, email));
        const answer = await table.dynamo.send(
          new BatchGetItemCommand({ RequestItems: { [table.tableName]: { Keys } } }),
        );
        for (const { address, userId, personId, onlyFor } of answer.Responses?.[table.tableName] ?? []) {
          if (address?.S === undefined || userId?.S === undefined || personId?.S === undefined) continue;
          const asking = owners.get(address.S);
          const identity = { personId: personId.S, ...(onlyFor?.S !== undefined && { onlyFor: onlyFor.S }) };
          if (asking !== undefined && isGoodFor(identity, asking)) found.set(address.S, userId.S);
        }
      });
      return found;
    },
    remember: (accountId, identities) => {
      // DynamoDB refuses a whole batch in which a key stands twice.
      const byAddress = new Map(identities.map((identity) => [identity.email, identity]));
      return write([...byAddress.values()].map((identity) => putRequest(accountId, identity)));
    },
    forget: (accountId, emails) =>
      write([...new Set(emails)].map((email) => ({ DeleteRequest: { Key: addressKey(accountId, email) } }))),
  };
}

/** The attribute is named `address`: an attribute `email` would put the item into the index of people's heads. */
function putRequest(accountId: string, { email, personId, userId, onlyFor }: Identity): WriteRequest {
  const expiresAt = { N: String(Math.ceil(Date.now() / 1000) + rememberedForSeconds) };
  const fields = {
    address: { S: email },
    personId: { S: personId },
    userId: { S: userId },
    ...(onlyFor !== undefined && { onlyFor: { S: onlyFor } }),
    expiresAt,
  };
  return { PutRequest: { Item: { ...addressKey(accountId, email), ...fields } } };
}

async function inBatches<T>(
  items: readonly T[],
  size: number,
  onFault: (error: unknown) => void,
  work: (batch: T[]) => Promise<void>,
): Promise<void> {
  const batches = Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
  await pMap(batches, (batch) => work(batch).catch(onFault), { concurrency: batchesAtOnce });
}
