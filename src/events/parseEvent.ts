import type * as z from "zod";
import { eventBounds, findBreach, isJsonObject, parseJson } from "./boundedJson.ts";
import { MAX_REQUEST_BYTES } from "./eventBus.ts";
import { type DetailType, detailTypes, type HrEvent, hrEventSchemas, isDetailType } from "./hrEvent.ts";
import { type Problem, toProblem } from "./problems.ts";
import { readProfile } from "./userProfile.ts";

export type ParsedEnvelope =
  | { ok: true; type: DetailType; detail: unknown; envelopeId: string | undefined; time: string | undefined }
  | { ok: false; problems: Problem[] };

/**
 * Parses the body of an SQS message, in which EventBridge delivers an event
 * (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-events-structure.html). The detail comes out
 * unchecked, for `parseHrEvent`. Never throws. A body that is too large, too deep or has too many values is not parsed.
 *
 * `envelopeId` is EventBridge's own id. It changes from bus to bus and is missing where a program wrote the
 * body, so it serves the logs only; the event's identity is `metadata.id`. `time` is when the bus received the event, unchecked.
 */
export function parseEnvelope(body: string): ParsedEnvelope {
  const breach = findBreachOfBody(body);
  if (breach !== undefined) return { ok: false, problems: [breach] };
  const envelope = parseJson(body);
  if (!isJsonObject(envelope)) {
    const expected = "a JSON object with detail-type and detail";
    return { ok: false, problems: [toProblem("body", expected, envelope === undefined ? body : envelope)] };
  }
  const { "detail-type": type, detail, id, time } = envelope;
  if (!isDetailType(type)) return { ok: false, problems: [unknownDetailType(type)] };
  return { ok: true, type, detail, envelopeId: toText(id), time: toText(time) };
}

function toText(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** What the bus takes of an event, and room for the envelope that EventBridge puts around it. */
const maxBodyCharacters = MAX_REQUEST_BYTES + 2048;
const bodyBounds = { ...eventBounds, values: eventBounds.values + 100 };

function findBreachOfBody(body: string): Problem | undefined {
  if (body.length > maxBodyCharacters) {
    return toProblem("body", `at most ${maxBodyCharacters} characters`, body);
  }
  const breach = findBreach(body, bodyBounds);
  return breach && { path: "body", message: breach.message };
}

export function unknownDetailType(value: unknown): Problem {
  return toProblem("detail-type", `one of ${detailTypes.join(", ")}`, value);
}

/** Enough to mend an event by, and a bound on what one malformed event can put into a log. */
export const MAX_PROBLEMS = 10;

export type ParsedHrEvent =
  /** `dropped`: texts of the person's profile that are left out because they are wrong. */
  { ok: true; event: HrEvent; dropped: readonly Problem[] } | { ok: false; problems: Problem[] };

/**
 * Checks an event's detail against the schema of its detail-type. Unknown fields are dropped; a malformed event gives 1 to 10
 * problems in the order of the fields. Never throws.
 */
export function parseHrEvent(type: unknown, detail: unknown): ParsedHrEvent {
  if (!isDetailType(type)) return { ok: false, problems: [unknownDetailType(type)] };
  const result = hrEventSchemas[type].safeParse(detail);
  if (!result.success) return { ok: false, problems: toProblems(result.error.issues, detail) };
  const { metadata, data } = result.data;
  // The table ties each detail-type to its schema's output, which TypeScript cannot follow through an index.
  const event = { type, metadata, data } as HrEvent;
  return { ok: true, event, dropped: data.profile === undefined ? none : droppedOf(detail) };
}

const none: readonly Problem[] = [];

function droppedOf(detail: unknown): readonly Problem[] {
  return readProfile(valueAt(["data", "profile"], detail)).dropped;
}

function toProblems(issues: readonly z.core.$ZodIssue[], detail: unknown): Problem[] {
  return issues.slice(0, MAX_PROBLEMS).map((issue) => ({
    ...toProblem(formatPath(issue.path), issue.message, valueAt(issue.path, detail)),
    ...codeOfIssue(issue),
  }));
}

/** The code that a check of the schema gives to what fails it. */
export function codeOfIssue(issue: z.core.$ZodIssue): { code?: string } {
  const code: unknown = issue.code === "custom" ? issue.params?.code : undefined;
  return typeof code === "string" ? { code } : {};
}

/** `data.previousEmails[2]`, or `detail` for no path at all. */
export function formatPath(path: readonly PropertyKey[]): string {
  if (path.length === 0) return "detail";
  return path
    .map((key) => (typeof key === "number" ? `[${key}]` : `.${nameOf(key)}`))
    .join("")
    .slice(1);
}

/** The sender chooses the names of attributes, and could name one after a person. */
function nameOf(key: PropertyKey): string {
  const name = String(key);
  return /^\w{1,64}$/.test(name) ? name : "(a name)";
}

function valueAt(path: readonly PropertyKey[], root: unknown): unknown {
  return path.reduce<unknown>(
    (value, key) => (typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined),
    root,
  );
}
