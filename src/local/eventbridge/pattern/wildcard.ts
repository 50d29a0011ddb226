/** The literal pieces between the asterisks: `a*b` is `["a", "b"]`, `*` is `["", ""]`. */
export type Wildcard = readonly string[];

/**
 * Splits a `wildcard` text at its asterisks. `\*` and `\\` stand for the characters themselves.
 * Returns the reason, as text, where AWS refuses it: two asterisks in a row, any other escape.
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

/** Takes each piece at its earliest place: linear in the text, where a regular expression may backtrack. */
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
