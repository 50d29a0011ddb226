import { isJsonObject, parseJson } from "../../json.ts";
import type { PutEventsEntry } from "./putEventsRequest.ts";

export interface AcceptedEntry {
  kind: "accepted";
  source: string;
  detailType: string;
  detail: Readonly<Record<string, unknown>>;
}

type CheckedEntry = AcceptedEntry | { kind: "refused"; code: string; message: string };

const maximumDetailTypeCharacters = 128;

/** The JSON parser behind EventBridge gives up on deeper nesting, and so would a recursive reader of the event. */
const maximumDepth = 1000;

/**
 * What EventBridge demands of one entry. A refused one fails alone, with the code and the words of AWS.
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

/** Level by level, because a recursive count would itself run out of stack. */
function depthOf(value: unknown): number {
  let depth = 0;
  let level: unknown[] = [value];
  while (level.length > 0 && depth <= maximumDepth) {
    depth++;
    level = level.flatMap((node) => (typeof node === "object" && node !== null ? Object.values(node) : []));
  }
  return depth;
}
