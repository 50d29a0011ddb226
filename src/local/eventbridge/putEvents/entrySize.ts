import type { PutEventsEntry } from "./putEventsRequest.ts";

/**
 * The size of an entry as EventBridge counts it, in bytes.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevent-size.html
 */
export function entrySize(entry: PutEventsEntry): number {
  const texts = [entry.Source, entry.DetailType, entry.Detail, ...(entry.Resources ?? [])];
  const timeSize = typeof entry.Time === "number" ? 14 : 0;
  return texts.reduce((size, text) => size + Buffer.byteLength(text ?? ""), timeSize);
}
