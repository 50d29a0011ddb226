import { entrySizeBytes, MAX_REQUEST_BYTES } from "./entrySize.ts";
import type { EventEntry } from "./eventBus.ts";
import { DEFAULT_SOURCE, isDetailType } from "./hrEvent.ts";
import { parseHrEvent, unknownDetailType } from "./parseHrEvent.ts";
import type { Problem } from "./problem.ts";
import { readJsonObject } from "./readJsonObject.ts";

/** A line that may be sent, or the reason why it may not. */
export type ToEntryResult =
  | { status: "entry"; entry: EventEntry }
  | { status: "malformed"; problems: Problem[] }
  | { status: "refused"; code: string; message: string };

/**
 * Makes a PutEvents entry of a line `{"detail-type": …, "detail": {…}, "source"?: …}`.
 *
 * `unchecked` lets a detail pass that breaks its schema, to put on the bus what another producer would. What
 * no rule would match (an unknown detail-type) is refused even then: EventBridge would accept it, and drop
 * it without a word. Never throws, and never quotes the line.
 */
export function toEntry(line: Uint8Array, { unchecked }: { unchecked: boolean }): ToEntryResult {
  const read = readJsonObject(line);
  if (read.status === "refused") return read;
  const { "detail-type": detailType, detail, source = DEFAULT_SOURCE } = read.object;
  if (!isDetailType(detailType)) {
    const { path, message } = unknownDetailType(detailType);
    return refuse("UnknownDetailType", `${path}: ${message}; no rule would match it`);
  }
  if (!isSource(source)) return refuse("InvalidSource", sourceRule);
  const parsed = unchecked ? undefined : parseHrEvent(detailType, detail);
  if (parsed?.ok === false) return { status: "malformed", problems: parsed.problems };
  if (detail === undefined) return refuse("NoDetail", "detail: expected an object; got nothing");
  return holdToSize({ source, detailType, detail: JSON.stringify(detail) });
}

function holdToSize(entry: EventEntry): ToEntryResult {
  const bytes = entrySizeBytes(entry);
  if (bytes < MAX_REQUEST_BYTES) return { status: "entry", entry };
  return refuse("TooLarge", `expected an entry of less than ${MAX_REQUEST_BYTES} bytes; got ${bytes}`);
}

const sourceRule = 'source: expected text of 1 to 256 characters that does not begin with "aws."';

/** AWS keeps sources that begin with `aws.` for itself. */
function isSource(value: unknown): value is string {
  return typeof value === "string" && /^(?!aws\.)\S.{0,255}$/.test(value);
}

function refuse(code: string, message: string): ToEntryResult {
  return { status: "refused", code, message };
}
