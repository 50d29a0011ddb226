import { setTimeout as sleep } from "node:timers/promises";
import { stripVTControlCharacters } from "node:util";
import type { CommandFailure, CommandResult } from "../commandResult.ts";
import { catchInterruption, type Screen, screenOf, type Terminal } from "../terminal.ts";
import { withoutControlCharacters } from "../textLayout.ts";
import { breakLines } from "./lineBreaks.ts";

/** A report that is read again and again. */
export interface WatchedReport<Report extends object> {
  read: () => Promise<{ kind: "read"; report: Report } | CommandFailure>;
  toLines: (report: Report, screen: Screen) => readonly string[];
}

const watchMilliseconds = 5_000;

/**
 * Draws a report on the terminal and draws it again every few seconds, until an interruption ends it with the signal's exit code.
 * A first reading that fails ends the command. A later one does not: it is told below what was read last.
 *
 * @param everyMilliseconds how long a drawing stands
 */
export async function watchReport<Report extends object>(
  { read, toLines }: WatchedReport<Report>,
  { stdout }: Pick<Terminal, "stdout">,
  everyMilliseconds: number = watchMilliseconds,
): Promise<CommandResult> {
  const interruption = catchInterruption(() => {});
  const { signal } = interruption;
  let lines: readonly string[] | undefined;
  try {
    while (!signal.aborted) {
      const reading = await read();
      if (signal.aborted) break;
      const screen = screenOf(stdout);
      if (reading.kind === "read") {
        lines = toLines(withoutControlCharacters(reading.report), screen);
        draw(lines, stdout);
      } else {
        if (lines === undefined) return reading;
        draw([...lines, "", screen.paint("red", `Not read again: ${reading.message}`)], stdout);
      }
      await sleep(everyMilliseconds, undefined, { signal }).catch(() => undefined);
    }
    return { kind: "done", exitCode: interruption.exitCode() ?? 0 };
  } finally {
    interruption.dispose();
  }
}

const [home, clearRight, clearBelow] = ["\u001b[H", "\u001b[K", "\u001b[J"];

/** Writes over what was drawn before, so that the screen does not flicker. Lines below the window's foot are counted. */
function draw(lines: readonly string[], stdout: Terminal["stdout"]): void {
  const shown = fitLines(breakLines(lines, stdout), stdout);
  stdout.write(`${home}${shown.map((line) => `${line}${clearRight}\n`).join("")}${clearBelow}`);
}

/** A window that does not tell its size has 0 rows: all lines are drawn. A line that is too wide takes several rows. */
function fitLines(lines: readonly string[], { rows, columns }: Terminal["stdout"]): readonly string[] {
  const rowsOf = (line: string) =>
    Math.max(1, Math.ceil(stripVTControlCharacters(line).length / (columns || 80)));
  // The cursor stands in the last row.
  let room = (rows || Number.POSITIVE_INFINITY) - 1;
  if (lines.reduce((sum, line) => sum + rowsOf(line), 0) <= room) return lines;
  const shown: string[] = [];
  for (const line of lines) {
    room -= rowsOf(line);
    if (room < 1) break;
    shown.push(line);
  }
  const hidden = lines.length - shown.length;
  return [...shown, `and ${hidden} more: make the window higher, or leave --watch out`];
}
