import { type Breach, eventBounds, findBreach, isJsonObject, parseJson } from "./boundedJson.ts";
import { type EventEntry, entrySizeBytes, MAX_REQUEST_BYTES } from "./eventBus.ts";
import { DEFAULT_SOURCE, isDetailType } from "./hrEvent.ts";
import { formatPath, parseHrEvent, unknownDetailType } from "./parseEvent.ts";
import { type Problem, problemText, toProblem } from "./problems.ts";

/** A line that may be sent, or the reason why it may not. */
export type ToEntryResult =
  | { status: "entry"; entry: EventEntry }
  | { status: "malformed"; problems: Problem[] }
  | { status: "refused"; code: string; message: string };

/**
 * Makes a PutEvents entry of a line `{"detail-type": …, "detail": {…}, "source"?: …}`. Never throws, and never quotes the line.
 *
 * `unchecked` lets a detail pass that breaks its schema, to put on the bus what another producer would. An unknown
 * detail-type is refused even then: EventBridge would accept it, and drop it silently, because no rule matches it.
 */
export function toEntry(line: Uint8Array, { unchecked }: { unchecked: boolean }): ToEntryResult {
  const read = readJsonObject(line);
  if (read.status === "refused") return read;
  const { "detail-type": detailType, detail, source = DEFAULT_SOURCE } = read.object;
  if (!isDetailType(detailType)) {
    const { path, message } = unknownDetailType(detailType);
    return refuse("UnknownDetailType", `${path}: ${message}; no rule would match it`);
  }
  if (!isSource(source)) return refuse("InvalidSource", sourceRule);
  const parsed = unchecked ? undefined : parseHrEvent(detailType, detail);
  if (parsed?.ok === false) return { status: "malformed", problems: parsed.problems };
  if (detail === undefined) return refuse("NoDetail", "detail: expected an object; got nothing");
  const entry = { source, detailType, detail: JSON.stringify(detail) };
  const unsendable = findUnsendable(entry.detail, detail);
  if (unsendable !== undefined) return refuse("UnsendableCharacter", problemText(unsendable));
  const bytes = entrySizeBytes(entry);
  if (bytes < MAX_REQUEST_BYTES) return { status: "entry", entry };
  return refuse("TooLarge", `expected an entry of less than ${MAX_REQUEST_BYTES} bytes; got ${bytes}`);
}

const sourceRule = 'source: expected text of 1 to 256 characters that does not begin with "aws."';

/** AWS keeps sources that begin with `aws.` for itself. */
function isSource(value: unknown): value is string {
  return typeof value === "string" && /^(?!aws\.)\S.{0,255}$/.test(value);
}

/**
 * Finds a text that cannot go through the bus to a queue: SQS refuses U+FFFE and U+FFFF, of which EventBridge would tell nobody, and
 * half of a surrogate pair has no encoding. Control characters are escaped in JSON, and pass.
 *
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
 */
function findUnsendable(json: string, detail: unknown): Problem | undefined {
  return mayBeUnsendable.test(json) ? findUnsendableText(detail, ["detail"]) : undefined;
}

/** `JSON.stringify` escapes a surrogate that stands alone. A text that has such an escape in it looks the same, and is looked at. */
const mayBeUnsendable = /[\ufffe\uffff]|\\ud[89a-f]/;
const unsendable = /[\p{Cs}\ufffe\uffff]/u;

function findUnsendableText(value: unknown, path: readonly PropertyKey[]): Problem | undefined {
  if (typeof value === "string")
    return unsendable.test(value)
      ? toProblem(formatPath(path), "characters that a queue takes", value)
      : undefined;
  if (typeof value !== "object" || value === null) return undefined;
  for (const [key, each] of Object.entries(value)) {
    const place = [...path, Array.isArray(value) ? Number(key) : key];
    const found = findUnsendableText(key, place) ?? findUnsendableText(each, place);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Whether a line was refused for what it is, before the bus was asked: it will never be sent. */
export function isLastingRefusal(code: string): boolean {
  return lastingRefusals.has(code);
}

const lastingRefusals: ReadonlySet<string> = new Set([
  "TooDeep",
  "TooLarge",
  "TooManyValues",
  "UnsendableCharacter",
]);

function refuse(code: string, message: string): Refused {
  return { status: "refused", code, message };
}

type Refused = Extract<ToEntryResult, { status: "refused" }>;

/** JSON can spell one byte with six (`\u0041`), so no longer line can hold an entry that is small enough. */
export const MAX_LINE_BYTES = 8 * MAX_REQUEST_BYTES;

type ReadJsonObject =
  | { status: "read"; object: Partial<Record<string, unknown>> }
  | (Refused & { code: "TooLarge" | "NotUtf8" | "NotJson" | Breach["code"] });

/** Reads one line of JSON lines. Never throws, and never quotes the line. */
function readJsonObject(line: Uint8Array): ReadJsonObject {
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

/** Fatal, because a replacement character would silently alter a name or an address. */
const utf8 = new TextDecoder("utf-8", { fatal: true });

function decode(bytes: Uint8Array): string | undefined {
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined;
  }
}
