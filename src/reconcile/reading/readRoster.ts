import type * as z from "zod";
import { decideForms } from "../../events/dateForms.ts";
import { codeOfIssue } from "../../events/parseEvent.ts";
import { problemText, toProblem } from "../../events/problems.ts";
import { profileOf, readProfile } from "../../events/userProfile.ts";
import type { Policy } from "../../policy/policy.ts";
import { attributeNames } from "../../policy/policyRules.ts";
import { chosenDateForm, type RosterSettings, rosterSchema } from "../../policy/rosterSettings.ts";
import {
  type CompletingOptions,
  completer,
  describeDates,
  describeWhole,
  mostWords,
  type NumberedRow,
  noteRow,
  proposeDates,
  proposeWords,
  rowKeeper,
  type ScannedRow,
  startStatistics,
} from "./completeRows.ts";
import { readCsv } from "./csvRoster.ts";
import { headingOf } from "./findColumns.ts";
import { readJson } from "./jsonRoster.ts";
import { openContents } from "./rosterBytes.ts";
import { RosterFault, type RosterRecord, type RosterRecords, rosterRowSchema } from "./rosterRow.ts";
import { type RosterUnderstanding, toUnderstanding } from "./understanding.ts";
import { readWorkbook } from "./workbookRoster.ts";

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

export interface ReadRosterOptions extends RosterSettings, CompletingOptions {
  /** Attributes by which the policy's accounts choose their people: each must have a column. */
  askedAttributes: readonly string[];
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
  const keep = rowKeeper();
  const scan = await scanRoster(bytes, options, (row) => {
    if (rows.length >= maxRows)
      throw new RosterFault(
        `expected at most ${maxRows.toLocaleString("en")} rows, which is what can be compared with a directory; got more`,
      );
    rows.push(keep(row));
  });
  if (scan.kind === "broken") return scan;
  const completed: NumberedRow[] = [];
  // Each row is let go as soon as it is completed: a large company's are some hundred megabytes.
  rows.reverse();
  for (let row = rows.pop(); row !== undefined; row = rows.pop()) completed.push(scan.toRow(row));
  return { kind: "read", rows: completed, understanding: scan.understanding };
}

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
        noteRow(statistics, row);
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
