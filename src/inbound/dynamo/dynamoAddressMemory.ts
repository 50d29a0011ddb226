import { GetItemCommand } from "@aws-sdk/client-dynamodb";
import * as z from "zod";
import type { AddressMemory } from "../../ledger/addressMemory.ts";
import { isOwnAddress } from "../../ledger/dynamo/headKeys.ts";
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
        const heads = await Promise.all(aspects.map((aspect) => readHead(table, personId, aspect)));
        const addresses = [...new Set(heads.flatMap(({ email }) => email ?? []))];
        if (addresses.length === 0) return { kind: "unknown" };
        const areOwn = await Promise.all(addresses.map((address) => isOwnAddress(table, address, personId)));
        const own = addresses.filter((_, index) => areOwn[index]);
        if (own.length === 0) return { kind: "passedOn" };
        const decidedBy = heads[0]?.settledEventId;
        return { kind: "known", addresses: own, ...(decidedBy !== undefined && { decidedBy }) };
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

const headSchema = z.object({ email: textAttribute.optional(), settledEventId: textAttribute.optional() });

/** The attributes that are read of a head. */
export const memoryAttributes = Object.keys(headSchema.shape);

async function readHead(
  { dynamo, tableName }: LedgerTable,
  personId: string,
  aspect: Aspect,
): Promise<z.output<typeof headSchema>> {
  const names = memoryAttributes.map((attribute) => [`#${attribute}`, attribute] as const);
  const { Item = {} } = await dynamo.send(
    new GetItemCommand({
      TableName: tableName,
      Key: headKey(personId, aspect),
      ProjectionExpression: names.map(([name]) => name).join(", "),
      ExpressionAttributeNames: Object.fromEntries(names),
      ConsistentRead: true,
    }),
  );
  return readItem(headSchema, Item);
}
