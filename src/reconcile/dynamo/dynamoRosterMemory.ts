import { ConditionalCheckFailedException, GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import * as z from "zod";
import { parseJson } from "../../events/boundedJson.ts";
import { type LedgerTable, readItem, rosterKey, textAttribute } from "../../ledger/dynamo/ledgerTable.ts";
import { parseRemembered, type RosterMemory, toRememberedJson } from "../rosterPorts.ts";

const itemSchema = z.object({
  roster: textAttribute.transform((text, context) => {
    const remembered = parseRemembered(parseJson(text));
    if (remembered !== undefined) return remembered;
    context.addIssue({ code: "custom", message: "expected the memory of a roster" });
    return z.NEVER;
  }),
});

/**
 * Remembers the last roster of one place in an item of the ledger's table. An object beside the roster in S3 would need a
 * permission to write there, and one to list the bucket: without it S3 answers alike for a missing and a forbidden object.
 *
 * @param place where the roster comes from, such as `s3://bucket/key`: another place begins anew
 */
export function dynamoRosterMemory({ dynamo, tableName }: LedgerTable, place: string): RosterMemory {
  return {
    recall: async () => {
      const { Item } = await dynamo.send(
        new GetItemCommand({ TableName: tableName, Key: rosterKey(place), ConsistentRead: true }),
      );
      return Item && readItem(itemSchema, Item).roster;
    },
    remember: async (roster) => {
      try {
        await dynamo.send(
          new PutItemCommand({
            TableName: tableName,
            Item: {
              ...rosterKey(place),
              asOf: { N: String(roster.asOf) },
              roster: { S: toRememberedJson(roster) },
            },
            ConditionExpression: "attribute_not_exists(asOf) OR asOf <= :asOf",
            ExpressionAttributeValues: { ":asOf": { N: String(roster.asOf) } },
          }),
        );
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
      }
    },
  };
}
