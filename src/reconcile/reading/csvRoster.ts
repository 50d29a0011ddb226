import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { CsvError, parse } from "csv-parse";
import { parse as parseWhole } from "csv-parse/sync";
import type { RosterSettings } from "../../policy/rosterSettings.ts";
import { cleanCell } from "./cells.ts";
import { type ColumnNames, findColumns, toCells } from "./findColumns.ts";
import {
  type FoundColumns,
  RosterFault,
  type RosterRecord,
  type RosterRecords,
  type SkippedRow,
} from "./rosterRow.ts";
import { findHeadingRow, mostRowsAbove, whyNobody, widestRow } from "./table.ts";

export interface CsvSettings extends Pick<RosterSettings, "delimiter" | "finalNewline">, ColumnNames {
  /** How many rows the file must have, if the user says so: then the end of its last line proves nothing. */
  expectedRows?: number;
}

/**
 * Reads a CSV file as a stream. Its delimiter and its line of headings are found by the headings themselves, below whatever
 * titles stand above them. https://www.rfc-editor.org/rfc/rfc4180
 *
 * Lines that cannot be about a person are skipped, and told: empty ones, totals, the headings again. Throws `RosterFault` for
 * a row with more cells than headings, for a quotation mark that stays open, and for a last line without an end: an export
 * that was cut off looks like this. Cells that are missing at the end of a row are empty ones.
 */
export async function readCsv(text: AsyncGenerator<string>, settings: CsvSettings): Promise<RosterRecords> {
  const head = await readHead(text);
  const layout = findLayout(head, settings);
  const found = findColumns(layout.headings, settings);
  const skipped: SkippedRow[] = [];
  async function* whole() {
    yield head.text;
    yield* text;
  }
  return {
    format: "csv",
    unit: "line",
    delimiter: layout.delimiter,
    headingLine: layout.line,
    ...found,
    skipped,
    records: toRecords(whole(), layout, { ...found, skipped, settings }),
  };
}

/** The beginning of a file, in which its headings are looked for. */
interface Head {
  text: string;
  isWhole: boolean;
}

const headCharacters = 64 * 1024;

async function readHead(text: AsyncGenerator<string>): Promise<Head> {
  const pieces: string[] = [];
  let length = 0;
  while (length < headCharacters) {
    const { done, value } = await text.next();
    if (done) return { text: pieces.join(""), isWhole: true };
    pieces.push(value);
    length += value.length;
  }
  return { text: pieces.join(""), isWhole: false };
}

/** No HR export comes near it; a quotation mark that is never closed would read the whole file into one cell. */
const maxRowBytes = 1024 * 1024;

/**
 * Lines end in each of the usual ways, also in several of them in one file. Quotation marks within a cell without quotation
 * marks around it are part of it.
 */
const dialect = {
  bom: true,
  info: true,
  max_record_size: maxRowBytes,
  record_delimiter: ["\r\n", "\n", "\r"],
  relax_column_count: true,
  relax_quotes: true,
  skip_empty_lines: true,
  trim: true,
};

/** A row as the parser gives it with the option `info`. */
interface CsvRow {
  info: { lines: number };
  record: string[];
}

interface Layout {
  delimiter: string;
  headings: string[];
  /** How many rows stand above the row of headings. */
  position: number;
  /** The line on which the headings end. */
  line: number;
}

const delimiters = [",", ";", "\t", "|"];

/** Finds the delimiter by which the headings are found. If none is, the widest row tells what is missing. */
function findLayout(head: Head, settings: CsvSettings): Layout {
  if (head.text.trim() === "")
    throw new RosterFault("the roster is empty: expected a line of headings and a line per person");
  const candidates = settings.delimiter === undefined ? delimiters : [settings.delimiter];
  const tables = candidates.map((delimiter) => ({ delimiter, rows: firstRows(head, delimiter) }));
  let best: (Layout & { fields: number }) | undefined;
  for (const { delimiter, rows } of tables) {
    const found = findHeadingRow(
      rows.map(({ record }) => record),
      settings,
    );
    if (found !== undefined && found.fields > (best?.fields ?? 0))
      best = { ...found, delimiter, line: rows[found.position]?.info.lines ?? 0 };
  }
  if (best !== undefined) return best;
  const records = tables.flatMap(({ rows }) => rows.map(({ record }) => record));
  return { delimiter: ",", headings: widestRow(records), position: 0, line: 0 };
}

function firstRows({ text, isWhole }: Head, delimiter: string): CsvRow[] {
  const end = isWhole ? text.length : Math.max(text.lastIndexOf("\n"), text.lastIndexOf("\r"));
  const rows: CsvRow[] = [];
  try {
    parseWhole(text.slice(0, end), {
      ...dialect,
      info: false,
      delimiter,
      to: mostRowsAbove,
      on_record: (record, { lines }) => {
        rows.push({ info: { lines }, record });
        return null;
      },
    });
  } catch (error) {
    // The same fault is met, and told, when the file is read.
    if (!(error instanceof CsvError)) throw error;
  }
  return rows;
}

interface Reading extends Pick<FoundColumns, "columns" | "preset"> {
  skipped: SkippedRow[];
  settings: CsvSettings;
}

async function* toRecords(
  text: AsyncGenerator<string>,
  { delimiter, headings, position }: Layout,
  { columns, preset, skipped, settings }: Reading,
): AsyncGenerator<RosterRecord> {
  const positions = columns.map(({ heading }) => headings.indexOf(heading));
  const end = { last: "" };
  let above = 0;
  let isLastSkipped = false;
  try {
    const rows: AsyncIterable<CsvRow> = openRows(text, delimiter, end);
    for await (const { info, record: row } of rows) {
      if (above <= position) {
        above += 1;
        continue;
      }
      const number = info.lines;
      const because = whyNobody(row, headings, preset);
      isLastSkipped = because !== undefined;
      if (because !== undefined) {
        skipped.push({ number, because });
        continue;
      }
      checkRow(row, headings, { number, delimiter });
      yield {
        number,
        cells: toCells(columns, ({ name }, index) => cleanCell(row[positions[index] ?? -1] ?? "", name)),
      };
    }
  } catch (error) {
    throw error instanceof CsvError ? toFault(error) : error;
  }
  const isUnended = end.last !== "" && end.last !== "\n" && end.last !== "\r";
  if (isUnended && !isLastSkipped && settings.finalNewline && settings.expectedRows === undefined)
    throw new RosterFault(
      "the last line has no end, so the file may have been cut off; export it again. If you know that it is whole, say how many rows it has (--rows), or set roster.finalNewline: false in the policy",
      { proposal: "finalNewline: false" },
    );
}

function checkRow(
  row: readonly string[],
  headings: readonly string[],
  { number, delimiter }: { number: number; delimiter: string },
): void {
  if (row.length > headings.length && row.slice(headings.length).some((cell) => cell !== ""))
    throw new RosterFault(
      `line ${number}: expected ${headings.length} cells, as there are headings; got ${row.length}. Is a cell with a delimiter in it not in quotation marks?`,
    );
  // A quotation mark that is left open takes the lines below it into one cell, and the people with them.
  for (const cell of row) {
    const isOpen =
      cell.includes("\n") && cell.split("\n").some((line) => line.split(delimiter).length >= headings.length);
    if (isOpen && headings.length > 1)
      throw new RosterFault(
        `line ${number}: expected a cell; got one that holds whole rows. Is a quotation mark left open above?`,
      );
  }
}

/** The rows throw `CsvError`. */
function openRows(text: AsyncIterable<string>, delimiter: string, end: { last: string }) {
  const parser = parse({ ...dialect, delimiter });
  // The rows throw the errors of the pipeline; this only keeps them from being reported twice.
  pipeline(Readable.from(notingLastCharacter(text, end)), parser).catch(() => undefined);
  return parser;
}

/** Notes the last character, which distinguishes a whole file from one that was cut off. */
async function* notingLastCharacter(
  text: AsyncIterable<string>,
  end: { last: string },
): AsyncGenerator<string> {
  for await (const piece of text) {
    // A program of old may end a file with Ctrl-Z.
    let length = piece.length;
    while (length > 0 && piece[length - 1] === "\u001a") length -= 1;
    end.last = piece[length - 1] ?? end.last;
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
  CSV_QUOTE_NOT_CLOSED:
    "expected a quotation mark that closes the cell; got the end of the file, which may have been cut off",
  CSV_MAX_RECORD_SIZE: `expected a row of at most ${maxRowBytes} bytes; is a quotation mark left open?`,
};
