import { SendMessageBatchCommand } from "@aws-sdk/client-sqs";
import { deleteLetters } from "./deleteLetters.ts";
import { inBatches } from "./inBatches.ts";
import type { LetterBox } from "./letterBox.ts";
import { reasonOf } from "./reasonOf.ts";
import type { StoredLetter } from "./storedLetter.ts";

export type RedriveResult = { letter: StoredLetter } & (
  | { kind: "redriven" }
  /** It is where it was. */
  | { kind: "notSent"; reason: string }
  /** It is back on its queue, and its dead letter is still there: a second redrive would double it. */
  | { kind: "notDeleted"; reason: string }
  /** The redrive was interrupted before. */
  | { kind: "untouched" }
);

/** As many as one call takes, so that a process that is killed doubles no more than that. */
const lettersAtOnce = 10;

/**
 * Puts letters back on their pipeline's queue as they first came: the same body, and none of the attributes that say why
 * they died. A letter is deleted only once the queue has it, so an interruption loses none; at worst it doubles a message,
 * which the ledger recognizes. One result for each, in their order.
 */
export async function redriveLetters(
  letters: readonly StoredLetter[],
  box: LetterBox,
  signal: AbortSignal,
): Promise<RedriveResult[]> {
  const results: RedriveResult[] = [];
  for (let index = 0; index < letters.length; index += lettersAtOnce) {
    const some = letters.slice(index, index + lettersAtOnce);
    if (signal.aborted) results.push(...some.map((letter) => ({ letter, kind: "untouched" as const })));
    else results.push(...(await redrive(some, box)));
  }
  return results;
}

async function redrive(letters: readonly StoredLetter[], box: LetterBox): Promise<RedriveResult[]> {
  const sent = await sendBack(letters, box);
  const deleted = await deleteLetters(
    letters.filter((letter) => !sent.failed.has(letter)),
    box,
  );
  return letters.map((letter) => {
    if (sent.failed.has(letter)) return { letter, kind: "notSent", reason: reasonOf(sent.errors) };
    if (deleted.failed.has(letter)) return { letter, kind: "notDeleted", reason: reasonOf(deleted.errors) };
    return { letter, kind: "redriven" };
  });
}

function sendBack(letters: readonly StoredLetter[], { sqs, queueUrl }: LetterBox) {
  return inBatches(
    letters,
    ({ body }) => Buffer.byteLength(body),
    (batch) =>
      sqs.send(
        new SendMessageBatchCommand({
          QueueUrl: queueUrl,
          Entries: batch.map(({ id, entry }) => ({ Id: id, MessageBody: entry.body })),
        }),
      ),
  );
}
