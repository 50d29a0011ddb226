import { entrySize } from "./entrySize.ts";
import type { PutEventsEntry } from "./putEventsRequest.ts";

const maximumEntriesPerCall = 10;

/**
 * What all entries of a call may weigh together. The documents name 256 KB where they are older and 1 MiB where
 * they are newer; what stays under the smaller one is accepted everywhere. A single entry is bounded by it, too.
 */
export const maximumRequestBytes = 256 * 1024;

/** Why EventBridge would refuse a whole call (a ValidationException), or nothing. */
export function refusalOfRequest(entries: readonly PutEventsEntry[]): string | undefined {
  if (entries.length === 0) return lengthRefusal("greater than or equal to 1");
  if (entries.length > maximumEntriesPerCall) {
    return lengthRefusal(`less than or equal to ${maximumEntriesPerCall}`);
  }
  const bytes = entries.reduce((sum, entry) => sum + entrySize(entry), 0);
  if (bytes <= maximumRequestBytes) return undefined;
  return `Total size of the entries in the request is over the limit. (${bytes} of ${maximumRequestBytes} bytes)`;
}

function lengthRefusal(constraint: string): string {
  return `1 validation error detected: Value at 'entries' failed to satisfy constraint: Member must have length ${constraint}`;
}
