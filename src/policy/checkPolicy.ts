import { load, YAMLException } from "js-yaml";
import type * as z from "zod";
import { type Policy, policySchema } from "./policy.ts";

export type CheckedPolicy =
  | { kind: "valid"; policy: Policy }
  | { kind: "invalid"; because: "notYaml" | "wrongFields"; problems: PolicyProblem[] };

/** What is wrong with a policy. It quotes nothing from the file but the names of its fields. */
export interface PolicyProblem {
  /** From the whole to the place; empty for the whole. */
  path: readonly (string | number)[];
  message: string;
  /** Counted from 1, where the text is not even YAML. */
  line?: number;
}

/** Parses the YAML text of a policy file and checks it against the schema: the policy, or all that is wrong. Never throws. */
export function checkPolicy(text: string): CheckedPolicy {
  const yaml = parseYaml(text);
  if (yaml.kind === "invalid") return yaml;
  // The policy is read once at each start: to compile the schema first would take longer.
  const parsed = policySchema.safeParse(yaml.value, { jitless: true });
  if (parsed.success) return { kind: "valid", policy: parsed.data };
  return { kind: "invalid", because: "wrongFields", problems: parsed.error.issues.flatMap(toProblems) };
}

type ParsedYaml = { kind: "read"; value: unknown } | Extract<CheckedPolicy, { kind: "invalid" }>;

function parseYaml(text: string): ParsedYaml {
  try {
    return { kind: "read", value: load(text) };
  } catch (error) {
    return { kind: "invalid", because: "notYaml", problems: [toYamlProblem(error)] };
  }
}

/** Leaves out the parser's own excerpt of the file, which may hold addresses. */
function toYamlProblem(error: unknown): PolicyProblem {
  if (!(error instanceof YAMLException)) return { path: [], message: String(error) };
  const { reason, mark } = error;
  if (mark === undefined) return { path: [], message: reason };
  const line = mark.line + 1;
  return { path: [], message: `${reason} (${line}:${mark.column + 1})`, line };
}

function toProblems(issue: z.core.$ZodIssue): PolicyProblem[] {
  const path = issue.path.filter((part) => typeof part !== "symbol");
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => ({ path: [...path, key], message: issue.message }));
    case "invalid_union":
      return toProblemsOfUnion(issue.errors).map((problem) => ({
        ...problem,
        path: [...path, ...problem.path],
      }));
    default:
      return [{ path, message: toExpectation(issue.message) }];
  }
}

/** Says what was expected and what came, as all of Rollcall's problems do. */
function toExpectation(zodMessage: string): string {
  return zodMessage
    .replace(/^Invalid (input|option): /, "")
    .replace(", received undefined", "; got nothing")
    .replace(", received ", "; got ");
}

/** Reports the shape of a union that came closest: the one that is wrong somewhere inside, and not as a whole. */
function toProblemsOfUnion(shapes: readonly z.core.$ZodIssue[][]): PolicyProblem[] {
  const closest = shapes.find((issues) => !issues.some(isAboutTheWhole));
  return closest?.flatMap(toProblems) ?? [{ path: [], message: "must be false or an object" }];
}

function isAboutTheWhole({ path, code }: z.core.$ZodIssue): boolean {
  return path.length === 0 && (code === "invalid_type" || code === "invalid_value");
}

/** Formats a field's path as people write it: `accounts[1].domains`. */
export function pathText(path: readonly (string | number)[]): string {
  if (path.length === 0) return "(the whole)";
  const text = path.map((part) => (typeof part === "number" ? `[${part}]` : `.${part}`)).join("");
  return text.replace(/^\./, "");
}
