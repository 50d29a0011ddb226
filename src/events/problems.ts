/** What is wrong with an event or a row, fit for a log: it names a place and types, never a value. */
export interface Problem {
  /** Such as `data.previousEmails[2]`, or `detail` for the whole. */
  path: string;
  message: string;
}

/** Says what was expected and what came. The value itself may be personal data, so the message names only its kind. */
export function toProblem(path: string, expectation: string, value: unknown): Problem {
  return { path, message: `expected ${expectation}; got ${describeKind(value)}` };
}

function describeKind(value: unknown): string {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  if (value === "") return "an empty string";
  if (typeof value === "string") return `a string of ${count(value.length, "character")}`;
  if (Array.isArray(value)) return `an array of ${count(value.length, "element")}`;
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}

function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? "" : "s"}`;
}

/** What a dead letter's message attribute and a line of a log should carry, with room for the text around it. */
const maxCharacters = 1000;

const separator = "; ";

/** Joins as many whole problems as there is room for, and says how many more there are. */
export function describeProblems(problems: readonly Problem[]): string {
  const texts = problems.map(({ path, message }) => `${path}: ${message}`);
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
