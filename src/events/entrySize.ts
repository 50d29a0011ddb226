import type { EventEntry } from "./eventBus.ts";

/** PutEvents takes ten entries a call: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html. */
export const MAX_ENTRIES_PER_REQUEST = 10;

/**
 * An entry, and a request in all, must stay below this. Newer documents allow 1 MiB; an HR event has about
 * 1 KiB, and what passes here fits every region, and SQS behind it.
 */
export const MAX_REQUEST_BYTES = 256 * 1024;

/**
 * Bytes of an entry as EventBridge counts them, without the rest of the request's JSON:
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html#eb-putevent-size.
 */
export function entrySizeBytes({ source, detailType, detail }: EventEntry): number {
  return Buffer.byteLength(source) + Buffer.byteLength(detailType) + Buffer.byteLength(detail);
}
