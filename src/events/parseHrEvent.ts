import type * as z from "zod";
import { detailTypes, type HrEvent, hrEventSchemas, isDetailType } from "./hrEvent.ts";
import { type Problem, toProblem } from "./problem.ts";

/** Enough to mend an event by, and a bound on what one bad event can put into a log. */
export const MAX_PROBLEMS = 10;

export type ParsedHrEvent = { ok: true; event: HrEvent } | { ok: false; problems: Problem[] };

/**
 * Checks an event against its detail-type's schema: the detail-type and detail as they came in, the typed
 * event without unknown fields out, or 1 to 10 problems in the order of the fields. Never throws.
 */
export function parseHrEvent(type: unknown, detail: unknown): ParsedHrEvent {
  if (!isDetailType(type)) return { ok: false, problems: [unknownDetailType(type)] };
  const result = hrEventSchemas[type].safeParse(detail);
  if (!result.success) return { ok: false, problems: toProblems(result.error.issues, detail) };
  const { metadata, data } = result.data;
  // The table ties each detail-type to its schema's output, which TypeScript cannot follow through an index.
  return { ok: true, event: { type, metadata, data } as HrEvent };
}

export function unknownDetailType(value: unknown): Problem {
  return toProblem("detail-type", `one of ${detailTypes.join(", ")}`, value);
}

function toProblems(issues: readonly z.core.$ZodIssue[], detail: unknown): Problem[] {
  return issues
    .slice(0, MAX_PROBLEMS)
    .map(({ path, message }) => toProblem(formatPath(path), message, valueAt(path, detail)));
}

function formatPath(path: readonly PropertyKey[]): string {
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
