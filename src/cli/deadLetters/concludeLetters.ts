import type { StoredLetter } from "../../queue/storedLetter.ts";
import type { CommandEnd } from "../commandEnd.ts";
import { exitCodes } from "../exitCodes.ts";
import { shownText } from "../ledger/shownText.ts";
import { screenOf } from "../screen.ts";
import type { Terminal } from "../terminal.ts";
import type { DlqOptions } from "./dlqOptions.ts";
import { letterLines } from "./letterLines.ts";
import { toLetterReport } from "./toLetterReport.ts";

/** What became of one letter. */
export interface LetterResult<Kind extends string> {
  letter: StoredLetter;
  kind: Kind;
  /** Why it failed. */
  reason?: string;
}

/** What each kind of result is called, in the table and after its number in the summary; and whether it is a failure. */
export type ResultWords<Kind extends string> = Record<Kind, { text: string; isFailure?: true }>;

/** Prints what became of the letters, and how many of each kind. It has failed if any of them has. */
export function concludeLetters<Kind extends string>(
  results: readonly LetterResult<Kind>[],
  words: ResultWords<Kind>,
  { json = false, person, stack }: DlqOptions,
  { stdout }: Terminal,
): CommandEnd {
  const now = Date.now();
  const show = shownText({ typed: person, forTerminal: !json });
  const reports = results.map(({ letter, kind, reason }) => ({
    ...toLetterReport(letter, show, now),
    result: kind,
    ...(reason !== undefined && { failure: show(reason) }),
  }));
  const counts: Partial<Record<string, number>> = {};
  for (const { result } of reports) counts[result] = (counts[result] ?? 0) + 1;
  const total = (kind: Kind) => reports.filter(({ result }) => result === kind).length;
  if (json) stdout.write(`${JSON.stringify({ stack, count: reports.length, counts, letters: reports })}\n`);
  else if (reports.length === 0) stdout.write("No dead letter is like that.\n");
  else {
    const of = ({ result, failure }: (typeof reports)[number]) =>
      failure === undefined ? words[result].text : `${words[result].text}: ${failure}`;
    const kinds = [...new Set(reports.map(({ result }) => result))];
    const summary = kinds.map((kind) => `${total(kind).toLocaleString("en")} ${words[kind].text}`).join(", ");
    const lines = letterLines(reports, { heading: "RESULT", of }, screenOf(stdout));
    stdout.write(`${[...lines, "", `${summary}.`].join("\n")}\n`);
  }
  const failures = reports.filter(({ result }) => words[result].isFailure);
  if (failures.length === 0) return { kind: "done", exitCode: exitCodes.done };
  const reasons = [...new Set(failures.map(({ failure = "for no known reason" }) => failure))].join("; ");
  return {
    kind: "failed",
    message: `${failures.length.toLocaleString("en")} of ${reports.length.toLocaleString("en")} failed (${reasons}); nothing is lost: run the command again`,
  };
}
