import type { BlockList } from "node:net";

/** A scalar value of an event. */
export type Scalar = string | number | boolean | null;

/** The bounds of a `numeric` test. An exact value is a range of one. */
export interface NumericRange {
  low: number;
  high: number;
  lowIncluded: boolean;
  highIncluded: boolean;
}

/** A test that looks at one value of a field. */
export type PresentTest =
  | { kind: "equals"; value: Scalar }
  | { kind: "equals-ignore-case"; folded: string }
  | { kind: "prefix"; text: string; ignoreCase: boolean }
  | { kind: "suffix"; text: string; ignoreCase: boolean }
  | { kind: "wildcard"; wildcard: Wildcard }
  | { kind: "numeric"; range: NumericRange }
  | { kind: "cidr"; addresses: BlockList }
  | { kind: "exists" }
  | { kind: "anything-but"; excluded: readonly PresentTest[] };

/** One element of a field's array in a pattern. The field matches if any element does. */
export type ValueTest = PresentTest | { kind: "absent" };

/** Folds upper and lower case, for `equals-ignore-case`. */
export function foldCase(text: string): string {
  return text.toLowerCase();
}

/** The literal pieces between asterisks: `a*b` is `["a", "b"]`, `*` is `["", ""]`. */
type Wildcard = readonly string[];

/**
 * Splits a `wildcard` text at its asterisks. `\*` and `\\` stand for the characters themselves. Returns the reason,
 * as text, if AWS refuses it: two asterisks in a row, or another escape.
 */
export function parseWildcard(text: string): Wildcard | { refusal: string } {
  const pieces = [""];
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    const next = text.charAt(at + 1);
    if (character === "*") {
      if (next === "*") return { refusal: "two asterisks in a row" };
      pieces.push("");
    } else if (character === "\\") {
      if (next !== "*" && next !== "\\") return { refusal: "a backslash that escapes neither * nor \\" };
      pieces.push((pieces.pop() ?? "") + next);
      at++;
    } else {
      pieces.push((pieces.pop() ?? "") + character);
    }
  }
  return pieces;
}

/** Matches each piece at its earliest place. This is linear in the text, where a regular expression may backtrack. */
export function matchesWildcard(wildcard: Wildcard, text: string): boolean {
  const [first = "", ...others] = wildcard;
  const last = others.pop();
  if (last === undefined) return text === first;
  if (!text.startsWith(first) || !text.endsWith(last)) return false;

  let at = first.length;
  for (const piece of others) {
    const found = text.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  return at + last.length <= text.length;
}

/** Thrown for an event pattern that EventBridge would refuse (InvalidEventPatternException), with the place in it. */
export class PatternError extends Error {
  override readonly name = "PatternError";
  readonly path: string;

  constructor(path: readonly string[], expected: string, came: unknown) {
    const place = path.length === 0 ? "(the pattern itself)" : path.join(".");
    super(
      `Invalid event pattern at ${place}: expected ${expected}, got ${JSON.stringify(came) ?? "nothing"}.`,
    );
    this.path = place;
  }
}
