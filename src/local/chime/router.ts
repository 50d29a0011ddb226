import { type OperationName, operationNames, operationRow } from "./operationTable.ts";

/** Where a request goes: an operation with its labels and its query, or why there is none. */
export type Route =
  | { kind: "found"; operation: OperationName; labels: Labels; query: Record<string, string> }
  | { kind: "none"; exception: "BadRequestException" | "UnknownOperationException"; message: string };

export interface Labels {
  AccountId?: string;
  UserId?: string;
}

const patterns = operationNames.map((name) => {
  const { method, path, action } = operationRow(name);
  return { name, method, action, segments: path.split("/") };
});

/**
 * Finds the operation of a request line. `target` is the raw path and query: a URL parser would fold `..` and
 * lose the difference between `/` and `%2F`, and an account's or user's id may hold either.
 */
export function findRoute(method: string, target: string): Route {
  const [path = "", search = ""] = target.split("?", 2);
  const query = Object.fromEntries(new URLSearchParams(search));
  const segments = decodeSegments(path);
  if (segments === undefined) {
    return {
      kind: "none",
      exception: "BadRequestException",
      message: `Expected a percent-encoded path, got ${path}.`,
    };
  }
  const pattern = patterns.find(
    (candidate) =>
      candidate.method === method &&
      candidate.action === query.operation &&
      fits(candidate.segments, segments),
  );
  if (pattern === undefined) {
    const message = `Expected one of the operations [${operationNames.join(", ")}], got ${method} ${target}.`;
    return { kind: "none", exception: "UnknownOperationException", message };
  }
  return {
    kind: "found",
    operation: pattern.name,
    labels: readLabels(pattern.segments, segments),
    query,
  };
}

function decodeSegments(path: string): string[] | undefined {
  try {
    return path.split("/").map(decodeURIComponent);
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}

function fits(pattern: readonly string[], segments: readonly string[]): boolean {
  return (
    pattern.length === segments.length &&
    pattern.every((part, place) => part.startsWith("{") || part === segments[place])
  );
}

function readLabels(pattern: readonly string[], segments: readonly string[]): Labels {
  const labels: Labels = {};
  for (const [place, part] of pattern.entries()) {
    const value = segments[place];
    if (value === undefined) continue;
    if (part === "{AccountId}") labels.AccountId = value;
    if (part === "{UserId}") labels.UserId = value;
  }
  return labels;
}
