import { type ColumnNames, countFields } from "./findColumns.ts";
import { isLabelRow, type RosterPreset } from "./rosterPresets.ts";
import { RosterFault, type SkippedRow } from "./rosterRow.ts";

// What CSV and a sheet of a workbook have in common: rows of cells, below a row of headings.

/** More columns than any export has. */
const maxColumns = 2000;
/** Titles and notes above the headings take a few lines. */
export const mostRowsAbove = 60;

export interface HeadingRow {
  headings: string[];
  /** How many rows stand above it. */
  position: number;
  /** How many fields have a heading in it. */
  fields: number;
}

/** The first row with headings of all fields that every roster needs; `undefined` if there is none. */
export function findHeadingRow(
  rows: readonly (readonly string[])[],
  names: ColumnNames,
): HeadingRow | undefined {
  let best: HeadingRow | undefined;
  for (const [position, row] of rows.slice(0, mostRowsAbove).entries()) {
    const headings = row.map(cleanHeading);
    const fields = countFields(headings, names);
    // The first one: a second table below it would take the people of the first for titles.
    if (fields > 0 && best === undefined) best = { headings, position, fields };
  }
  if (best !== undefined && best.headings.length > maxColumns)
    throw new RosterFault(`expected at most ${maxColumns} columns; got ${best.headings.length}`);
  return best;
}

/** The first of the widest rows, which are most likely to be those of a table. */
export function widestRow(rows: readonly (readonly string[])[]): string[] {
  const widest = rows.reduce<readonly string[]>((a, b) => (b.length > a.length ? b : a), []);
  return widest.map(cleanHeading);
}

function cleanHeading(text: string): string {
  return text.replaceAll(/\s+/g, " ").trim();
}

const footer =
  /^(?:grand |sub)?(?:total|count|sum|records?|rows?|number of|end of|report|generated|exported|printed|run|page|confidential|summe|gesamt|anzahl|# ?(?:of|rows|records|exported))(?![\p{L}\p{N}])/iu;

const mostCellsOfNote = 3;

/** The first filled cells of a row: a large export has many more, which nobody has to look at. */
function firstFilled(row: readonly string[], most: number): string[] {
  const filled: string[] = [];
  for (const cell of row) {
    if (cell !== "" && cell.replaceAll("\u001a", "").trim() !== "") filled.push(cell);
    if (filled.length === most) break;
  }
  return filled;
}

/** Why a row cannot be about a person: nothing in it, a total or a note, or the headings once more. */
export function whyNobody(
  row: readonly string[],
  headings: readonly string[],
  preset: RosterPreset | undefined,
): SkippedRow["because"] | undefined {
  const filled = firstFilled(row, mostCellsOfNote + 1);
  const [first = ""] = filled;
  if (filled.length === 0) return "empty";
  const isShort = filled.length <= mostCellsOfNote && !filled.some((cell) => cell.includes("@"));
  if (isShort && footer.test(first)) return "note";
  if (isLabelRow(row, headings, preset)) return "headings";
  return row.every((cell, index) => cleanHeading(cell) === (headings[index] ?? "")) ? "headings" : undefined;
}
