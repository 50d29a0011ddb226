import { EVENT_ID, type Event, getScalarValue, parseEvents } from "js-yaml";
import { type CheckedPolicy, checkPolicy, type PolicyProblem, pathText } from "../../policy/checkPolicy.ts";
import type { Policy } from "../../policy/policy.ts";

/** Whether a policy is valid, and where it is not. */
export interface PolicyReport {
  file: string;
  valid: boolean;
  problems: LocatedProblem[];
}

interface LocatedProblem {
  path: string;
  /** Counted from 1; `undefined` where the parser cannot tell. */
  line: number | undefined;
  message: string;
}

export type PolicyInspection =
  | { kind: "valid"; report: PolicyReport; policy: Policy }
  | { kind: "invalid"; report: PolicyReport };

/** Finds what the directories of a valid policy cannot do. */
type FindDirectoryProblems = (policy: Policy) => readonly PolicyProblem[];

/**
 * Checks the text of a policy as every cold start does, and what it asks of its directories as the packaging does; tells the line of
 * each problem. `file` is its name.
 */
export function inspectPolicy(
  file: string,
  text: string,
  findDirectoryProblems: FindDirectoryProblems,
): PolicyInspection {
  const checked = withDirectories(checkPolicy(text), findDirectoryProblems);
  if (checked.kind === "valid") {
    return { kind: "valid", report: { file, valid: true, problems: [] }, policy: checked.policy };
  }
  // Of a text that is not YAML, only the place is known where the parser stopped.
  const findLine = checked.because === "notYaml" ? () => undefined : lineFinder(text);
  const toLocated = ({ path, message, line }: PolicyProblem): LocatedProblem => ({
    path: pathText(path),
    line: line ?? findLine(path),
    message,
  });
  return { kind: "invalid", report: { file, valid: false, problems: checked.problems.map(toLocated) } };
}

function withDirectories(
  checked: CheckedPolicy,
  findDirectoryProblems: FindDirectoryProblems,
): CheckedPolicy {
  if (checked.kind === "invalid") return checked;
  const problems = findDirectoryProblems(checked.policy);
  return problems.length === 0
    ? checked
    : { kind: "invalid", because: "wrongFields", problems: [...problems] };
}

type Path = readonly (string | number)[];

/** The line of a place in a YAML text, counted from 1. A place that is missing has the line of what it is missing from. */
export type FindLine = (path: Path) => number;

/** Indexes the lines of a YAML text once. Throws `YAMLException` for a text that is not YAML. */
export function lineFinder(text: string): FindLine {
  const offsets = offsetsOf(text);
  return (path) => {
    const depths = Array.from({ length: path.length + 1 }, (_, index) => path.length - index);
    const found = depths.map((depth) => offsets.get(keyOf(path.slice(0, depth))));
    return lineAt(text, found.find((offset) => offset !== undefined) ?? 0);
  };
}

/** A collection that the parser is in. In a mapping, every other node is a key. */
interface Level {
  path: Path;
  kind: "document" | "sequence" | "mapping";
  next: number;
  key: string | undefined;
}

function offsetsOf(text: string): Map<string, number> {
  const offsets = new Map<string, number>();
  const levels: Level[] = [];
  for (const event of parseEvents(text, {})) {
    if (event.type === EVENT_ID.POP) levels.pop();
    else if (event.type === EVENT_ID.DOCUMENT) levels.push(levelOf("document", []));
    else {
      const path = placeOf(event, levels.at(-1), text);
      const key = keyOf(path);
      if (!offsets.has(key)) offsets.set(key, offsetOf(event));
      if (event.type === EVENT_ID.SEQUENCE) levels.push(levelOf("sequence", path));
      if (event.type === EVENT_ID.MAPPING) levels.push(levelOf("mapping", path));
    }
  }
  return offsets;
}

type NodeEvent = Exclude<Event, { type: typeof EVENT_ID.POP | typeof EVENT_ID.DOCUMENT }>;

/** The path of a node; a key has the path of its value, and comes first. */
function placeOf(event: NodeEvent, level: Level | undefined, text: string): Path {
  switch (level?.kind) {
    case undefined:
    case "document":
      return [];
    case "sequence":
      return [...level.path, level.next++];
    case "mapping": {
      const key = level.key ?? (event.type === EVENT_ID.SCALAR ? getScalarValue(text, event) : "?");
      level.key = level.key === undefined ? key : undefined;
      return [...level.path, key];
    }
  }
}

function levelOf(kind: Level["kind"], path: Path): Level {
  return { kind, path, next: 0, key: undefined };
}

function offsetOf(event: NodeEvent): number {
  if (event.type === EVENT_ID.SCALAR) return event.valueStart;
  return event.type === EVENT_ID.ALIAS ? event.anchorStart : event.start;
}

function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split("\n").length;
}

function keyOf(path: Path): string {
  return JSON.stringify(path);
}
