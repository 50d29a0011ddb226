import type { CommandEnd } from "../commandEnd.ts";
import { exitCodes } from "../exitCodes.ts";
import { durationText } from "../ledger/durationText.ts";
import { shownText } from "../ledger/shownText.ts";
import { type Screen, screenOf } from "../screen.ts";
import { paint, type Terminal } from "../terminal.ts";
import { chooseLetters, isUnfiltered } from "./chooseLetters.ts";
import type { DlqOptions } from "./dlqOptions.ts";
import { countLines, letterLines } from "./letterLines.ts";
import { shortId } from "./shortId.ts";
import { countLetters, type LetterReport, toLetterReport } from "./toLetterReport.ts";
import { withLetters } from "./withLetters.ts";

/** Prints the dead letters, and how many there are of each kind. That there are none is no failure. */
export function runList(request: DlqOptions, terminal: Terminal): Promise<CommandEnd> {
  return withLetters(request, terminal, async ({ letters }) => {
    const { json = false, person, stack } = request;
    const { stdout } = terminal;
    const now = Date.now();
    const show = shownText({ typed: person, forTerminal: !json });
    const { chosen } = chooseLetters(letters, request, now);
    const reports = chosen.map((letter) => toLetterReport(letter, show, now));
    const counts = countLetters(reports);
    if (json) {
      stdout.write(`${JSON.stringify({ stack, count: reports.length, counts, letters: reports })}\n`);
    } else {
      for (const line of linesOf(reports, request, screenOf(stdout))) stdout.write(`${line}\n`);
      warnOfTheOldest(reports, terminal);
    }
    return { kind: "done", exitCode: exitCodes.done };
  });
}

function linesOf(letters: readonly LetterReport[], request: DlqOptions, screen: Screen): string[] {
  const [first] = letters;
  if (first === undefined)
    return [isUnfiltered(request) ? "No dead letters." : "No dead letter is like that."];
  return [
    ...letterLines(letters, { heading: "REASON", of: ({ reason }) => reason }, screen),
    "",
    ...countLines(countLetters(letters), screen),
    "",
    `What to do about one of them: rollcall dlq show ${shortId(first)}`,
  ];
}

/** SQS drops a message 14 days after it was sent. */
const warningAgeSeconds = 10 * 86_400;

function warnOfTheOldest(letters: readonly LetterReport[], { stderr }: Terminal): void {
  const old = letters.filter(({ ageSeconds }) => ageSeconds >= warningAgeSeconds);
  if (old.length === 0) return;
  const oldest = durationText(Math.max(...old.map(({ ageSeconds }) => ageSeconds)));
  const text = `${old.length.toLocaleString("en")} of them have been dead for 10 d or more, the oldest for ${oldest}: SQS deletes a message after 14 d.`;
  stderr.write(`${paint(stderr, "yellow", text)}\n`);
}
