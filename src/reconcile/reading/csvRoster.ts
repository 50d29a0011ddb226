import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { CsvError, parse } from "csv-parse";
import * as z from "zod";
import { eventBounds, findBreach, isJsonObject, parseJson } from "../../events/boundedJson.ts";
import type { RosterSettings } from "../../policy/rosterSettings.ts";
import { type Column, type ColumnNames, headingFinder, matchHeadings, toCells } from "./findColumns.ts";
import { RosterFault, type RosterRecord, type RosterRecords } from "./rosterRow.ts";

/**
 * Reads a CSV file as a stream; its first row holds the headings. Throws `RosterFault` for a row with more or fewer
 * cells than headings, for a quotation mark that stays open, and for a last line without an end: an export that was cut
 * off looks like this. https://www.rfc-editor.org/rfc/rfc4180
 */
export async function readCsv(
  text: AsyncIterable<string>,
  { delimiter, ...names }: Pick<RosterSettings, "delimiter"> & ColumnNames,
): Promise<RosterRecords> {
  const rows = readRows(text, delimiter);
  const first = await rows.next();
  if (first.done)
    throw new RosterFault("the roster is empty: expected a line of headings and a line per person");
  const headings = first.value.record;
  const columns = matchHeadings(headings, names);
  return {
    unit: "line",
    headingOf: headingFinder(columns),
    records: toRecords(rows, headings, columns),
  };
}

/** A row as the parser gives it with the option `info`. */
interface CsvRow {
  info: { lines: number };
  record: string[];
}

async function* toRecords(
  rows: AsyncIterable<CsvRow>,
  headings: readonly string[],
  columns: readonly Column[],
): AsyncGenerator<RosterRecord> {
  const positions = columns.map(({ heading }) => headings.indexOf(heading));
  for await (const { info, record: row } of rows)
    yield { number: info.lines, cells: toCells(columns, (_, index) => row[positions[index] ?? -1]) };
}

/** No HR export comes near it; a quotation mark that is never closed would read the whole file into one cell. */
const maxRowBytes = 1024 * 1024;

async function* readRows(text: AsyncIterable<string>, delimiter: string): AsyncGenerator<CsvRow> {
  const end = { last: "" };
  const parser = parse({
    delimiter,
    trim: true,
    skip_empty_lines: true,
    max_record_size: maxRowBytes,
    info: true,
  });
  const piped = pipeline(Readable.from(notingLastCharacter(text, end)), parser);
  // The loop throws the errors of the pipeline; this only keeps them from being reported twice.
  piped.catch(() => undefined);
  try {
    for await (const row of parser) yield row;
  } catch (error) {
    throw error instanceof CsvError ? toFault(error) : error;
  }
  if (end.last !== "" && end.last !== "\n" && end.last !== "\r")
    throw new RosterFault(
      "the last line has no end, so the file may have been cut off; export it again, or add a line feed if you know that it is whole",
    );
}

/** Notes the last character, which distinguishes a whole file from one that was cut off. */
async function* notingLastCharacter(
  text: AsyncIterable<string>,
  end: { last: string },
): AsyncGenerator<string> {
  for await (const piece of text) {
    end.last = piece.at(-1) ?? end.last;
    yield piece;
  }
}

/** Replaces the parser's messages, because they quote the cells, which are personal data. */
function toFault(error: CsvError): RosterFault {
  const line = "lines" in error ? `line ${Number(error.lines)}: ` : "";
  return new RosterFault(`${line}${explanations[error.code] ?? `expected CSV; got ${error.code}`}`, {
    cause: error,
  });
}

const explanations: Partial<Record<string, string>> = {
  CSV_RECORD_INCONSISTENT_FIELDS_LENGTH:
    "expected as many cells as there are headings; got more or fewer. Is the file cut off, or another delimiter in use (the policy's roster.delimiter)?",
  CSV_QUOTE_NOT_CLOSED:
    "expected a quotation mark that closes the cell; got the end of the file, which may have been cut off",
  CSV_INVALID_CLOSING_QUOTE: "expected a delimiter or the end of the line after a closing quotation mark",
  INVALID_OPENING_QUOTE: "expected a quotation mark only at the beginning of a cell",
  CSV_MAX_RECORD_SIZE: `expected a row of at most ${maxRowBytes} bytes; is a quotation mark left open?`,
};

/** JSON is read as a whole, so it has a limit. Some 500,000 people fit; CSV has no such limit. */
const maxCharacters = 256 * 1024 * 1024;

/** Reads an array of objects, or a Workday report with its `Report_Entry`. Throws `RosterFault` for anything else. */
export async function readJson(text: AsyncIterable<string>, names: ColumnNames): Promise<RosterRecords> {
  const list = entriesOf(parseJsonRoster(await join(text)));
  const objects = list.map((entry, index) => {
    if (isJsonObject(entry)) return entry;
    throw new RosterFault(`entry ${index + 1}: expected an object; got something else`);
  });
  if (objects.length === 0) throw new RosterFault("the roster is empty: expected an entry per person");
  // An entry leaves out empty fields, so the columns are those of all entries together.
  const columns = matchHeadings([...new Set(objects.flatMap((object) => Object.keys(object)))], names);
  return {
    unit: "entry",
    headingOf: headingFinder(columns),
    records: objects.map((object, index) => ({
      number: index + 1,
      cells: toCells(columns, ({ heading }) => toText(object[heading])),
    })),
  };
}

const entries = z.array(z.unknown());
const workdayReport = z.object({ Report_Entry: entries });

function entriesOf(value: unknown): unknown[] {
  const parsed = z.union([entries, workdayReport]).safeParse(value);
  if (!parsed.success)
    throw new RosterFault('expected an array of objects, or {"Report_Entry": […]}; got other JSON');
  return Array.isArray(parsed.data) ? parsed.data : parsed.data.Report_Entry;
}

/** Gives numbers and booleans as text, and an empty text as no value. */
function toText(value: unknown): unknown {
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
    if (characters > maxCharacters)
      throw new RosterFault(`expected JSON of at most ${maxCharacters} characters; export the roster as CSV`);
    pieces.push(piece);
  }
  return pieces.join("");
}

/** Leaves out the parser's own message, which quotes the text. */
function parseJsonRoster(text: string): unknown {
  const breach = findBreach(text, { depth: eventBounds.depth, values: Number.POSITIVE_INFINITY });
  if (breach !== undefined) throw new RosterFault(breach.message);
  const value = parseJson(text);
  if (value !== undefined) return value;
  throw new RosterFault("expected JSON that is complete; the file may have been cut off, so export it again");
}

/** Decodes UTF-8 without a byte order mark. Throws `RosterFault` for another encoding, which would alter names. */
export async function* decodeText(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  const decode = (chunk?: Uint8Array) => {
    try {
      return chunk === undefined ? decoder.decode() : decoder.decode(chunk, { stream: true });
    } catch (cause) {
      throw new RosterFault("expected UTF-8; save the file in that encoding", { cause });
    }
  };
  for await (const chunk of chunks) yield decode(chunk);
  yield decode();
}
