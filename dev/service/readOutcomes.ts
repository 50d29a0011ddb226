import { paginateScan } from "@aws-sdk/client-dynamodb";
import type { Stack } from "@rollcall/aws-local/stack";
import { receiveDeadLetters } from "@rollcall/aws-local/stackQueues";
import { deadLetterReason } from "../../src/queue/storedDeadLetter.ts";

/** Reads the journal: the outcome of each event, by the event's id. */
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

/** A message in a dead-letter queue, with the reason. */
export interface FoundDeadLetter {
  queue: string;
  /** The outcome's code, or one of `movedByAws`. */
  reason: string;
  body: string;
}

/** Reads all dead-letter queues. The messages stay there but are invisible for an hour, so this is for the end of a run. */
export async function readDeadLetters(stack: Stack): Promise<FoundDeadLetter[]> {
  const deadLetters = await receiveDeadLetters(stack);
  return deadLetters.map(({ queue, message }) => ({
    queue,
    body: message.Body ?? "",
    reason: deadLetterReason(message).code,
  }));
}
