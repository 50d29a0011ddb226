import * as z from "zod";

export type JsonObject = Readonly<Record<string, unknown>>;

/** An object in the JSON sense: neither null nor an array. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** `undefined` for text that is not JSON: the parser's own message quotes the text, which may be personal. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Far more than a webhook's changed fields, an event's targets or a person's terminations ever are. */
const most = 1000;

/**
 * A list from outside. Its length is checked before its elements: of a hostile list every wrong element would become an issue
 * of its own, with a message (https://github.com/advisories/GHSA-mrhx-c7xc-m3w5).
 */
export const boundedList = <T extends z.ZodType>(element: T) => z.array(element).max(most);

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
 * What an event may come to, on its line and in the ledger. Events have three levels and some ten fields; the rest is room
 * for what HR systems add. `JSON.parse` survives any depth, but `JSON.stringify`, which puts an event off or sends it on,
 * runs out of stack below some thousand levels, and with it would go the whole batch.
 */
export const eventBounds: JsonBounds = { depth: 500, values: 10_000 };

/**
 * Whether a text would become a value out of bounds. Text that is not JSON at all is for the parser to find.
 */
export function findBreach(text: string, bounds: JsonBounds): Breach | undefined {
  return isPlainlyWithin(text, bounds) ? undefined : findBreachOutsideStrings(text, bounds);
}

/**
 * True for nearly every event, and without a look at each character: a text has no more values than characters. It has no
 * more levels than pairs of brackets, unless it is not JSON, nor than opening ones, those within strings included.
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
 * Looks at brackets and commas outside of strings only, in one pass that ends where the bound is passed, so a hostile text
 * costs no more than its harmless beginning.
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

/** The place of the closing quote, or the end of a text that has none. */
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
