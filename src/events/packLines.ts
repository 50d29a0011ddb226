import { entrySizeBytes, MAX_ENTRIES_PER_REQUEST, MAX_REQUEST_BYTES } from "./entrySize.ts";
import type { EventLine } from "./readLines.ts";
import type { ToEntryResult } from "./toEntry.ts";

/** A line and what became of it before anything was sent. */
interface CheckedLine {
  line: EventLine;
  check: ToEntryResult;
}

/** Lines that travel together: all their entries fit one request. Bad lines ride along, to keep the order. */
export type Pack = readonly CheckedLine[];

/** Bounds memory where very many bad lines follow each other. */
const MAX_LINES_PER_PACK = 1000;

/** Cuts the stream of lines, in order, into the fewest packs: ten entries, or as many as the bytes allow. */
export async function* packLines(
  lines: AsyncIterable<EventLine> | Iterable<EventLine>,
  check: (bytes: Uint8Array) => ToEntryResult,
): AsyncGenerator<Pack> {
  let pack: CheckedLine[] = [];
  let entries = 0;
  let bytes = 0;
  for await (const line of lines) {
    const checked = { line, check: check(line.bytes) };
    const size = checked.check.status === "entry" ? entrySizeBytes(checked.check.entry) : 0;
    const isFull = size > 0 && (entries === MAX_ENTRIES_PER_REQUEST || bytes + size >= MAX_REQUEST_BYTES);
    if (isFull || pack.length === MAX_LINES_PER_PACK) {
      yield pack;
      pack = [];
      entries = 0;
      bytes = 0;
    }
    pack.push(checked);
    entries += size > 0 ? 1 : 0;
    bytes += size;
  }
  if (pack.length > 0) yield pack;
}
