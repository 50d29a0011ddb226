import { toEntry } from "../../events/eventEntry.ts";
import type { EventLine } from "../../events/eventLines.ts";
import type { PublishedLine } from "../../events/publishEvents.ts";

/** What became of a line: `valid` in a dry run, and otherwise what publishing says. */
export type LineResult = PublishedLine | { line: EventLine; status: "valid" };

/** Checks lines as publishing would, and sends nothing. */
export async function* checkLines(
  lines: AsyncIterable<EventLine>,
  unchecked: boolean,
): AsyncGenerator<LineResult> {
  for await (const line of lines) {
    const check = toEntry(line.bytes, { unchecked });
    yield check.status === "entry" ? { line, status: "valid" } : { line, ...check };
  }
}
