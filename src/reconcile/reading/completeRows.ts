import { type DateColumn, type DateDecision, readDate, watchDates } from "../../events/dateForms.ts";
import type { UserProfile } from "../../events/userProfile.ts";
import { type DateField, dateFields, type RosterSettings } from "../../policy/rosterSettings.ts";
import { headingOf } from "./findColumns.ts";
import type { RosterRecords, RosterRow } from "./rosterRow.ts";

// What only the rows of a roster together tell: how its dates are written, which words of the status are unknown, and whether anybody
// has left. The rows are completed by it.

/** How a policy has rows completed, as far as it matters here. */
export type CompletingOptions = Pick<RosterSettings, "timeZone" | "present" | "left" | "lists"> & {
  /** What becomes of people on a leave of absence, by the policy. */
  leaveOfAbsence: "suspend" | "ignore";
  /** How many rows the file must have, if the user says so. */
  expectedRows?: number;
};

/** A row that fits the schema, with its dates as days of the calendar. */
export interface NumberedRow extends Omit<RosterRow, "status" | "otherStatus"> {
  /** The line of a CSV file or the entry of JSON, counted from 1. */
  number: number;
  /** `missing`: the cell is empty, although others of its column are not. `differing`: another column says something else. */
  status?: "present" | "left" | "missing" | "differing" | undefined;
  profile?: UserProfile | undefined;
  /** How many texts of the profile are wrong, and left out. */
  droppedTexts?: number | undefined;
}

/** A row whose dates are still as they are written. */
export type ScannedRow = RosterRow & Pick<NumberedRow, "number" | "profile" | "droppedTexts">;

/** What the rows together tell. */
export interface Statistics {
  rows: number;
  statuses: number;
  /** Words in the column of the status that are neither. */
  unknownStatuses: Set<string>;
  dates: Map<DateField, DateColumn>;
}

export function startStatistics(): Statistics {
  return {
    rows: 0,
    statuses: 0,
    unknownStatuses: new Set(),
    dates: new Map(dateFields.map((field) => [field, watchDates()])),
  };
}

export function noteRow(statistics: Statistics, row: ScannedRow): void {
  statistics.rows += 1;
  if (row.status !== undefined) statistics.statuses += 1;
  for (const field of dateFields) {
    const text = row[field];
    if (text !== undefined) statistics.dates.get(field)?.see(text, row.number);
  }
}

/** A column of other words than those of a status has more. */
export const mostWords = 12;

/** A word is proposed for neither side: only HR knows which it is. */
export function proposeWords(
  { unknownStatuses }: Statistics,
  { present, left }: CompletingOptions,
): string[] {
  if (unknownStatuses.size === 0 || unknownStatuses.size >= mostWords) return [];
  const listOf = (words: Iterable<string>) => [...words].map((word) => JSON.stringify(word)).join(", ");
  return [
    `present: [${listOf(present)}]  # add here, or below: ${listOf(unknownStatuses)}`,
    `left: [${listOf(left)}]`,
  ];
}

export function proposeDates(dates: ReadonlyMap<DateField, DateDecision>): string[] {
  const undecided = [...dates].flatMap(([field, decision]) =>
    decision.kind === "undecided" ? [{ field, fitting: decision.fitting }] : [],
  );
  if (undecided.length === 0) return [];
  const forms = undecided.map(({ field, fitting }) => `${field}: ${fitting[0]}`);
  const others = [...new Set(undecided.flatMap(({ fitting }) => fitting.slice(1)))];
  const doubt = others.length === 0 ? "" : `  # or ${others.join(", ")}: only HR knows`;
  return [`dates: {${forms.join(", ")}}${doubt}`];
}

export function describeDates(dates: ReadonlyMap<DateField, DateDecision>, source: RosterRecords): string[] {
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
export function describeWhole(
  { rows, statuses }: Statistics,
  { columns }: RosterRecords,
  { lists, expectedRows = rows }: CompletingOptions,
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

export function completer(
  { statuses }: Statistics,
  dates: ReadonlyMap<DateField, DateDecision>,
  { timeZone: zoneByDefault, leaveOfAbsence }: CompletingOptions,
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
  const meaningOf = (status: NonNullable<ScannedRow["status"]>) => {
    if (status === "onLeave") return leaveOfAbsence === "suspend" ? "left" : "present";
    return status;
  };
  const standingOf = ({ status, otherStatus = [] }: ScannedRow): NumberedRow["status"] => {
    if (status === undefined) return statuses > 0 ? "missing" : undefined;
    const standing = meaningOf(status);
    return otherStatus.every((other) => meaningOf(other) === standing) ? standing : "differing";
  };
  return (row) => {
    const { hireDate, rehireDate, lastDay, timeZone = zoneByDefault } = row;
    const standing = standingOf(row);
    const begin = dayOf("hireDate", hireDate, timeZone);
    const beginAnew = dayOf("rehireDate", rehireDate, timeZone);
    const end = dayOf("lastDay", lastDay, timeZone);
    return {
      number: row.number,
      personId: row.personId,
      email: row.email,
      previousEmails: row.previousEmails,
      status: standing,
      hireDate: begin,
      rehireDate: beginAnew,
      lastDay: end !== undefined && end < noEnd ? end : undefined,
      timeZone: row.timeZone,
      role: row.role,
      licenseType: row.licenseType,
      attributes: row.attributes,
      profile: row.profile,
      droppedTexts: row.droppedTexts,
    };
  };
}

/** Enough for the roles, days and zones of a large company. */
const mostSharedTexts = 20_000;

/**
 * Makes rows that take little memory, for a large company has many: each field has its place, where a row that grows field by field
 * takes twice as much, and equal roles, days and zones are one text.
 */
export function rowKeeper(): (row: ScannedRow) => ScannedRow {
  const known = new Map<string, string>();
  const shareText = (text: string) => {
    const same = known.get(text);
    if (same === undefined && known.size < mostSharedTexts) known.set(text, text);
    return same ?? text;
  };
  const share = (text: string | undefined) => text && shareText(text);
  const shareIn = (profile: UserProfile): UserProfile => {
    const { department } = profile;
    return department === undefined ? profile : { ...profile, department: shareText(department) };
  };
  return (row) => ({
    number: row.number,
    personId: row.personId,
    email: row.email,
    previousEmails: row.previousEmails,
    status: row.status,
    otherStatus: row.otherStatus,
    hireDate: share(row.hireDate),
    rehireDate: share(row.rehireDate),
    lastDay: share(row.lastDay),
    timeZone: share(row.timeZone),
    role: share(row.role),
    licenseType: share(row.licenseType),
    attributes: row.attributes,
    profile: row.profile && shareIn(row.profile),
    droppedTexts: row.droppedTexts,
  });
}

function localDay(time: number, timeZone: string): string {
  return new Intl.DateTimeFormat("en-CA", { timeZone, dateStyle: "short" }).format(time);
}
