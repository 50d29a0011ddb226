import { explainCode } from "../../queue/explainCode.ts";
import type { StoredLetter } from "../../queue/storedLetter.ts";
import type { CommandEnd } from "../commandEnd.ts";
import { exitCodes } from "../exitCodes.ts";
import { shownJson } from "../ledger/shownJson.ts";
import { type ShowText, shownText } from "../ledger/shownText.ts";
import { screenOf } from "../screen.ts";
import type { Terminal } from "../terminal.ts";
import { chooseLetters } from "./chooseLetters.ts";
import type { DlqOptions } from "./dlqOptions.ts";
import { missingText } from "./missingText.ts";
import { showLines } from "./showLines.ts";
import { type LetterReport, toLetterReport } from "./toLetterReport.ts";
import { withLetters } from "./withLetters.ts";

/** The arguments and options of `rollcall dlq show`. */
export interface ShowRequest extends DlqOptions {
  id: string;
}

/** A dead letter with all that came with it. */
export interface FullLetterReport extends LetterReport {
  meaning: string;
  advice: string;
  receiveCount: number;
  attributes: Record<string, string>;
  /** The body's JSON, or its text if it is none; without the addresses in it. */
  body: unknown;
}

/** Prints everything about a dead letter; about all of them, if an event died more than once. */
export function runShow(request: ShowRequest, terminal: Terminal): Promise<CommandEnd> {
  return withLetters(request, terminal, async ({ letters }) => {
    const { id, json = false, stack } = request;
    const { stdout } = terminal;
    const show = shownText({ typed: undefined, forTerminal: !json });
    const now = Date.now();
    const { chosen, missing } = chooseLetters(letters, { ids: [id] }, now);
    if (missing.length > 0) return { kind: "failed", message: missingText(missing, stack) };
    const reports = chosen.map((letter) => toFullReport(letter, show, now));
    if (json) stdout.write(`${JSON.stringify({ stack, letters: reports })}\n`);
    else {
      const screen = screenOf(stdout);
      stdout.write(`${reports.map((report) => showLines(report, screen).join("\n")).join("\n\n")}\n`);
    }
    return { kind: "done", exitCode: exitCodes.done };
  });
}

function toFullReport(letter: StoredLetter, show: ShowText, now: number): FullLetterReport {
  const attributes: Record<string, string> = {};
  for (const [name, value] of Object.entries(letter.attributes)) attributes[show(name)] = show(value);
  return {
    ...toLetterReport(letter, show, now),
    ...explainCode(letter.cause.code),
    receiveCount: letter.receiveCount,
    attributes,
    body: shownJson(letter.body, show),
  };
}
