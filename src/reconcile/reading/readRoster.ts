import type * as z from "zod";
import {
  type DateColumn,
  type DateDecision,
  decideForms,
  readDate,
  watchDates,
} from "../../events/dateForms.ts";
import { codeOfIssue } from "../../events/parseEvent.ts";
import { problemText, toProblem } from "../../events/problems.ts";
import { profileOf, readProfile, type UserProfile } from "../../events/userProfile.ts";
import type { Policy } from "../../policy/policy.ts";
import { attributeNames } from "../../policy/policyRules.ts";
import {
  chosenDateForm,
  type DateField,
  dateFields,
  type RosterSettings,
  rosterSchema,
} from "../../policy/rosterSettings.ts";
import { readCsv } from "./csvRoster.ts";
import { headingOf } from "./findColumns.ts";
import { readJson } from "./jsonRoster.ts";
import { openContents } from "./rosterBytes.ts";
import {
  RosterFault,
  type RosterRecord,
  type RosterRecords,
  type RosterRow,
  rosterRowSchema,
} from "./rosterRow.ts";
import { type RosterUnderstanding, toUnderstanding } from "./understanding.ts";
import { readWorkbook } from "./workbookRoster.ts";

/** A row that fits the schema, with its dates as days of the calendar. */
export interface NumberedRow extends Omit<RosterRow, "status"> {
  /** The line of a CSV file or the entry of JSON, counted from 1. */
  number: number;
  /** `missing`: the cell is empty, although others of its column are not. */
  status?: "present" | "left" | "missing" | undefined;
  profile?: UserProfile;
  /** How many texts of the profile are wrong, and left out. */
  droppedTexts?: number;
}

export type RosterReading =
  | { kind: "read"; rows: NumberedRow[]; understanding: RosterUnderstanding }
  | BrokenRoster;

/** No row may be used. The problems hold no value of the roster; the details do, and are for a terminal. */
export interface BrokenRoster {
  kind: "broken";
  problems: string[];
  details?: string;
  /** Lines of the policy's section `roster` that would mend it. */
  proposals: string[];
  /** What was understood before, if anything was. */
  understanding?: RosterUnderstanding;
}

export interface ReadRosterOptions extends RosterSettings {
  /** Attributes by which the policy's accounts choose their people: each must have a column. */
  askedAttributes: readonly string[];
  /** What becomes of people on a leave of absence, by the policy. */
  leaveOfAbsence: "suspend" | "ignore";
  /** How many rows the file must have, if the user says so. */
  expectedRows?: number;
}

/**
 * How a policy has rosters read; without one, as by a policy that says nothing of rosters.
 *
 * @param column headings that go before those of the policy
 */
export function readingOptions(
  policy: Policy | undefined,
  column: RosterSettings["columns"] = {},
): ReadRosterOptions {
  const settings = policy?.roster ?? rosterSchema.parse({});
  return {
    ...settings,
    columns: { ...settings.columns, ...column },
    askedAttributes: attributeNames(policy?.accounts ?? []),
    leaveOfAbsence: policy?.leaveOfAbsence?.do ?? "ignore",
  };
}

/** Enough to mend an export by. */
const maxProblems = 10;

/** So many people fit into the memory of a small computer, together with a directory of as many. */
const maxRows = 500_000;

/**
 * Reads a full roster: CSV, JSON, JSON lines or an Excel workbook, as its contents show. One broken row breaks the whole
 * roster: otherwise a person whose row cannot be read would look like a leaver.
 */
export async function readRoster(
  bytes: AsyncIterable<Uint8Array>,
  options: ReadRosterOptions,
): Promise<RosterReading> {
  const rows: ScannedRow[] = [];
  const scan = await scanRoster(bytes, options, (row) => {
    if (rows.length >= maxRows)
      throw new RosterFault(
        `expected at most ${maxRows.toLocaleString("en")} rows, which is what can be compared with a directory; got more`,
      );
    rows.push(row);
  });
  if (scan.kind === "broken") return scan;
  const completed: NumberedRow[] = [];
  // Each row is let go as soon as it is completed: a large company's are some hundred megabytes.
  rows.reverse();
  for (let row = rows.pop(); row !== undefined; row = rows.pop()) completed.push(scan.toRow(row));
  return { kind: "read", rows: completed, understanding: scan.understanding };
}

/** A row whose dates are still as they are written. */
export type ScannedRow = RosterRow & Pick<NumberedRow, "number" | "profile" | "droppedTexts">;

type RosterScan =
  | { kind: "scanned"; toRow: (row: ScannedRow) => NumberedRow; understanding: RosterUnderstanding }
  | BrokenRoster;

/**
 * Reads a roster as a stream, row by row. How its dates are written is known at the end only, so the rows are given as they
 * are, with a function that completes them. What `onRow` throws is thrown on, unless it is a `RosterFault`.
 *
 * @param toTheEnd whether it is read on after ten problems, to find all words of the status that are not known
 */
export async function scanRoster(
  bytes: AsyncIterable<Uint8Array>,
  options: ReadRosterOptions,
  onRow: (row: ScannedRow) => void,
  { toTheEnd = false } = {},
): Promise<RosterScan> {
  let understanding: RosterUnderstanding | undefined;
  try {
    const contents = await openContents(bytes, options.encoding);
    const records = await readRecords(contents, options);
    const statistics = startStatistics();
    understanding = toUnderstanding(contents, records, { rows: 0, dates: new Map() });
    const problems = await checkRows(records, options, {
      toTheEnd,
      onRow: (row) => {
        note(statistics, row);
        onRow(row);
      },
      onUnknownStatus: (word) => {
        if (statistics.unknownStatuses.size < mostWords) statistics.unknownStatuses.add(word);
      },
    });
    const dates = decideForms(statistics.dates, (field) => chosenDateForm(options, field));
    understanding = toUnderstanding(contents, records, { rows: statistics.rows, dates });
    problems.push(...describeDates(dates, records), ...describeWhole(statistics, records, options));
    if (problems.length > 0) {
      const proposals = [...proposeWords(statistics, options), ...proposeDates(dates)];
      return { kind: "broken", problems: problems.slice(0, maxProblems), proposals, understanding };
    }
    return { kind: "scanned", toRow: completer(statistics, dates, options), understanding };
  } catch (error) {
    if (!(error instanceof RosterFault)) throw error;
    const { message, details, proposal } = error;
    return {
      kind: "broken",
      problems: [message],
      proposals: proposal === undefined ? [] : [proposal],
      ...(details !== undefined && { details }),
      ...(understanding !== undefined && { understanding }),
    };
  }
}

async function readRecords(
  contents: Awaited<ReturnType<typeof openContents>>,
  options: ReadRosterOptions,
): Promise<RosterRecords> {
  if (contents.kind === "workbook") return readWorkbook(contents.bytes, options);
  const { isJson, text } = await detectJson(contents.text);
  return isJson ? readJson(text, options) : readCsv(text, options);
}

/** Looks at the first character that is not blank, and gives back the whole text. */
async function detectJson(
  text: AsyncGenerator<string>,
): Promise<{ isJson: boolean; text: AsyncGenerator<string> }> {
  const { value: head = "" } = await text.next();
  async function* whole() {
    yield head;
    yield* text;
  }
  return { isJson: /^[\s\ufeff]*[[{]/.test(head), text: whole() };
}

interface Statistics {
  rows: number;
  statuses: number;
  /** Words in the column of the status that are neither. */
  unknownStatuses: Set<string>;
  dates: Map<DateField, DateColumn>;
}

function startStatistics(): Statistics {
  return {
    rows: 0,
    statuses: 0,
    unknownStatuses: new Set(),
    dates: new Map(dateFields.map((field) => [field, watchDates()])),
  };
}

function note(statistics: Statistics, row: ScannedRow): void {
  statistics.rows += 1;
  if (row.status !== undefined) statistics.statuses += 1;
  for (const field of dateFields) {
    const text = row[field];
    if (text !== undefined) statistics.dates.get(field)?.see(text, row.number);
  }
}

async function checkRows(
  source: RosterRecords,
  options: ReadRosterOptions,
  { onRow, onUnknownStatus, toTheEnd }: RowWatcher,
): Promise<string[]> {
  const schema = rosterRowSchema(options);
  const problems: string[] = [];
  for await (const record of source.records) {
    const parsed = schema.safeParse(record.cells);
    if (parsed.success) onRow({ ...parsed.data, ...profileIn(record), number: record.number });
    else {
      const { issues } = parsed.error;
      if (problems.length < maxProblems)
        problems.push(...issues.map((issue) => describeIssue(issue, record, source)));
      const { status } = record.cells;
      if (typeof status === "string" && issues.some(({ path }) => path[0] === "status"))
        onUnknownStatus(status);
    }
    if (problems.length >= maxProblems && !toTheEnd) break;
  }
  return problems;
}

interface RowWatcher {
  onRow: (row: ScannedRow) => void;
  onUnknownStatus: (word: string) => void;
  toTheEnd: boolean;
}

/** A column of other words than those of a status has more. */
const mostWords = 12;

/** A word is proposed for neither side: only HR knows which it is. */
function proposeWords({ unknownStatuses }: Statistics, { present, left }: ReadRosterOptions): string[] {
  if (unknownStatuses.size === 0 || unknownStatuses.size >= mostWords) return [];
  const listOf = (words: Iterable<string>) => [...words].map((word) => JSON.stringify(word)).join(", ");
  return [
    `present: [${listOf(present)}]  # add here, or below: ${listOf(unknownStatuses)}`,
    `left: [${listOf(left)}]`,
  ];
}

function proposeDates(dates: ReadonlyMap<DateField, DateDecision>): string[] {
  const undecided = [...dates].flatMap(([field, decision]) =>
    decision.kind === "undecided" ? [{ field, fitting: decision.fitting }] : [],
  );
  if (undecided.length === 0) return [];
  const forms = undecided.map(({ field, fitting }) => `${field}: ${fitting[0]}`);
  const others = [...new Set(undecided.flatMap(({ fitting }) => fitting.slice(1)))];
  const doubt = others.length === 0 ? "" : `  # or ${others.join(", ")}: only HR knows`;
  return [`dates: {${forms.join(", ")}}${doubt}`];
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
  source: RosterRecords,
): string {
  const {
    path: [field = "", inner],
    message,
  } = issue;
  const name = String(field === "attributes" ? (inner ?? field) : field);
  const value = new Map<string, unknown>(Object.entries(cells)).get(name);
  const problem = toProblem(`${source.unit} ${number}, column ${headingOf(name, source)}`, message, value);
  return problemText({ ...problem, ...codeOfIssue(issue) });
}

function describeDates(dates: ReadonlyMap<DateField, DateDecision>, source: RosterRecords): string[] {
  return [...dates].flatMap(([field, decision]) => {
    if (decision.kind === "read") return [];
    const place = `${source.unit} ${decision.firstLine}, column ${headingOf(field, source)}`;
    if (decision.kind === "misfit") {
      const form =
        decision.form === undefined ? "" : ` or one as ${decision.form} (the policy's roster.dates)`;
      return [`${place}: expected a date of the calendar, such as 2026-05-14${form}; got something else`];
    }
    const [first = ""] = decision.fitting;
    return [
      `${place}: expected dates such as 2026-05-14; got some that ${decision.fitting.length === 1 ? "look like" : "may be"} ${decision.fitting.join(" or ")}. Say which in the policy: roster.dates: ${first}`,
    ];
  });
}

/** What is wrong with the rows together. */
function describeWhole(
  { rows, statuses }: Statistics,
  { columns }: RosterRecords,
  { lists, expectedRows = rows }: ReadRosterOptions,
): string[] {
  const has = (field: string) => columns.some(({ name }) => name === field);
  const isSilent = lists === "everybody" && statuses === 0 && !has("lastDay") && rows > 0;
  return [
    ...(expectedRows === rows ? [] : [`expected ${expectedRows} rows; got ${rows}`]),
    ...(isSilent && has("status")
      ? [
          `column ${headingOf("status", { columns })}: expected a status; got none in ${rows} rows, and no last day either`,
        ]
      : []),
  ];
}

/** From this year on, a date only says that there is no end. */
const noEnd = "2100";

function completer(
  { statuses }: Statistics,
  dates: ReadonlyMap<DateField, DateDecision>,
  { timeZone: zoneByDefault, leaveOfAbsence }: ReadRosterOptions,
): (row: ScannedRow) => NumberedRow {
  // Rows share dates.
  const known = new Map<string, string | undefined>();
  const toDay = (field: DateField, text: string, timeZone: string): string | undefined => {
    const key = `${field} ${timeZone} ${text}`;
    const day = known.get(key);
    if (day !== undefined) return day;
    const decision = dates.get(field);
    const read = readDate(text, decision?.kind === "read" ? decision.form : undefined);
    const found = read?.kind === "moment" ? localDay(read.time, timeZone) : read?.day;
    if (found !== undefined) known.set(key, found);
    return found;
  };
  const dayOf = (field: DateField, text: string | undefined, timeZone: string) =>
    text === undefined ? undefined : toDay(field, text, timeZone);
  const standingOf = (status: ScannedRow["status"]): NumberedRow["status"] => {
    if (status === "onLeave") return leaveOfAbsence === "suspend" ? "left" : "present";
    return status ?? (statuses > 0 ? "missing" : undefined);
  };
  return ({ status, hireDate, rehireDate, lastDay, ...row }) => {
    const { timeZone = zoneByDefault } = row;
    const standing = standingOf(status);
    const begin = dayOf("hireDate", hireDate, timeZone);
    const beginAnew = dayOf("rehireDate", rehireDate, timeZone);
    const end = dayOf("lastDay", lastDay, timeZone);
    // What is absent stays so: a large company has many rows.
    return {
      ...row,
      ...(standing !== undefined && { status: standing }),
      ...(begin !== undefined && { hireDate: begin }),
      ...(beginAnew !== undefined && { rehireDate: beginAnew }),
      ...(end !== undefined && end < noEnd && { lastDay: end }),
    };
  };
}

function localDay(time: number, timeZone: string): string {
  return new Intl.DateTimeFormat("en-CA", { timeZone, dateStyle: "short" }).format(time);
}
