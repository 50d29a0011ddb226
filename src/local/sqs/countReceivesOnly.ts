import type { createRequestHandler } from "local-aws-sqs";

type Queue = ReturnType<typeof createRequestHandler>["service"]["Queues"][number];

/**
 * Makes a queue of local-aws-sqs count as SQS does. It takes every change of a visibility timeout for a receive, so a
 * message that is put off after each receive would count 1, 3, 5: its back-off would grow at twice the pace, and half
 * the receives of `maxReceiveCount` would send it to the dead-letter queue.
 *
 * A change is carried out at once or not at all, so it is enough that a message's count cannot be written while one is.
 */
export function countReceivesOnly(queue: Queue): void {
  let isChanging = false;
  const { newRecord, changeVisibility } = queue;
  queue.newRecord = (record, delay) => {
    let count = String(record.attributes.ApproximateReceiveCount);
    Object.defineProperty(record.attributes, "ApproximateReceiveCount", {
      enumerable: true,
      get: () => count,
      set: (next: string) => {
        if (!isChanging) count = next;
      },
    });
    return newRecord(record, delay);
  };
  queue.changeVisibility = (receiptHandle, seconds) => {
    isChanging = true;
    try {
      return changeVisibility.call(queue, receiptHandle, seconds);
    } finally {
      isChanging = false;
    }
  };
}
