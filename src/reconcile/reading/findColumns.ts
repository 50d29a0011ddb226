import { asItLooks } from "../../events/lookAlikes.ts";
import { isProfileField } from "../../events/userProfile.ts";
import {
  type RosterField,
  type RosterSettings,
  rosterFieldNames,
  rosterFields,
} from "../../policy/rosterSettings.ts";
import { columnsOfPreset, findPreset, type RosterPreset } from "./rosterPresets.ts";
import { type Column, type FoundColumns, RosterFault, type RosterRecord } from "./rosterRow.ts";

/** The policy's own headings, and what must have a column. */
export interface ColumnNames extends Pick<RosterSettings, "columns" | "attributes" | "lists"> {
  /** Attributes by which the policy's accounts choose their people: each must have a column. */
  askedAttributes: readonly string[];
}

/**
 * Matches a roster's headings with fields and attributes: by the policy's headings, by those of a preset, or else by the usual ones
 * (`rosterFields`), whatever their case and punctuation (`Employee_ID` is `employeeId`). The heading of something nested is a
 * path, of which the last part is enough (`internal.status`). A field without a column is left out, and so is a text of the
 * profile with two: nothing is decided by it.
 *
 * Throws `RosterFault` for a roster without a person's id or address, without an attribute that the policy asks for, without a
 * column that the policy names, with two columns for one field, or without a column that tells who has left.
 */
export function findColumns(headings: readonly string[], given: ColumnNames): FoundColumns {
  const index = indexHeadings(headings);
  const preset = findPreset(headings);
  const names = withPreset(given, preset, headings);
  const columns = wantedColumns(names).flatMap((wanted) => {
    const found = columnsOf(wanted, index);
    if (found.length === 0 && wanted.isRequired) throw missingColumn(wanted, headings);
    return found;
  });
  const read = new Set(columns.map(({ heading }) => heading));
  const unread = headings.filter((heading) => !read.has(heading) && heading !== "");
  const suspicious = unread.filter(looksLikeEmployment);
  checkLeavers(columns, suspicious, names);
  return { columns, unread, suspicious, ...(preset !== undefined && { preset }) };
}

/** The policy's own headings go before those of a preset. */
function withPreset(
  names: ColumnNames,
  preset: RosterPreset | undefined,
  headings: readonly string[],
): ColumnNames {
  return { ...names, columns: { ...columnsOfPreset(preset, headings), ...names.columns } };
}

/** How many of the wanted fields have a column; 0 unless those are among them that every roster needs. */
export function countFields(headings: readonly string[], names: ColumnNames): number {
  const index = indexHeadings(headings);
  const wantedOnes = wantedColumns(withPreset(names, findPreset(headings), headings));
  const found = wantedOnes.map((wanted) => ({
    isRequired: wanted.isRequired,
    isThere: wanted.candidates.some((candidate) => headingsOf(candidate, index).length > 0),
  }));
  const isRoster = found.every(({ isRequired, isThere }) => isThere || !isRequired);
  return isRoster ? found.filter(({ isThere }) => isThere).length : 0;
}

interface HeadingIndex {
  /** By the whole heading. */
  whole: ReadonlyMap<string, readonly string[]>;
  /** By the last part of a path, and by its first part where nothing else is below that. */
  parts: ReadonlyMap<string, readonly string[]>;
}

function indexHeadings(headings: readonly string[]): HeadingIndex {
  const whole = new Map<string, string[]>();
  const parts = new Map<string, string[]>();
  const below = new Map<string, number>();
  for (const heading of headings) {
    const [first = ""] = heading.split(pathSeparator);
    below.set(first, (below.get(first) ?? 0) + 1);
  }
  for (const heading of headings) {
    add(whole, normalize(heading), heading);
    const path = heading.split(pathSeparator);
    const [first = "", last = ""] = [path[0], path.at(-1)];
    if (path.length === 1 || path.slice(0, -1).some(isOfAnother)) continue;
    add(parts, normalize(last), heading);
    if (below.get(first) === 1) add(parts, normalize(first), heading);
  }
  return { whole, parts };
}

/** What is nested in such an object is another person's, or about something else than the employment. */
function isOfAnother(part: string): boolean {
  return /manager|supervisor|reportsto|leave|absence|contract|visa|emergency|probation|benefit|dependent|assistant|recruit|mentor|spouse|partner|home|personal|private/.test(
    normalize(part),
  );
}

/** Between the parts of the heading of something nested in JSON. No program writes it into a heading of its own. */
export const pathSeparator = "›";

function add(index: Map<string, string[]>, key: string, heading: string): void {
  if (key !== "") index.set(key, [...(index.get(key) ?? []), heading]);
}

/** The headings of a field in the order of its candidates. A column of the person's own goes before all that is nested. */
function headingsOfField(
  candidates: readonly string[],
  { whole, parts }: HeadingIndex,
): (readonly string[])[] {
  const keys = candidates.map(normalize);
  const own = keys.map((key) => whole.get(key) ?? []);
  return own.some(({ length }) => length > 0) ? own : keys.map((key) => parts.get(key) ?? []);
}

function headingsOf(candidate: string, index: HeadingIndex): readonly string[] {
  return headingsOfField([candidate], index)[0] ?? [];
}

function columnsOf(wanted: WantedColumn, index: HeadingIndex): Column[] {
  const { kind, name, candidates, isRequired, takesAll, rivals = [] } = wanted;
  const mayBeLeftOut = kind === "profile" && !isRequired;
  const found = headingsOfField(candidates, index).filter(({ length }) =>
    mayBeLeftOut ? length === 1 : length > 0,
  );
  const [first] = found;
  if (first === undefined) return [];
  const isRival = rivals.some((rival) => headingsOf(rival, index).includes(first[0] ?? ""));
  const meant = new Set(isRival ? rivals.flatMap((rival) => headingsOf(rival, index)) : first);
  if (meant.size > 1 || first.length > 1)
    throw new RosterFault(`expected one column for ${name}; got two. ${wanted.advice}`, {
      details: `the two are: ${[...new Set([...first, ...meant])].join(", ")}`,
    });
  const taken = takesAll ? found.flat() : first;
  const columns = [...new Set(taken)].map((heading) => ({ kind, name, heading }));
  return name === "status" ? [...columns, ...otherStatuses(found.flat(), columns)] : columns;
}

/** Further columns of a status, which must not contradict the first. */
function otherStatuses(found: readonly string[], [own]: readonly Column[]): Column[] {
  const others = new Set(found.filter((heading) => heading !== own?.heading));
  return [...others].map((heading) => ({ kind: "field", name: otherStatus, heading }));
}

const otherStatus = "otherStatus";

interface WantedColumn extends Pick<Column, "kind" | "name"> {
  /** The headings that it may have, the best first. */
  candidates: readonly string[];
  /** All columns that are there are read: in each row the first that is not empty counts. */
  takesAll?: boolean;
  /** Candidates of which none is better than another: two of them are one too many. */
  rivals?: readonly string[];
  isRequired: boolean;
  /** What to do if it is not there, or there twice. */
  advice: string;
}

/** The policy's heading for a field that has no column, although a column has a usual heading of it. */
const noColumn = "-";

const requiredFields: readonly RosterField[] = ["personId", "email"];

/** A file has a private address besides, and either name may be that of the address at work. */
const rivalsOf: Partial<Record<RosterField, readonly string[]>> = {
  email: ["email", "emailAddress", "mail"],
};

function wantedColumns({ columns, attributes, askedAttributes }: ColumnNames): WantedColumn[] {
  const fields = rosterFieldNames.map((name): WantedColumn => {
    const own = columns[name];
    const rivals = own === undefined ? rivalsOf[name] : undefined;
    return {
      kind: isProfileField(name) ? "profile" : "field",
      name,
      candidates: own === undefined ? rosterFields[name] : own === noColumn ? [] : [own],
      takesAll: name === "lastDay",
      ...(rivals !== undefined && { rivals }),
      isRequired: requiredFields.includes(name) || (own !== undefined && own !== noColumn),
      advice: `Name it with --column ${name}=NAME, or in the policy's roster.columns`,
    };
  });
  const asked = askedAttributes.map((name): WantedColumn => {
    const candidates = [attributes[name] ?? name];
    const advice = `The policy's accounts ask for it: name it in roster.attributes there`;
    return { kind: "attribute", name, candidates, isRequired: true, advice };
  });
  return [...fields, ...asked];
}

/** Without its case and its punctuation, and with the letters that it seems to have. */
function normalize(heading: string): string {
  return asItLooks(heading)
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]/gu, "");
}

const employmentWords = /status|active|terminat|separat|leaver|lastday|enddate|hiredate|startdate|rehire/;
const otherWords =
  /marital|civil|tax|visa|veteran|military|citizen|flsa|benefit|vaccin|disab|immigra|filing|approval|review|background|contract|payroll|birth|probation|statuseff|statusdate|effectivedate/;

function looksLikeEmployment(heading: string): boolean {
  const key = normalize(heading);
  return employmentWords.test(key) && !otherWords.test(key);
}

/** Without such a column everybody would be there, whoever has left included. */
function checkLeavers(
  columns: readonly Column[],
  suspicious: readonly string[],
  { lists, columns: own }: ColumnNames,
): void {
  const has = (field: RosterField) => columns.some(({ name }) => name === field);
  const unreadStatus = suspicious.filter((heading) => /status|active/.test(normalize(heading)));
  const isSkipped = !has("status") && own.status === undefined && unreadStatus.length > 0;
  const isSilent = !has("status") && !has("lastDay") && lists === "everybody";
  if (!isSkipped && !isSilent) return;
  const what = isSkipped
    ? "a status under a heading that is known"
    : "a column that tells who has left: a status, or a last day";
  const details = isSkipped ? unreadStatus : suspicious;
  throw new RosterFault(
    `expected ${what}; got none. Name it with --column status=NAME (--column status=- if it is no status), or say in the policy that whoever has a row is there (roster.lists: present)`,
    {
      ...(details.length > 0 && { details: `these look like one: ${details.join(", ")}` }),
      proposal:
        details[0] === undefined ? "lists: present" : `columns: {status: ${JSON.stringify(details[0])}}`,
    },
  );
}

/** Enough to find the right one by. */
const maxHeadingsShown = 40;

/**
 * The message only counts the headings, and the details name them: in a file without a row of headings they are the first
 * person's cells.
 */
function missingColumn(
  { kind, name, candidates, advice }: WantedColumn,
  headings: readonly string[],
): RosterFault {
  const count = headings.length === 1 ? "1 column" : `${headings.length} columns`;
  return new RosterFault(
    `expected a column for ${name}, such as ${candidates[0] ?? name}; got ${count}, none of which has such a name. ${advice}`,
    {
      details: `the columns are: ${headings.slice(0, maxHeadingsShown).join(", ")}`,
      proposal: `${kind === "attribute" ? "attributes" : "columns"}: {${name}: "the heading of that column"}`,
    },
  );
}

/** A row's cells by field, its attributes together and its profile, from the values of its columns. Empty cells are left out. */
export function toCells(
  columns: readonly Column[],
  cellOf: (column: Column, position: number) => unknown,
): RosterRecord["cells"] {
  const cells: Record<string, unknown> = {};
  let attributes: Record<string, unknown> | undefined;
  let profile: Record<string, unknown> | undefined;
  for (const [position, column] of columns.entries()) {
    const value = cellOf(column, position);
    if (value === undefined || value === "") continue;
    const { kind, name } = column;
    if (name === otherStatus) cells[name] = [...(Array.isArray(cells[name]) ? cells[name] : []), value];
    else if (kind === "field") cells[name] ??= value;
    else if (kind === "attribute") {
      attributes ??= {};
      attributes[name] = value;
    } else {
      profile ??= {};
      profile[name] = value;
    }
  }
  if (attributes !== undefined) cells.attributes = attributes;
  if (profile !== undefined) cells.profile = profile;
  return cells;
}

/** The heading of a field or an attribute, for messages; its own name where there is no column. Of a profile no message tells. */
export function headingOf(field: string, { columns }: Pick<FoundColumns, "columns">): string {
  return columns.find(({ kind, name }) => kind !== "profile" && name === field)?.heading ?? field;
}
