import { type DetailType, isDetailType } from "./hrEvent.ts";
import { unknownDetailType } from "./parseHrEvent.ts";
import { parseJson } from "./parseJson.ts";
import { type Problem, toProblem } from "./problem.ts";

export type ParsedEnvelope =
  | { ok: true; type: DetailType; detail: unknown; envelopeId: string | undefined }
  | { ok: false; problems: Problem[] };

/**
 * Opens the body of an SQS message, in which EventBridge delivers an event
 * (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-events-structure.html). The detail comes out
 * unchecked, for `parseHrEvent`. Never throws.
 *
 * `envelopeId` is EventBridge's own id. It changes from bus to bus and is missing where a program wrote the
 * body, so it serves the logs only; the event's identity is `metadata.id`.
 */
export function parseEnvelope(body: string): ParsedEnvelope {
  const envelope = parseJson(body);
  if (typeof envelope !== "object" || envelope === null || Array.isArray(envelope)) {
    const expected = "a JSON object with detail-type and detail";
    return { ok: false, problems: [toProblem("body", expected, envelope === undefined ? body : envelope)] };
  }
  const { "detail-type": type, detail, id }: Partial<Record<string, unknown>> = envelope;
  if (!isDetailType(type)) return { ok: false, problems: [unknownDetailType(type)] };
  return { ok: true, type, detail, envelopeId: typeof id === "string" ? id : undefined };
}
