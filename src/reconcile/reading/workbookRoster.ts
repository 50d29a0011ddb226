import { unzipSync } from "fflate";
import { readSheet } from "read-excel-file/universal";
import { cleanCell } from "./cells.ts";
import { type ColumnNames, findColumns, toCells } from "./findColumns.ts";
import { RosterFault, type RosterRecord, type RosterRecords, type SkippedRow } from "./rosterRow.ts";
import { findHeadingRow, whyNobody, widestRow } from "./table.ts";

const megabyte = 1024 * 1024;
/** A workbook is read as a whole, so it has limits. Some 100,000 people fit; CSV has no such limit. */
const maxBytes = 32 * megabyte;
const maxUnpackedBytes = 256 * megabyte;

/**
 * Reads the first sheet of an Excel workbook (.xlsx). Cells with the format of a date are dates, whatever the policy says of
 * their form. Throws `RosterFault` for a workbook that is too large or broken.
 */
export async function readWorkbook(
  chunks: AsyncIterable<Uint8Array>,
  names: ColumnNames,
): Promise<RosterRecords> {
  const rows = await readRows(await join(chunks));
  const headingRow = findHeadingRow(rows.slice(0, 100), names);
  const headings = headingRow?.headings ?? widestRow(rows);
  const found = findColumns(headings, names);
  const { columns, preset } = found;
  const positions = columns.map(({ heading }) => headings.indexOf(heading));
  const first = (headingRow?.position ?? 0) + 1;
  const skipped: SkippedRow[] = [];
  const records = rows.slice(first).flatMap((row, index): RosterRecord[] => {
    const number = first + index + 1;
    const because = whyNobody(row, headings, preset);
    if (because !== undefined) {
      skipped.push({ number, because });
      return [];
    }
    const cells = toCells(columns, ({ name }, at) => cleanCell(row[positions[at] ?? -1] ?? "", name));
    return [{ number, cells }];
  });
  return {
    format: "workbook",
    unit: "line",
    headingLine: first,
    ...found,
    skipped,
    records,
  };
}

async function join(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    length += chunk.length;
    if (length > maxBytes) throw tooLarge();
    pieces.push(chunk);
  }
  return Buffer.concat(pieces);
}

function tooLarge(): RosterFault {
  return new RosterFault(
    `expected a workbook of at most ${maxBytes / megabyte} MiB, and ${maxUnpackedBytes / megabyte} MiB unpacked; got a larger one: save it as CSV`,
  );
}

async function readRows(bytes: Uint8Array): Promise<string[][]> {
  try {
    let unpacked = 0;
    // Looks at the archive's directory, and unpacks nothing.
    unzipSync(bytes, {
      filter: ({ originalSize }) => {
        unpacked += originalSize;
        return false;
      },
    });
    if (unpacked > maxUnpackedBytes) throw tooLarge();
    const sheet = await readSheet(new Blob([new Uint8Array(bytes)]));
    return sheet.map((row) => row.map(toText));
  } catch (cause) {
    if (cause instanceof RosterFault) throw cause;
    throw new RosterFault(
      "expected an Excel workbook (.xlsx) with a table on its first sheet; got an archive that is none, or a broken one: save it as CSV",
      { cause },
    );
  }
}

/** Excel has no time zones: a date is that of the cell. */
function toText(value: unknown): string {
  if (value === null || value === undefined) return "";
  return value instanceof Date ? value.toISOString().slice(0, 10) : String(value);
}
