import {
  eventBounds,
  findBreach,
  isJsonObject,
  type JsonObject,
  parseJson,
  withExactNumbers,
} from "../../events/boundedJson.ts";
import type { RosterSettings } from "../../policy/rosterSettings.ts";
import { cleanCell } from "./cells.ts";
import { type ColumnNames, findColumns, pathSeparator, toCells } from "./findColumns.ts";
import { RosterFault, type RosterRecord, type RosterRecords } from "./rosterRow.ts";

/** JSON is read as a whole, so it has a limit. Some 500,000 people fit; CSV has no such limit. */
const maxCharacters = 256 * 1024 * 1024;

/**
 * Reads the list of people in JSON, or JSON lines: an array, a Workday report (`Report_Entry`), or an object that holds the
 * list under a usual name or under `roster.rows`. What is nested in an entry has a path for its heading. Numbers beyond 2^53
 * are read exactly. Throws `RosterFault` for anything else, and for a part of a report.
 */
export async function readJson(
  text: AsyncIterable<string>,
  settings: ColumnNames & Pick<RosterSettings, "rows">,
): Promise<RosterRecords> {
  const { entries, isLines } = findEntries(await join(text), settings.rows);
  if (entries.length === 0) throw new RosterFault("the roster is empty: expected an entry per person");
  // An entry leaves out empty fields, so the columns are those of all entries together.
  const headings = new Set<string>();
  for (const [index, entry] of entries.entries()) {
    if (!isJsonObject(entry))
      throw new RosterFault(`entry ${index + 1}: expected an object; got something else`);
    for (const heading of flatten(entry).keys()) headings.add(heading);
  }
  const found = findColumns([...headings], settings);
  return {
    format: isLines ? "jsonLines" : "json",
    unit: "entry",
    ...found,
    skipped: [],
    records: toRecords(entries, found.columns),
  };
}

/** Flattens each entry once more and lets it go: all of them together are some hundred megabytes in a large company. */
function* toRecords(entries: unknown[], columns: RosterRecords["columns"]): Generator<RosterRecord> {
  for (const [index, entry] of entries.entries()) {
    entries[index] = undefined;
    const fields = flatten(isJsonObject(entry) ? entry : {});
    yield {
      number: index + 1,
      cells: toCells(columns, ({ heading, name }) => toText(fields.get(heading), name)),
    };
  }
}

function findEntries(text: string, path: string | undefined): { entries: unknown[]; isLines: boolean } {
  const breach = findBreach(text, { depth: eventBounds.depth, values: Number.POSITIVE_INFINITY });
  if (breach !== undefined) throw new RosterFault(breach.message);
  const exact = withExactNumbers(text);
  const whole = parseJson(exact);
  if (whole !== undefined && !isEntryAlone(whole, path))
    return { entries: entriesOf(whole, path), isLines: false };
  const lines = exact.split(/[\r\n]+/).filter((line) => line.trim() !== "");
  const entries = lines.map((line) => parseJson(line));
  if (entries.every(isJsonObject)) return { entries, isLines: true };
  throw new RosterFault(
    "expected JSON that is complete, or a JSON object on each line; the file may have been cut off, so export it again",
  );
}

/** An object that holds no list: one line of JSON lines. */
function isEntryAlone(value: unknown, path: string | undefined): boolean {
  return path === undefined && isJsonObject(value) && listsOf(value).length === 0;
}

/** Names under which programs put the list, the surest first. */
const listNames = [
  "Report_Entry",
  "employees",
  "workers",
  "people",
  "users",
  "data",
  "results",
  "value",
  "items",
  "records",
];

function entriesOf(value: unknown, path: string | undefined): unknown[] {
  if (path !== undefined) return entriesAt(value, path);
  if (Array.isArray(value)) return value;
  if (!isJsonObject(value)) throw unknownShape();
  const lists = listsOf(value);
  const named = listNames.find((name) => lists.includes(name));
  const [only, other] = lists;
  const name = named ?? (other === undefined ? only : undefined);
  if (name === undefined) throw unknownShape();
  const list = value[name];
  // A Workday report of one person has an object in place of the list.
  const entries = Array.isArray(list) ? list : isWrapper(list) ? entriesOf(list, undefined) : [list];
  checkWhole(value, entries.length);
  const hasOthers = lists.some((other) => other !== name && holdsAddresses(value[other]));
  if (hasOthers) throw unknownShape();
  return entries;
}

/** A second list of people, such as that of the leavers, is not left out. */
function holdsAddresses(list: unknown): boolean {
  return (
    Array.isArray(list) &&
    list.some(
      (entry) =>
        isJsonObject(entry) &&
        Object.values(entry).some((field) => typeof field === "string" && /\S@\S/.test(field)),
    )
  );
}

function unknownShape(): RosterFault {
  return new RosterFault(
    'expected an array of objects, or an object with one, such as {"employees": […]}; got other JSON. Say where the list is in the policy: roster.rows: data.employees',
  );
}

/** The fields that hold a list of objects, or may hold one further down. */
function listsOf(value: JsonObject): string[] {
  return Object.entries(value)
    .filter(([name, field]) =>
      Array.isArray(field)
        ? field.some(isJsonObject) || (field.length === 0 && listNames.includes(name))
        : (name === "Report_Entry" && isJsonObject(field)) || isWrapper(field),
    )
    .map(([name]) => name);
}

/** An object around a list, such as OData's `d: {results: […]}`. */
function isWrapper(value: unknown): boolean {
  return isJsonObject(value) && listNames.some((name) => Array.isArray(value[name]));
}

function entriesAt(value: unknown, path: string): unknown[] {
  let found = value;
  const around: JsonObject[] = [];
  for (const part of path.split(".")) {
    if (isJsonObject(found)) around.push(found);
    found = isJsonObject(found) ? found[part] : undefined;
  }
  for (const object of around) checkWhole(object, Array.isArray(found) ? found.length : 1);
  if (Array.isArray(found)) return found;
  if (isJsonObject(found)) return [found];
  throw new RosterFault(`expected a list at ${path} (the policy's roster.rows); got something else`);
}

/** Rejects a page or a part of a report: whoever is on another page would look like a leaver. */
function checkWhole(report: JsonObject, entries: number): void {
  const around = Object.entries(report).filter(([name]) =>
    /^(?:meta|paging|pagination|pageinfo|links|page)$/i.test(name),
  );
  const fields = [report, ...around.map(([, value]) => value).filter(isJsonObject)].flatMap(Object.entries);
  const telling = fields.find(([name, value]) => tellsOfMore(name, value, entries));
  if (telling !== undefined)
    throw new RosterFault(
      `expected a whole report; got a part of it, as its field ${telling[0]} says: ${entries} entries. Export all of it`,
    );
}

function tellsOfMore(name: string, value: unknown, entries: number): boolean {
  const key = name.toLowerCase().replaceAll(/[^a-z]/g, "");
  if (/^(?:report)?has(?:more|next)(?:rows|results|pages?)?$/.test(key))
    return value === true || value === "true";
  if (/^(?:odata)?next(?:link|page|pagetoken|cursor|url)?$/.test(key))
    return (typeof value === "string" && value !== "") || (typeof value === "number" && value > 0);
  if (/^total(?:pages)$/.test(key)) return Number(value) > 1;
  return (
    /^(?:report)?total(?:rows|count|results|records|items|elements|size)?$/.test(key) &&
    Number(value) > entries
  );
}

const maxDepth = 5;

/** The entry's fields by path. A list of one element is that element, as in Workday's reports. */
function flatten(entry: JsonObject): Map<string, unknown> {
  const fields = new Map<string, unknown>();
  const visit = (value: unknown, path: string, depth: number) => {
    const [sole, other] = Array.isArray(value) ? value : [value];
    const field = other === undefined ? sole : value;
    if (!isJsonObject(field) || depth > maxDepth) {
      if (!fields.has(path)) fields.set(path, field);
      return;
    }
    for (const [name, inner] of Object.entries(field))
      visit(inner, path === "" ? name : `${path}${pathSeparator}${name}`, depth + 1);
  };
  visit(entry, "", 0);
  return fields;
}

/** Gives numbers and booleans as text, and an empty text as no value. */
function toText(value: unknown, field: string): unknown {
  if (value === null || value === undefined) return undefined;
  if (typeof value === "number" && !Number.isSafeInteger(value) && Number.isInteger(value)) return value;
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  return typeof value === "string" ? cleanCell(value, field) || undefined : value;
}

async function join(text: AsyncIterable<string>): Promise<string> {
  const pieces: string[] = [];
  let characters = 0;
  for await (const piece of text) {
    characters += piece.length;
    if (characters > maxCharacters)
      throw new RosterFault(`expected JSON of at most ${maxCharacters} characters; export the roster as CSV`);
    pieces.push(piece);
  }
  return pieces.join("").replace(/^\ufeff+/, "");
}
