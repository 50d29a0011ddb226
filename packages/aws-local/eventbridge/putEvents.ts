import * as z from "zod";
import { isJsonObject, parseJson } from "../json.ts";

/** The request body of PutEvents in JSON 1.1. Unknown fields are ignored, as AWS does. */
export const putEventsRequest = z.object({
  Entries: z.array(
    z.object({
      /** Seconds since 1970, with a fraction. RFC 3339 ends with the year 9999. */
      Time: z.number().min(0).max(253_402_300_799).nullish(),
      Source: z.string().nullish(),
      DetailType: z.string().nullish(),
      Detail: z.string().nullish(),
      EventBusName: z.string().nullish(),
      Resources: z.array(z.string()).nullish(),
    }),
  ),
});

export type PutEventsEntry = z.infer<typeof putEventsRequest>["Entries"][number];

/** The result of one entry: an id, or why the entry was not accepted. */
export type PutEventsResult = { EventId: string } | { ErrorCode: string; ErrorMessage: string };

const maximumEntriesPerCall = 10;

/**
 * The most bytes that all entries of a call may have together. AWS's older documents say 256 KB, newer ones 1 MiB;
 * the smaller limit is accepted everywhere. It bounds a single entry too.
 */
export const maximumRequestBytes = 256 * 1024;

/** Says why EventBridge would refuse a whole call (a ValidationException); `undefined` if it would not. */
export function refusalOfRequest(entries: readonly PutEventsEntry[]): string | undefined {
  if (entries.length === 0) return lengthRefusal("greater than or equal to 1");
  if (entries.length > maximumEntriesPerCall) {
    return lengthRefusal(`less than or equal to ${maximumEntriesPerCall}`);
  }
  const bytes = entries.reduce((sum, entry) => sum + entrySize(entry), 0);
  if (bytes <= maximumRequestBytes) return undefined;
  return `Total size of the entries in the request is over the limit. (${bytes} of ${maximumRequestBytes} bytes)`;
}

function lengthRefusal(constraint: string): string {
  return `1 validation error detected: Value at 'entries' failed to satisfy constraint: Member must have length ${constraint}`;
}

/**
 * Returns the size of an entry as EventBridge counts it, in bytes.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevent-size.html
 */
export function entrySize(entry: PutEventsEntry): number {
  const texts = [entry.Source, entry.DetailType, entry.Detail, ...(entry.Resources ?? [])];
  const timeSize = typeof entry.Time === "number" ? 14 : 0;
  return texts.reduce((size, text) => size + Buffer.byteLength(text ?? ""), timeSize);
}

export interface AcceptedEntry {
  kind: "accepted";
  source: string;
  detailType: string;
  detail: Readonly<Record<string, unknown>>;
}

type CheckedEntry = AcceptedEntry | { kind: "refused"; code: string; message: string };

const maximumDetailTypeCharacters = 128;

/** EventBridge's JSON parser refuses deeper nesting, and a recursive reader of the event would fail too. */
const maximumDepth = 1000;

/**
 * Checks one entry as EventBridge does. A refused entry fails alone, with AWS's code and message.
 * https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEventsRequestEntry.html
 */
export function checkEntry(entry: PutEventsEntry): CheckedEntry {
  const { Source: source, DetailType: detailType, Detail: detailText } = entry;
  if (!source) return missing("Source");
  if (!detailType) return missing("DetailType");
  if (!detailText) return missing("Detail");
  if (source.startsWith("aws.")) {
    return refused("NotAuthorizedForSourceException", "Not authorized for the source.");
  }
  if (detailType.length > maximumDetailTypeCharacters) {
    return refused(
      "InvalidArgument",
      `Parameter DetailType is not valid. Reason: at most ${maximumDetailTypeCharacters} characters, got ${detailType.length}.`,
    );
  }
  const detail = parseJson(detailText);
  if (!isJsonObject(detail) || depthOf(detail) > maximumDepth) {
    return refused("MalformedDetail", "Detail is malformed.");
  }
  return { kind: "accepted", source, detailType, detail };
}

function refused(code: string, message: string): CheckedEntry {
  return { kind: "refused", code, message };
}

function missing(name: string): CheckedEntry {
  return refused(
    "InvalidArgument",
    `Parameter ${name} is not valid. Reason: ${name} is a required argument.`,
  );
}

/** Counts level by level, because a recursive count would itself overflow the stack. */
function depthOf(value: unknown): number {
  let depth = 0;
  let level: unknown[] = [value];
  while (level.length > 0 && depth <= maximumDepth) {
    depth++;
    level = level.flatMap((node) => (typeof node === "object" && node !== null ? Object.values(node) : []));
  }
  return depth;
}
