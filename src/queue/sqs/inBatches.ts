import pMap from "p-map";

/** What SQS takes in one batch call. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html */
const entriesPerCall = 10;
/** The limit of one message, its attributes included, and of all messages of one call together. */
export const bytesPerCall = 1_048_576;
const callsAtOnce = 5;

/** The part of an SQS batch answer that counts: who is not named as successful did not get through. */
export interface BatchAnswer {
  Successful?: { Id?: string | undefined }[] | undefined;
  Failed?: { Code?: string | undefined; Message?: string | undefined }[] | undefined;
}

/**
 * Sends entries in as few batch calls as SQS allows and gives back those that did not get through: the ones that
 * a 200 does not list as successful, and all of a call that failed as a whole. `errors` says why, one a call.
 *
 * @param sizeOf bytes that an entry counts for; 0 where the call has no limit of bytes. An entry over the limit goes
 *   alone, so that SQS refuses it and no other
 * @param send makes one call; throws what the SDK throws
 */
export async function inBatches<T>(
  entries: readonly T[],
  sizeOf: (entry: T) => number,
  send: (batch: { id: string; entry: T }[]) => Promise<BatchAnswer>,
): Promise<{ failed: Set<T>; errors: unknown[] }> {
  const failed = new Set<T>();
  const errors: unknown[] = [];
  const sendBatch = async (batch: { id: string; entry: T }[]) => {
    try {
      const { Successful = [], Failed = [] } = await send(batch);
      const successful = new Set(Successful.map(({ Id }) => Id));
      const left = batch.filter(({ id }) => !successful.has(id));
      for (const { entry } of left) failed.add(entry);
      if (left.length > 0) errors.push(refusal(left.length, batch.length, Failed));
    } catch (error) {
      errors.push(error);
      for (const { entry } of batch) failed.add(entry);
    }
  };
  await pMap(pack(entries, sizeOf), sendBatch, { concurrency: callsAtOnce });
  return { failed, errors };
}

function refusal(left: number, all: number, entries: NonNullable<BatchAnswer["Failed"]>): Error {
  const reasons = new Set(entries.map(({ Code, Message }) => `${Code}: ${Message}`));
  return new Error(
    `SQS did not take ${left} of ${all} entries: ${[...reasons].join("; ") || "it gave no reason"}`,
  );
}

function pack<T>(entries: readonly T[], sizeOf: (entry: T) => number): { id: string; entry: T }[][] {
  const batches: { id: string; entry: T }[][] = [];
  let bytes = 0;
  for (const [index, entry] of entries.entries()) {
    const size = sizeOf(entry);
    const batch = batches.at(-1);
    if (batch === undefined || batch.length === entriesPerCall || bytes + size > bytesPerCall) {
      batches.push([{ id: String(index), entry }]);
      bytes = size;
    } else {
      batch.push({ id: String(index), entry });
      bytes += size;
    }
  }
  return batches;
}
