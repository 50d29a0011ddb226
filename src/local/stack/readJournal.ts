import { paginateScan } from "@aws-sdk/client-dynamodb";
import type { Stack } from "./stack.ts";

/** Each event's outcome by the journal, under the event's id. */
export async function readJournal({ dynamo: { client }, model }: Stack): Promise<Map<string, string>> {
  const outcomes = new Map<string, string>();
  for (const { create } of model.tables) {
    for await (const { Items = [] } of paginateScan({ client }, { TableName: create.TableName })) {
      for (const { sk, eventId, outcome } of Items) {
        if (sk?.S?.startsWith("event#") && eventId?.S && outcome?.S) outcomes.set(eventId.S, outcome.S);
      }
    }
  }
  return outcomes;
}
