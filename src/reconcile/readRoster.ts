import { toProblem } from "../events/problems.ts";
import type { RosterSettings } from "../policy/rosterSettings.ts";
import { decodeText, readCsv, readJson } from "./rosterFormats.ts";
import {
  RosterFault,
  type RosterRecord,
  type RosterRecords,
  type RosterRow,
  rosterRowSchema,
} from "./rosterRow.ts";

/** A checked row, and where it stands. */
export interface NumberedRow extends RosterRow {
  number: number;
}

export type RosterReading =
  | { kind: "read"; rows: NumberedRow[]; unit: RosterRecords["unit"] }
  /** Not one row may be believed. The problems hold no value of the roster; the details do, and are for a terminal. */
  | { kind: "broken"; problems: string[]; details?: string };

export interface ReadRosterOptions extends RosterSettings {
  /** Attributes by which the policy's accounts choose their people: each must have a column. */
  askedAttributes: readonly string[];
  /** How many rows the file must have, if whoever made it says so. */
  expectedRows?: number;
}

/** Enough to mend an export by. */
const mostProblems = 10;

/**
 * Reads a full roster, CSV or JSON by its first character. One broken row breaks the whole: a person whose row cannot be
 * read would otherwise look like one who has left.
 */
export async function readRoster(
  bytes: AsyncIterable<Uint8Array>,
  options: ReadRosterOptions,
): Promise<RosterReading> {
  try {
    const { isJson, text } = await sniff(decodeText(bytes));
    const source = isJson ? await readJson(text, options) : await readCsv(text, options);
    return await check(source, options);
  } catch (error) {
    if (!(error instanceof RosterFault)) throw error;
    const { message, details } = error;
    return { kind: "broken", problems: [message], ...(details !== undefined && { details }) };
  }
}

async function check(source: RosterRecords, options: ReadRosterOptions): Promise<RosterReading> {
  const schema = rosterRowSchema(options);
  const rows: NumberedRow[] = [];
  const problems: string[] = [];
  for await (const record of source.records) {
    const parsed = schema.safeParse(record.cells);
    if (parsed.success) rows.push({ ...parsed.data, number: record.number });
    else problems.push(...parsed.error.issues.map((issue) => problemText(issue, record, source)));
    if (problems.length >= mostProblems) break;
  }
  if (problems.length > 0) return { kind: "broken", problems: problems.slice(0, mostProblems) };
  const { expectedRows = rows.length } = options;
  if (expectedRows === rows.length) return { kind: "read", rows, unit: source.unit };
  return { kind: "broken", problems: [`expected ${expectedRows} rows; got ${rows.length}`] };
}

function problemText(
  { path: [field = "", inner], message }: { path: readonly PropertyKey[]; message: string },
  { number, cells }: RosterRecord,
  { unit, headingOf }: RosterRecords,
): string {
  const name = String(field === "attributes" ? (inner ?? field) : field);
  const value = new Map<string, unknown>(Object.entries(cells)).get(name);
  const problem = toProblem(`${unit} ${number}, column ${headingOf(name)}`, message, value);
  return `${problem.path}: ${problem.message}`;
}

/** Looks at the first character that is not blank, and gives the whole text back. */
async function sniff(
  text: AsyncGenerator<string>,
): Promise<{ isJson: boolean; text: AsyncGenerator<string> }> {
  let head = "";
  for (;;) {
    const { done, value = "" } = await text.next();
    head += value;
    if (done || head.trim() !== "") break;
  }
  async function* whole() {
    yield head;
    yield* text;
  }
  return { isJson: /^\s*[[{]/.test(head), text: whole() };
}
