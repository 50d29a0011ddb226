import { timeText } from "../../../operations/displayText.ts";
import {
  type DeadLetterCount,
  type DeadLetterListReport,
  type DeadLetterReport,
  type DeadLetterWarning,
  type FullDeadLetterReport,
  shortIdLength,
} from "../../../operations/listDeadLetters.ts";
import type { DiscardKind, RedriveKind, ResolutionReport } from "../../../operations/resolveDeadLetters.ts";
import { countOf, durationText } from "../../../operations/words/plainWords.ts";
import { deadLetterAttributes } from "../../../queue/deadLetter.ts";
import { deadLetterAdvice } from "../../../queue/deadLetterAdvice.ts";
import { hintText } from "../../hints.ts";
import { nameIn, type Target, targetText } from "../../target.ts";
import type { Screen } from "../../terminal.ts";
import { tableLines, wrapWords } from "../../textLayout.ts";

/** The dead letters as a table, how many of each code, and what to do next. */
export function listLines(
  { letters, counts, notFound }: DeadLetterListReport,
  { isFiltered, target }: { isFiltered: boolean; target: Target },
  screen: Screen,
): string[] {
  const [first] = letters;
  if (first === undefined)
    return [
      isFiltered ? noneLikeThat(target) : `No dead letters in ${targetText(target)}.`,
      ...notFoundLines(notFound),
    ];
  return [
    ...deadLetterTable(letters, { heading: "REASON", of: ({ reason }) => reason }, screen),
    "",
    ...countLines(counts, screen),
    ...notFoundLines(notFound),
    "",
    `What to do about one of them: ${hintText(target, "dlq show", { ids: [shortId(first)] })}`,
  ];
}

function notFoundLines(notFound: readonly string[]): string[] {
  if (notFound.length === 0) return [];
  const many = notFound.length.toLocaleString("en");
  return [`${many} of the list without a dead letter:`, ...notFound.map((each) => `  ${each}`)];
}

const noneLikeThat = (target: Target) => `No dead letter matches in ${targetText(target)}.`;

/** SQS deletes a message 14 days after it was sent. */
const warningAgeSeconds = 10 * 86_400;

/** A warning if dead letters are about to be deleted by SQS. */
export function ageWarning(letters: readonly DeadLetterReport[]): string | undefined {
  const old = letters.filter(({ ageSeconds }) => ageSeconds >= warningAgeSeconds);
  if (old.length === 0) return undefined;
  const oldest = durationText(Math.max(...old.map(({ ageSeconds }) => ageSeconds)));
  return `${old.length.toLocaleString("en")} of them have been in the queue for 10 d or more, the oldest for ${oldest}: SQS deletes a message after 14 d.`;
}

const headings = ["PIPELINE", "CODE", "PERSON", "AGE", "ID"] as const;
/** Less of the last column says nothing. */
const shortestLastColumn = 24;

/**
 * A line for each dead letter. The `last` column is cut where the screen ends, or stands below where there is no room for it;
 * `rollcall dlq show` tells all of it.
 */
export function deadLetterTable<L extends DeadLetterReport>(
  letters: readonly L[],
  last: { heading: string; of: (letter: L) => string },
  screen: Screen,
): string[] {
  const plain = { ...screen, paint: (_: unknown, text: string) => text };
  const rows = letters.map((letter) => ({ cells: cellsOf(letter), details: [] }));
  const [head = "", ...lines] = tableLines(headings, rows, plain);
  const tableWidth = [head, ...lines].reduce((most, line) => Math.max(most, line.length), 0) + 2;
  const room = screen.width - tableWidth;
  if (room < shortestLastColumn) {
    const below = letters.map((letter) => ({
      cells: cellsOf(letter),
      details: [cutTo(screen.width - 2, last.of(letter))],
    }));
    return tableLines(headings, below, screen);
  }
  return [
    screen.paint("bold", `${head.padEnd(tableWidth)}${last.heading}`),
    ...letters.map((letter, index) => {
      const line = (lines[index] ?? "").padEnd(tableWidth);
      return `${line}${screen.paint("dim", cutTo(room, last.of(letter)))}`.trimEnd();
    }),
  ];
}

function cellsOf(letter: DeadLetterReport) {
  const { pipeline, code, personId, emails, ageSeconds } = letter;
  return [pipeline, code, personId ?? emails[0] ?? "-", durationText(ageSeconds), shortId(letter)];
}

/** The id of a dead letter on the screen: its event's, or, where that cannot be read, the beginning of its message's. */
function shortId({ eventId, messageId }: DeadLetterReport): string {
  return eventId ?? messageId.slice(0, shortIdLength);
}

function cutTo(length: number, text: string): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}

/** How many of each code, and what each code means. */
function countLines(counts: readonly DeadLetterCount[], screen: Screen): string[] {
  const all = counts.reduce((sum, { count }) => sum + count, 0);
  const rows = counts.map(({ pipeline, code, count }) => ({
    cells: [`  ${count.toLocaleString("en")}`, pipeline, code, deadLetterAdvice(code).meaning],
    details: [],
  }));
  const [, ...lines] = tableLines(["", "", "", ""], rows, screen);
  return [`${countOf(all, "dead letter")}:`, ...lines];
}

/** The name of each result, in the table and after its number in the summary; and whether it is a failure. */
export type ResultWords<Kind extends string> = Record<Kind, { text: string; isFailure?: true }>;

export const redriveWords: ResultWords<RedriveKind> = {
  redriven: { text: "put back" },
  notSent: { text: "not put back", isFailure: true },
  notDeleted: { text: "put back, but still a dead letter as well", isFailure: true },
  notJournalled: { text: "not put back", isFailure: true },
  untouched: { text: "untouched" },
  chosen: { text: "would be put back" },
};

export const discardWords: ResultWords<DiscardKind> = {
  discarded: { text: "discarded" },
  copyDiscarded: { text: "discarded, its event had been settled before" },
  discardedUnjournalled: { text: "discarded, with no person or event to journal" },
  notJournalled: { text: "not discarded", isFailure: true },
  notDeleted: { text: "journalled as discarded, but still there", isFailure: true },
  untouched: { text: "untouched" },
};

/** What became of the dead letters, and how many of each result. */
export function resolutionLines<Kind extends string>(
  { letters, notFound }: ResolutionReport<Kind>,
  words: ResultWords<Kind>,
  target: Target,
  screen: Screen,
): string[] {
  if (letters.length === 0) return [noneLikeThat(target), ...notFoundLines(notFound)];
  const resultText = ({ result, failure }: (typeof letters)[number]) =>
    failure === undefined ? words[result].text : `${words[result].text}: ${failure}`;
  const kinds = [...new Set(letters.map(({ result }) => result))];
  const totalOf = (kind: Kind) => letters.filter(({ result }) => result === kind).length;
  const summary = kinds.map((kind) => `${totalOf(kind).toLocaleString("en")} ${words[kind].text}`).join(", ");
  return [
    ...deadLetterTable(letters, { heading: "RESULT", of: resultText }, screen),
    "",
    ...notFoundLines(notFound),
    `${summary}. In ${targetText(target)}.`,
  ];
}

/** Everything about one dead letter: why it is there, what to do, what came with it, and its body. */
export function showLines(letter: FullDeadLetterReport, screen: Screen): string[] {
  const { code, reason, meaning, advice, attributes, body } = letter;
  const others = Object.entries(attributes).filter(([name]) => !ownAttributes.has(name));
  const bold = (text: string) => screen.paint("bold", text);
  return [
    bold(`${letter.eventId ?? letter.messageId}: ${code}, ${meaning}`),
    "",
    bold("Why it is here"),
    ...wrap(reason, screen.width),
    "",
    bold("What to do"),
    ...wrap(advice, screen.width),
    "",
    bold("What is known of it"),
    ...columns(factsOf(letter)),
    "",
    ...(others.length === 0 ? [] : [bold("Attributes"), ...columns(Object.fromEntries(others)), ""]),
    bold("Body"),
    ...(typeof body === "string" ? body : JSON.stringify(body, null, 2))
      .split("\n")
      .map((line) => `  ${line}`),
  ];
}

/** The sections above say these in words. */
const ownAttributes = new Set<string>(Object.values(deadLetterAttributes));

function factsOf(letter: FullDeadLetterReport): Record<string, string> {
  const { pipeline, type, personId, emails, requestId, messageId, originalMessageId } = letter;
  const { since, ageSeconds, firstReceivedAt, receiveCount } = letter;
  const facts: Record<string, string | undefined> = {
    pipeline,
    event: [type, letter.eventId].filter((text) => text !== undefined).join(" ") || undefined,
    person: [personId, ...emails].filter((text) => text !== undefined).join(", ") || undefined,
    request: requestId,
    message: messageId,
    "was message": originalMessageId,
    "first received": firstReceivedAt === undefined ? undefined : timeText(firstReceivedAt),
    "dead since": `${timeText(since)} (${durationText(ageSeconds)})`,
    received: `${countOf(receiveCount, "time")}, looks such as this one included`,
  };
  const known: Record<string, string> = {};
  for (const [name, value] of Object.entries(facts)) if (value !== undefined) known[name] = value;
  return known;
}

function columns(values: Readonly<Record<string, string>>): string[] {
  const width = Math.max(...Object.keys(values).map((name) => name.length));
  return Object.entries(values).map(([name, value]) => `  ${name.padEnd(width)}  ${value}`);
}

/** Indented, and broken between words. */
function wrap(text: string, width: number): string[] {
  return wrapWords(text, width - 2).map((line) => `  ${line}`);
}

/** Warnings about dead letters that other readers have, or that could not be put back. */
export function warningText(warning: DeadLetterWarning): string {
  switch (warning.kind) {
    case "hidden":
      return `About ${countOf(warning.count, "dead letter")} could not be read, because another reader has them: look again in 5 minutes.`;
    case "notPutBack":
      return `Some dead letters could not be put back at once (${warning.reasons.join("; ")}); they come back by themselves within 5 minutes.`;
  }
}

/** The message for ids that no dead letter has. */
export function missingText(ids: readonly string[], target: Target): string {
  const stack = nameIn(target, "stack");
  const which =
    ids.length === 1 ? `no dead letter of ${stack} has the id` : `no dead letters of ${stack} have the ids`;
  return `${which} ${ids.join(", ")} (${targetText(target)}); it may be an event's or a message's, to the letter. Those that are there: ${hintText(target, "dlq list")}`;
}
