import * as z from "zod";
import { isJsonObject } from "../events/jsonObject.ts";
import { parseJson } from "../events/parseJson.ts";
import { type ColumnNames, findColumns } from "./findColumns.ts";
import { RosterFault } from "./rosterFault.ts";
import type { RosterRecords } from "./rosterRecord.ts";
import { toCells } from "./toCells.ts";

/** JSON is read as a whole; some 500,000 people fit, and CSV has no such limit. */
const mostCharacters = 256 * 1024 * 1024;

const entries = z.array(z.unknown());
const report = z.object({ Report_Entry: entries });

/** Reads an array of objects, or a Workday report with its `Report_Entry`. Throws `RosterFault` for anything else. */
export async function readJson(text: AsyncIterable<string>, names: ColumnNames): Promise<RosterRecords> {
  const list = entriesOf(parse(await join(text)));
  const objects = list.map((entry, index) => {
    if (isJsonObject(entry)) return entry;
    throw new RosterFault(`entry ${index + 1}: expected an object; got something else`);
  });
  if (objects.length === 0) throw new RosterFault("the roster is empty: expected an entry per person");
  // An entry leaves out what is empty, so all of them together tell the columns.
  const columns = findColumns([...new Set(objects.flatMap((object) => Object.keys(object)))], names);
  return {
    unit: "entry",
    headingOf: (field) => columns.find(({ name }) => name === field)?.heading ?? field,
    records: objects.map((object, index) => ({
      number: index + 1,
      cells: toCells(columns, ({ heading }) => plain(object[heading])),
    })),
  };
}

function entriesOf(value: unknown): unknown[] {
  const parsed = z.union([entries, report]).safeParse(value);
  if (!parsed.success)
    throw new RosterFault('expected an array of objects, or {"Report_Entry": […]}; got other JSON');
  return Array.isArray(parsed.data) ? parsed.data : parsed.data.Report_Entry;
}

/** Numbers and booleans are as good as their text; an empty text says as little as none. */
function plain(value: unknown): unknown {
  if (value === null || value === undefined) return undefined;
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (typeof value !== "string") return value;
  return value.trim() || undefined;
}

async function join(text: AsyncIterable<string>): Promise<string> {
  const pieces: string[] = [];
  let characters = 0;
  for await (const piece of text) {
    characters += piece.length;
    if (characters > mostCharacters)
      throw new RosterFault(
        `expected JSON of at most ${mostCharacters} characters; export the roster as CSV`,
      );
    pieces.push(piece);
  }
  return pieces.join("");
}

/** Without the parser's own message, which quotes the text. */
function parse(text: string): unknown {
  const value = parseJson(text);
  if (value !== undefined) return value;
  throw new RosterFault("expected JSON that is complete; the file may have been cut off, so export it again");
}
