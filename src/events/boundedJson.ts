import * as z from "zod";

export type JsonObject = Readonly<Record<string, unknown>>;

/** An object in the JSON sense: neither null nor an array. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Returns `undefined` for text that is not JSON. The parser's own message quotes the text, which may be personal data. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Parses JSON with whole numbers of any size: those that a double cannot hold are texts. `undefined` for what is not JSON. */
export function parseExactJson(text: string): unknown {
  return parseJson(withExactNumbers(text));
}

/** Writes whole numbers that a double cannot hold as texts. A string is taken as a whole, so nothing within one changes. */
export function withExactNumbers(text: string): string {
  if (!/\d{16}/.test(text)) return text;
  return text.replaceAll(stringOrLongNumber, (part) =>
    part.startsWith('"') || Number.isSafeInteger(Number(part)) ? part : `"${part}"`,
  );
}

/** Neither the digits of a fraction nor those of an exponent. A string without its end is taken to the end of the text. */
const stringOrLongNumber = /"[^"\\]*(?:\\[\s\S][^"\\]*)*"?|(?<![\d.eE+-])-?\d{16,}(?![\d.eE])/g;

/** More elements than a webhook's changed fields, an event's targets or a person's terminations ever have. */
const maxElements = 1000;

/**
 * The schema of a list from outside. Zod checks its length before its elements: otherwise each wrong element of a hostile list
 * would become an issue of its own (https://github.com/advisories/GHSA-mrhx-c7xc-m3w5).
 */
export const boundedList = <T extends z.ZodType>(element: T) => z.array(element).max(maxElements);

/** Why a text is not parsed. The message names the limit, and nothing of the text. */
export interface Breach {
  code: "TooDeep" | "TooManyValues";
  message: string;
}

export interface JsonBounds {
  /** Arrays and objects within one another. */
  depth: number;
  /** Fields and elements in all. */
  values: number;
}

/**
 * The bounds of an HR event. Events have three levels and some ten fields; the rest is room for what HR systems add.
 * `JSON.parse` survives any depth, but `JSON.stringify`, which publishes an event again, runs out of stack below some thousand
 * levels, and would fail the whole batch.
 */
export const eventBounds: JsonBounds = { depth: 500, values: 10_000 };

/** Finds the bound that a text would exceed once it is parsed. Text that is not JSON is left to the parser to reject. */
export function findBreach(text: string, bounds: JsonBounds): Breach | undefined {
  return isPlainlyWithin(text, bounds) ? undefined : findBreachOutsideStrings(text, bounds);
}

/**
 * True for nearly every event, without a look at each character. A text has no more values than characters, and no more
 * levels than pairs of brackets (unless it is not JSON) or than opening brackets, those within strings included.
 */
function isPlainlyWithin(text: string, { depth, values }: JsonBounds): boolean {
  return text.length <= values && (text.length < 2 * (depth + 1) || !hasMore(text, ["{", "["], depth));
}

function hasMore(text: string, wanted: readonly string[], limit: number): boolean {
  let count = 0;
  for (const character of wanted) {
    for (let at = text.indexOf(character); at !== -1; at = text.indexOf(character, at + 1)) {
      count += 1;
      if (count > limit) return true;
    }
  }
  return false;
}

/**
 * Counts brackets and commas outside of strings in one pass. The pass ends where a bound is exceeded, so a hostile text costs
 * no more than its harmless beginning.
 */
function findBreachOutsideStrings(text: string, bounds: JsonBounds): Breach | undefined {
  let depth = 0;
  let values = 0;
  for (let at = 0; at < text.length; at += 1) {
    switch (text.charCodeAt(at)) {
      case quote:
        at = endOfString(text, at);
        break;
      case openBracket:
      case openBrace:
        depth += 1;
        values += 1;
        if (depth > bounds.depth) return tooDeep(bounds);
        break;
      case closeBracket:
      case closeBrace:
        depth -= 1;
        break;
      case comma:
        values += 1;
        break;
    }
    if (values > bounds.values) return tooManyValues(bounds);
  }
  return undefined;
}

const [quote, backslash, comma] = [0x22, 0x5c, 0x2c];
const [openBracket, closeBracket, openBrace, closeBrace] = [0x5b, 0x5d, 0x7b, 0x7d];

/** The index of the closing quote, or the length of a text that has none. */
function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit === quote) return at;
    if (unit === backslash) at += 1;
  }
  return text.length;
}

function tooDeep({ depth }: JsonBounds): Breach {
  return { code: "TooDeep", message: `expected JSON of at most ${depth} levels; got more` };
}

function tooManyValues({ values }: JsonBounds): Breach {
  return {
    code: "TooManyValues",
    message: `expected at most ${values} fields and elements in all; got more`,
  };
}
