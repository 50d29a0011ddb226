import { MAX_REQUEST_BYTES } from "./entrySize.ts";
import { eventBounds, findBreach } from "./findBreach.ts";
import { type DetailType, isDetailType } from "./hrEvent.ts";
import { isJsonObject } from "./jsonObject.ts";
import { unknownDetailType } from "./parseHrEvent.ts";
import { parseJson } from "./parseJson.ts";
import { type Problem, toProblem } from "./problem.ts";

export type ParsedEnvelope =
  | { ok: true; type: DetailType; detail: unknown; envelopeId: string | undefined }
  | { ok: false; problems: Problem[] };

/** What the bus takes of an event, and room for what EventBridge puts around it. */
const maxBodyCharacters = MAX_REQUEST_BYTES + 2048;
const bodyBounds = { ...eventBounds, values: eventBounds.values + 100 };

/**
 * Opens the body of an SQS message, in which EventBridge delivers an event
 * (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-events-structure.html). The detail comes out
 * unchecked, for `parseHrEvent`. Never throws. What is too large, too deep or has too many values is not parsed.
 *
 * `envelopeId` is EventBridge's own id. It changes from bus to bus and is missing where a program wrote the
 * body, so it serves the logs only; the event's identity is `metadata.id`.
 */
export function parseEnvelope(body: string): ParsedEnvelope {
  const breach = findBreachOfBody(body);
  if (breach !== undefined) return { ok: false, problems: [breach] };
  const envelope = parseJson(body);
  if (!isJsonObject(envelope)) {
    const expected = "a JSON object with detail-type and detail";
    return { ok: false, problems: [toProblem("body", expected, envelope === undefined ? body : envelope)] };
  }
  const { "detail-type": type, detail, id } = envelope;
  if (!isDetailType(type)) return { ok: false, problems: [unknownDetailType(type)] };
  return { ok: true, type, detail, envelopeId: typeof id === "string" ? id : undefined };
}

function findBreachOfBody(body: string): Problem | undefined {
  if (body.length > maxBodyCharacters) {
    return toProblem("body", `at most ${maxBodyCharacters} characters`, body);
  }
  const breach = findBreach(body, bodyBounds);
  return breach && { path: "body", message: breach.message };
}
