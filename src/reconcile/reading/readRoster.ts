import type * as z from "zod";
import { codeOfIssue } from "../../events/parseEvent.ts";
import { problemText, toProblem } from "../../events/problems.ts";
import { profileOf, readProfile, type UserProfile } from "../../events/userProfile.ts";
import type { RosterSettings } from "../../policy/rosterSettings.ts";
import { decodeText, readCsv, readJson } from "./csvRoster.ts";
import {
  RosterFault,
  type RosterRecord,
  type RosterRecords,
  type RosterRow,
  rosterRowSchema,
} from "./rosterRow.ts";

/** A row that fits the schema. */
export interface NumberedRow extends RosterRow {
  /** The line of a CSV file or the entry of JSON, counted from 1. */
  number: number;
  profile?: UserProfile;
  /** How many texts of the profile are wrong, and left out. */
  droppedTexts?: number;
}

export type RosterReading =
  | { kind: "read"; rows: NumberedRow[]; unit: RosterRecords["unit"] }
  /** No row may be used. The problems hold no value of the roster; the details do, and are for a terminal. */
  | { kind: "broken"; problems: string[]; details?: string };

export interface ReadRosterOptions extends RosterSettings {
  /** Attributes by which the policy's accounts choose their people: each must have a column. */
  askedAttributes: readonly string[];
  /** How many rows the file must have, if the user says so. */
  expectedRows?: number;
}

/** Enough to mend an export by. */
const maxProblems = 10;

/**
 * Reads a full roster, CSV or JSON by its first character. One broken row breaks the whole roster: otherwise a person whose
 * row cannot be read would look like a leaver.
 */
export async function readRoster(
  bytes: AsyncIterable<Uint8Array>,
  options: ReadRosterOptions,
): Promise<RosterReading> {
  try {
    const { isJson, text } = await detectFormat(decodeText(bytes));
    const records = isJson ? await readJson(text, options) : await readCsv(text, options);
    return await checkRows(records, options);
  } catch (error) {
    if (!(error instanceof RosterFault)) throw error;
    const { message, details } = error;
    return { kind: "broken", problems: [message], ...(details !== undefined && { details }) };
  }
}

async function checkRows(source: RosterRecords, options: ReadRosterOptions): Promise<RosterReading> {
  const schema = rosterRowSchema(options);
  const rows: NumberedRow[] = [];
  const problems: string[] = [];
  for await (const record of source.records) {
    const parsed = schema.safeParse(record.cells);
    if (parsed.success) rows.push({ ...parsed.data, ...profileIn(record), number: record.number });
    else problems.push(...parsed.error.issues.map((issue) => describeIssue(issue, record, source)));
    if (problems.length >= maxProblems) break;
  }
  if (problems.length > 0) return { kind: "broken", problems: problems.slice(0, maxProblems) };
  const { expectedRows = rows.length } = options;
  if (expectedRows === rows.length) return { kind: "read", rows, unit: source.unit };
  return { kind: "broken", problems: [`expected ${expectedRows} rows; got ${rows.length}`] };
}

/** A wrong name breaks no row: nobody looks like a leaver for it. */
function profileIn({ cells }: RosterRecord): Pick<NumberedRow, "profile" | "droppedTexts"> {
  const { profile, dropped } = readProfile(cells.profile);
  const said = profileOf(profile);
  return {
    ...(said !== undefined && { profile: said }),
    ...(dropped.length > 0 && { droppedTexts: dropped.length }),
  };
}

function describeIssue(
  issue: z.core.$ZodIssue,
  { number, cells }: RosterRecord,
  { unit, headingOf }: RosterRecords,
): string {
  const {
    path: [field = "", inner],
    message,
  } = issue;
  const name = String(field === "attributes" ? (inner ?? field) : field);
  const value = new Map<string, unknown>(Object.entries(cells)).get(name);
  const problem = toProblem(`${unit} ${number}, column ${headingOf(name)}`, message, value);
  return problemText({ ...problem, ...codeOfIssue(issue) });
}

/** Looks at the first character that is not blank, and gives back the whole text. */
async function detectFormat(
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
