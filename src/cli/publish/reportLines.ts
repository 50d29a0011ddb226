import { statusLine } from "../statusLine.ts";
import { countOf, paint, type Terminal } from "../terminal.ts";
import type { LineResult } from "./lineResult.ts";
import { count, emptyTally, rejectedOf, type Tally, totalOf } from "./tally.ts";

/** Enough to see what is wrong; the rest is in the rejected file and in `--json`. */
const MAX_SHOWN_REJECTIONS = 10;

/**
 * Follows the results to their end: counts them, hands each rejected line to `keep`, tells the first reasons
 * on stderr, and on a terminal shows how far it is.
 */
export async function reportLines(
  results: AsyncIterable<LineResult>,
  { stderr }: Terminal,
  keep: (line: Uint8Array) => Promise<void>,
): Promise<Tally> {
  const tally = emptyTally();
  const status = statusLine(stderr, Date.now);
  for await (const result of results) {
    const rejection = count(tally, result);
    if (rejection !== undefined) {
      await keep(result.line.bytes);
      if (rejectedOf(tally) <= MAX_SHOWN_REJECTIONS) {
        status.clear();
        const label = paint(stderr, "yellow", `line ${rejection.line}:`);
        stderr.write(`${label} ${rejection.reasons.join("; ")}\n`);
      }
    }
    status.show(
      `${countOf(totalOf(tally), "event")}, ${rejectedOf(tally).toLocaleString("en")} not accepted`,
    );
  }
  status.clear();
  const more = rejectedOf(tally) - MAX_SHOWN_REJECTIONS;
  if (more > 0) stderr.write(`… and ${countOf(more, "more line")}\n`);
  return tally;
}
