import { countCharacters } from "./eventTexts.ts";
import { findLookAlike } from "./lookAlikes.ts";

/** What is wrong with an event or a row, fit for a log: it names a place and types, never a value. */
export interface Problem {
  /** Such as `data.previousEmails[2]`, or `detail` for the whole. */
  path: string;
  message: string;
  /** Where an outcome is to name it by a code of its own. */
  code?: string;
}

/** The code of what has these problems. */
export function codeOfProblems(problems: readonly Problem[]): string {
  return problems.find(({ code }) => code !== undefined)?.code ?? "Malformed";
}

export function problemText({ path, message, code }: Problem): string {
  return code === undefined ? `${path}: ${message}` : `${code}: ${path}: ${message}`;
}

/** Says what was expected and what came. The value itself may be personal data, so the message names only its kind. */
export function toProblem(path: string, expectation: string, value: unknown): Problem {
  return { path, message: `expected ${expectation}; got ${describeKind(value)}` };
}

function describeKind(value: unknown): string {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  if (value === "") return "an empty string";
  if (typeof value === "string")
    return `a string of ${count(countCharacters(value), "character")}${oddityOf(value)}`;
  if (Array.isArray(value)) return `an array of ${count(value.length, "element")}`;
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}

/** More of a text than that is nobody's field: a whole body may well be written on several lines. */
const longestField = 1024;

/** Names the first character that nobody sees, or that is none: it is the fault, as a rule, and is of no use to find a person. */
function oddityOf(value: string): string {
  if (value.length > longestField) return "";
  const odd = oddCharacter.exec(value)?.[0] ?? findLookAlike(value);
  return odd === undefined ? "" : `, with ${nameOfCharacter(odd)}`;
}

const oddCharacter = /[\p{Cs}\p{Cc}\p{Noncharacter_Code_Point}]/u;

export function nameOfCharacter(character: string): string {
  const code = `U+${character.codePointAt(0)?.toString(16).toUpperCase().padStart(4, "0")}`;
  if (/\p{Cs}/u.test(character)) return `${code} (half of a character)`;
  if (/\p{Noncharacter_Code_Point}/u.test(character)) return `${code} (not a character)`;
  if (/\p{Cc}/u.test(character)) return `${code} (a control character)`;
  if (/\p{Default_Ignorable_Code_Point}/u.test(character)) return `${code} (invisible)`;
  return `${code} (it looks like another character)`;
}

function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? "" : "s"}`;
}

/** What a dead letter's message attribute and a line of a log should carry, with room for the text around it. */
const maxCharacters = 1000;

const separator = "; ";

/** Joins as many whole problems as there is room for, and says how many more there are. */
export function describeProblems(problems: readonly Problem[]): string {
  const texts = problems.map(problemText);
  const shown: string[] = [];
  let room = maxCharacters;
  for (const text of texts) {
    room -= text.length + separator.length;
    if (room < 0) break;
    shown.push(text);
  }
  const left = texts.length - shown.length;
  return [...shown, ...(left > 0 ? [`and ${left} more`] : [])].join(separator);
}
