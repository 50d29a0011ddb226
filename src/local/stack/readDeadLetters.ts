import { causeOfDeath } from "../../queue/causeOfDeath.ts";
import { receiveDeadLetters } from "./receiveDeadLetters.ts";
import type { Stack } from "./stack.ts";

/** A message in a dead-letter queue, and why it lies there. */
export interface FoundDeadLetter {
  queue: string;
  /** The outcome's code, or one of `movedByAws`. */
  reason: string;
  body: string;
}

/** Reads all dead-letter queues. The messages stay there, but hidden for an hour: this is for the end of a run. */
export async function readDeadLetters(stack: Stack): Promise<FoundDeadLetter[]> {
  const letters = await receiveDeadLetters(stack);
  return letters.map(({ queue, message }) => ({
    queue,
    body: message.Body ?? "",
    reason: causeOfDeath(message).code,
  }));
}
