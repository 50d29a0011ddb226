import { MAX_REQUEST_BYTES } from "./entrySize.ts";
import { type Breach, eventBounds, findBreach } from "./findBreach.ts";
import { isJsonObject } from "./jsonObject.ts";
import { parseJson } from "./parseJson.ts";

/** JSON can spell one byte with six (`\u0041`), so no longer line can hold an entry that is small enough. */
export const MAX_LINE_BYTES = 8 * MAX_REQUEST_BYTES;

export type ReadJsonObject =
  | { status: "read"; object: Partial<Record<string, unknown>> }
  | { status: "refused"; code: "TooLarge" | "NotUtf8" | "NotJson" | Breach["code"]; message: string };

/** Reads one line of JSON lines. Never throws, and never quotes the line. */
export function readJsonObject(line: Uint8Array): ReadJsonObject {
  if (line.length > MAX_LINE_BYTES) {
    const message = `expected one event a line, of at most ${MAX_LINE_BYTES} bytes; got ${line.length}`;
    return { status: "refused", code: "TooLarge", message };
  }
  const text = decode(line);
  if (text === undefined) {
    return { status: "refused", code: "NotUtf8", message: "expected UTF-8; save the file in that encoding" };
  }
  const breach = findBreach(text, eventBounds);
  if (breach !== undefined) return { status: "refused", ...breach };
  const value = parseJson(text);
  if (isJsonObject(value)) return { status: "read", object: value };
  return { status: "refused", code: "NotJson", message: "expected a JSON object, complete on this line" };
}

/** Fatal, because a replacement character would alter a name or an address without a word. */
const utf8 = new TextDecoder("utf-8", { fatal: true });

function decode(bytes: Uint8Array): string | undefined {
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined;
  }
}
