import { eventBounds, findBreach, isJsonObject, parseJson } from "../events/boundedJson.ts";
import { hidden, isNamingField, maskEmails, maskNamingFields } from "../privacy/masking.ts";

/** Turns a text from the ledger, a queue or a roster into what a report may show of it. */
export type Redact = (text: string) => string;

/** Masks every e-mail address but the `typed` ones: whoever typed them knows them already. */
export function redactForDisplay(...typed: readonly (string | undefined)[]): Redact {
  const known = new Set(typed.map((text) => text?.toLowerCase()));
  return (text) => (known.has(text.toLowerCase()) ? text : maskEmails(text));
}

/**
 * Parses JSON, redacts each text and each name of a field in it, and hides the fields that name a person. A text that is not JSON, or
 * has more levels or values than any event, is redacted as a whole.
 */
export function redactJson(text: string, redact: Redact): unknown {
  const value = jsonOf(text);
  return value === undefined ? redact(maskNamingFields(text)) : redactEach(value, redact);
}

/** The JSON as it is; a text that is none, or has more levels or values than any event, as that text. */
export function revealJson(text: string): unknown {
  return jsonOf(text) ?? text;
}

function jsonOf(text: string): unknown {
  return findBreach(text, displayBounds) === undefined ? parseJson(text) : undefined;
}

/** Those of an event, with room for what wraps it. */
const displayBounds = { depth: eventBounds.depth + 10, values: eventBounds.values + 1000 };

function redactEach(value: unknown, redact: Redact): unknown {
  if (typeof value === "string") return redact(value);
  if (Array.isArray(value)) return value.map((each) => redactEach(each, redact));
  if (!isJsonObject(value)) return value;
  const shown = new Map<string, unknown>();
  for (const [key, each] of Object.entries(value))
    shown.set(
      freeName(redact(key), shown),
      isNamingField(key, each) ? hideTexts(each) : redactEach(each, redact),
    );
  return Object.fromEntries(shown);
}

/** Keeps the names of a profile's fields: they say what HR has sent. */
function hideTexts(value: unknown): unknown {
  if (!isJsonObject(value)) return hidden;
  return Object.fromEntries(Object.keys(value).map((key) => [maskEmails(key), hidden]));
}

/** Two names that are redacted alike are two fields still. */
function freeName(name: string, taken: ReadonlyMap<string, unknown>): string {
  let free = name;
  for (let count = 2; taken.has(free); count += 1) free = `${name} (${count})`;
  return free;
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
