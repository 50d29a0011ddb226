import { explainCode } from "../../queue/explainCode.ts";
import { durationText } from "../ledger/durationText.ts";
import type { Screen } from "../screen.ts";
import { tableLines } from "../tableLines.ts";
import { countOf } from "../terminal.ts";
import { shortId } from "./shortId.ts";
import type { LetterCount, LetterReport } from "./toLetterReport.ts";

const headings = ["PIPELINE", "CODE", "PERSON", "AGE", "ID"] as const;
/** Less of it says nothing; a narrower screen breaks the line. */
const shortestRest = 24;

/**
 * Dead letters as a table for people, a line each. What `rest` tells of a letter, under its heading, is cut where the
 * screen ends; `show` tells all of it.
 */
export function letterLines<L extends LetterReport>(
  letters: readonly L[],
  rest: { heading: string; of: (letter: L) => string },
  screen: Screen,
): string[] {
  const rows = letters.map((letter) => ({ cells: cellsOf(letter), details: [] }));
  const [head = "", ...lines] = tableLines(headings, rows, { ...screen, paint: (_, text) => text });
  const tableWidth = [head, ...lines].reduce((most, line) => Math.max(most, line.length), 0) + 2;
  const room = Math.max(shortestRest, screen.width - tableWidth);
  return [
    screen.paint("bold", `${head.padEnd(tableWidth)}${rest.heading}`),
    ...letters.map((letter, index) => {
      const line = (lines[index] ?? "").padEnd(tableWidth);
      return `${line}${screen.paint("dim", cutTo(room, rest.of(letter)))}`.trimEnd();
    }),
  ];
}

/** How many of each kind, and what each kind means. */
export function countLines(counts: readonly LetterCount[], screen: Screen): string[] {
  const all = counts.reduce((sum, { count }) => sum + count, 0);
  const rows = counts.map(({ pipeline, code, count }) => ({
    cells: [`  ${count.toLocaleString("en")}`, pipeline, code, explainCode(code).meaning],
    details: [],
  }));
  const [, ...lines] = tableLines(["", "", "", ""], rows, screen);
  return [`${countOf(all, "dead letter")}:`, ...lines];
}

function cellsOf(letter: LetterReport) {
  const { pipeline, code, personId, emails, ageSeconds } = letter;
  return [pipeline, code, personId ?? emails[0] ?? "-", durationText(ageSeconds), shortId(letter)];
}

function cutTo(length: number, text: string): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}
