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
 * An item of the ledger's table that remembers the last roster of one place. Beside the roster in S3 it would be one
 * more thing that this service may write there, and one that is missing could not be told from one that is forbidden,
 * unless the whole bucket may be listed.
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
