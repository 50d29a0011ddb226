import { GetItemCommand } from "@aws-sdk/client-dynamodb";
import * as z from "zod";
import { unlistedPrefix } from "../../events/hrEvent.ts";
import type { AddressMemory } from "../../ledger/addressMemory.ts";
import { personOf, readHeadKeys } from "../../ledger/dynamo/headKeys.ts";
import { headKey, type LedgerTable, readItem, textAttribute } from "../../ledger/dynamo/ledgerTable.ts";
import type { Aspect } from "../../pipelineSettings.ts";

/**
 * Reads the addresses of a person's heads, and nothing else of them: the function that asks has a public address. Needs
 * `dynamodb:GetItem` on the table and `dynamodb:Query` on the index of addresses.
 */
export function dynamoAddressMemory(table: LedgerTable): AddressMemory {
  return {
    async addressesOf(personId) {
      try {
        const read = await Promise.all(aspects.map((aspect) => readAddress(table, personId, aspect)));
        const addresses = [...new Set(read.flatMap((address) => address ?? []))];
        if (addresses.length === 0) return { kind: "unknown" };
        const areOwn = await Promise.all(addresses.map((address) => isOwn(table, address, personId)));
        const own = addresses.filter((_, index) => areOwn[index]);
        return own.length === 0 ? { kind: "passedOn" } : { kind: "known", addresses: own };
      } catch (error) {
        // Not the message, which may hold the person's id.
        const name = error instanceof Error ? error.name : typeof error;
        return { kind: "fault", reason: `the ledger could not be asked for an address (${name})` };
      }
    },
  };
}

/** The access first: its address is that of the last hire, leave or return. */
const aspects: readonly Aspect[] = ["access", "license"];

const headSchema = z.object({ email: textAttribute.optional() });

async function readAddress(
  { dynamo, tableName }: LedgerTable,
  personId: string,
  aspect: Aspect,
): Promise<string | undefined> {
  const { Item = {} } = await dynamo.send(
    new GetItemCommand({
      TableName: tableName,
      Key: headKey(personId, aspect),
      ProjectionExpression: "#email",
      ExpressionAttributeNames: { "#email": "email" },
      ConsistentRead: true,
    }),
  );
  return readItem(headSchema, Item).email;
}

/** An account that a roster has no row for is nobody: its events have an id of their own. */
async function isOwn(table: LedgerTable, address: string, personId: string): Promise<boolean> {
  const others = (await readHeadKeys(table, address)).map(personOf).filter((owner) => owner !== personId);
  return others.every((owner) => owner.includes(unlistedPrefix));
}
