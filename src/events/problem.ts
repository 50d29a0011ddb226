/** What is wrong with an event, fit for a log: it names a place and types, never a value. */
export interface Problem {
  /** Such as `data.previousEmails[2]`, or `detail` for the whole. */
  path: string;
  message: string;
}

/** Says what was expected and what came. The value itself may be personal data, so only its kind is told. */
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
