import { EVENT_ID, type Event, getScalarValue, parseEvents } from "js-yaml";

/** The line of a place in a YAML text, counted from 1; of a place that is missing, the line of what it is missing from. */
export type FindLine = (path: readonly (string | number)[]) => number;

/** Indexes the lines of a YAML text once. Throws `YAMLException` for what is no YAML. */
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
type Path = readonly (string | number)[];

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

/** Where a node stands; a key stands where its value does, and comes first. */
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
