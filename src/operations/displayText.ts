import { parseJson } from "../events/boundedJson.ts";
import { maskEmails } from "../privacy/masking.ts";

/** Turns a text from the ledger, a queue or a roster into what a report may show of it. */
export type Redact = (text: string) => string;

/** Masks every e-mail address but the `typed` one: whoever typed it knows it already. */
export function redactForDisplay(typed?: string | undefined): Redact {
  const known = typed?.toLowerCase();
  return (text) => (text.toLowerCase() === known ? text : maskEmails(text));
}

/** Parses JSON and redacts each text in it. A text that is not JSON is redacted as a whole. */
export function redactJson(text: string, redact: Redact): unknown {
  const value = parseJson(text);
  if (value === undefined) return redact(text);
  return JSON.parse(
    JSON.stringify(value, (_key, each: unknown) => (typeof each === "string" ? redact(each) : each)),
  );
}

/** A moment for the eye: to the second, in UTC. `2026-05-14T08:00:00Z` */
export function timeText(moment: string | number): string {
  return new Date(moment).toISOString().replace(/\.\d+Z$/, "Z");
}

/** Counts values by their kind. */
export function countBy<T, K extends string>(
  values: readonly T[],
  kindOf: (value: T) => K,
): Partial<Record<K, number>> {
  const counts: Partial<Record<K, number>> = {};
  for (const value of values) {
    const kind = kindOf(value);
    counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return counts;
}
