import pMap from "p-map";

/** What SQS takes in one batch call, and its limit of bytes for all entries together. */
const entriesPerCall = 10;
const bytesPerCall = 262_144;
const callsAtOnce = 5;

/** The part of an SQS batch answer that counts: who is not named here did not get through. */
export interface BatchAnswer {
  Successful?: { Id?: string | undefined }[] | undefined;
}

/**
 * Sends entries in as few batch calls as SQS allows and gives back those that did not get through: the ones that
 * a 200 does not list as successful, and all of a call that failed as a whole.
 *
 * @param sizeOf bytes that an entry counts for; 0 where the call has no limit of bytes
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
      const { Successful = [] } = await send(batch);
      const successful = new Set(Successful.map(({ Id }) => Id));
      for (const { id, entry } of batch) if (!successful.has(id)) failed.add(entry);
    } catch (error) {
      errors.push(error);
      for (const { entry } of batch) failed.add(entry);
    }
  };
  await pMap(pack(entries, sizeOf), sendBatch, { concurrency: callsAtOnce });
  return { failed, errors };
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
