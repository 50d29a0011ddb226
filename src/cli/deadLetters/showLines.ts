import { deadLetterAttributes } from "../../queue/deadLetter.ts";
import { explainCode } from "../../queue/explainCode.ts";
import { durationText } from "../ledger/durationText.ts";
import { timeText } from "../ledger/timeText.ts";
import type { Screen } from "../screen.ts";
import { countOf } from "../terminal.ts";
import type { FullLetterReport } from "./runShow.ts";

/** Everything about one dead letter for people: why it is here, what to do, what came with it, and its body. */
export function showLines(letter: FullLetterReport, screen: Screen): string[] {
  const { code, reason, attributes, body } = letter;
  const { meaning, advice } = explainCode(code);
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

/** What these say is told in words. */
const ownAttributes = new Set<string>(Object.values(deadLetterAttributes));

function factsOf(letter: FullLetterReport): Record<string, string> {
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
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(`  ${word}`);
  }
  return lines;
}
