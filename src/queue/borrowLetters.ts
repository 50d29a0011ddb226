import { GetQueueAttributesCommand, ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import type { LetterBox } from "./letterBox.ts";
import { changeVisibility } from "./sqs/changeVisibility.ts";
import { type StoredLetter, toStoredLetter } from "./storedLetter.ts";

/** Long enough for some ten thousand letters and a moment's thought; no longer, for the case that nobody puts them back. */
const borrowedForSeconds = 300;
/** A long poll asks all of SQS's servers; a short one may find a queue empty that is not. */
const longPollSeconds = 1;

/** Receives with nothing new in them, after which the queue must be so full that the first letters are visible again. */
const fruitlessReceives = 5;

export interface Borrowed {
  /** Each letter once, even if SQS handed it out twice. */
  letters: readonly StoredLetter[];
  /** About how many another reader had at the time, so that they could not be read. */
  hidden: number;
  /** What `use` took out of its queue is named here, so that it is not put back. */
  gone: Set<StoredLetter>;
}

export type Borrowing<T> =
  /** `errors`: why some letters could not be put back; they come back by themselves within five minutes. */
  { kind: "used"; value: T; errors: unknown[] } | { kind: "interrupted"; errors: unknown[] };

/**
 * Reads all letters, lets `use` do with them what it will, and puts back those that are still there, whatever happens. SQS
 * knows no other way to look into a queue: a message that was read is hidden until it is made visible again. Ends soon when
 * `signal` says so, and without `use` if the reading was not over. Throws what the SDK and `use` throw.
 */
export async function borrowLetters<T>(
  boxes: readonly LetterBox[],
  signal: AbortSignal,
  use: (borrowed: Borrowed) => Promise<T>,
): Promise<Borrowing<T>> {
  const readings = boxes.map((box) => ({ box, letters: new Map<string, StoredLetter>() }));
  const gone = new Set<StoredLetter>();
  const errors: unknown[] = [];
  const putBack = async () => {
    for (const { box, letters } of readings) {
      errors.push(
        ...(await makeVisible(
          box,
          [...letters.values()].filter((letter) => !gone.has(letter)),
        )),
      );
    }
  };
  try {
    // Settled, not raced: none may still be reading when the letters are put back.
    const results = await Promise.allSettled(
      readings.map(({ box, letters }) => readAll(box, letters, signal)),
    );
    const hidden = results.reduce((sum, result) => {
      if (result.status === "rejected") throw result.reason;
      return sum + result.value;
    }, 0);
    if (signal.aborted) return { kind: "interrupted", errors };
    const letters = readings.flatMap((reading) => [...reading.letters.values()]);
    return { kind: "used", value: await use({ letters, hidden, gone }), errors };
  } finally {
    await putBack();
  }
}

/** Fills `letters` as they come, so that they are known even if a later read fails. Gives the number of hidden ones. */
async function readAll(
  { sqs, pipeline, deadLetterQueueUrl: QueueUrl }: LetterBox,
  letters: Map<string, StoredLetter>,
  signal: AbortSignal,
): Promise<number> {
  const hidden = "ApproximateNumberOfMessagesNotVisible";
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [hidden] }),
  );
  let fruitless = 0;
  // A receive under way is not broken off: SQS could hand out letters that nobody would know of.
  while (!signal.aborted && fruitless < fruitlessReceives) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl,
        MaxNumberOfMessages: 10,
        VisibilityTimeout: borrowedForSeconds,
        WaitTimeSeconds: longPollSeconds,
        MessageAttributeNames: ["All"],
        MessageSystemAttributeNames: ["All"],
        // What came before the line above, for whoever does not know it yet.
        AttributeNames: ["All"],
      }),
    );
    const known = letters.size;
    // The newest receipt handle is the one that counts.
    for (const message of Messages) {
      const letter = toStoredLetter(message, pipeline, Date.now());
      letters.set(letter.messageId, letter);
    }
    if (Messages.length === 0) break;
    fruitless = letters.size === known ? fruitless + 1 : 0;
  }
  return Number(Attributes?.[hidden] ?? 0);
}

async function makeVisible(
  { sqs, deadLetterQueueUrl }: LetterBox,
  letters: readonly StoredLetter[],
): Promise<unknown[]> {
  const delays = letters.map((message) => ({ message, seconds: 0 }));
  const { errors } = await changeVisibility(delays, { sqs, url: deadLetterQueueUrl });
  return errors;
}
