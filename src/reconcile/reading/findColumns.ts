import { isProfileField } from "../../events/userProfile.ts";
import {
  type RosterField,
  type RosterSettings,
  rosterFieldNames,
  rosterFields,
} from "../../policy/rosterSettings.ts";
import { RosterFault, type RosterRecord } from "./rosterRow.ts";

/**
 * A column by its heading, and what it is read for: a field, an attribute by which accounts choose their people, or a text of the
 * person's profile.
 */
export interface Column {
  kind: "field" | "attribute" | "profile";
  name: string;
  heading: string;
}

/** The policy's own headings, and what must have a column. */
export interface ColumnNames extends Pick<RosterSettings, "columns" | "attributes"> {
  /** Attributes by which the policy's accounts choose their people: each must have a column. */
  askedAttributes: readonly string[];
}

/**
 * Matches a roster's headings with fields and attributes: by the policy's headings, or else by the usual ones
 * (`rosterFields`), whatever their case and punctuation (`Employee_ID` is `employeeId`). A field without a column is left out, and so is
 * a text of the profile with two: nothing is decided by it.
 * Throws `RosterFault` for a roster without a person's id or address, without an attribute that the policy asks for, without a
 * column that the policy names, or with two columns for one field.
 */
export function matchHeadings(headings: readonly string[], names: ColumnNames): Column[] {
  const headingsOf = new Map<string, string[]>();
  for (const heading of headings) {
    const key = normalize(heading);
    headingsOf.set(key, [...(headingsOf.get(key) ?? []), heading]);
  }
  return wantedColumns(names).flatMap((wanted) => {
    const { kind, name, candidates, isRequired } = wanted;
    const found = candidates.map((candidate) => headingsOf.get(normalize(candidate)) ?? []);
    const mayBeLeftOut = kind === "profile" && !isRequired;
    const [heading, other] = found.find(({ length }) => (mayBeLeftOut ? length === 1 : length > 0)) ?? [];
    if (other !== undefined)
      throw new RosterFault(`expected one column for ${name}; got two`, {
        details: `the two are: ${heading}, ${other}`,
      });
    if (heading !== undefined) return [{ kind, name, heading }];
    if (isRequired) throw missingColumn(wanted, headings);
    return [];
  });
}

interface WantedColumn extends Pick<Column, "kind" | "name"> {
  /** The headings that it may have: the first of them that is there is taken. */
  candidates: readonly string[];
  isRequired: boolean;
  /** What to do if it is not there. */
  advice: string;
}

/** The policy's heading for a field that has no column, although a column has a usual heading of it. */
const noColumn = "-";

const requiredFields: readonly RosterField[] = ["personId", "email"];

function wantedColumns({ columns, attributes, askedAttributes }: ColumnNames): WantedColumn[] {
  const fields = rosterFieldNames.map((name): WantedColumn => {
    const own = columns[name];
    return {
      kind: isProfileField(name) ? "profile" : "field",
      name,
      candidates: own === undefined ? rosterFields[name] : own === noColumn ? [] : [own],
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

function normalize(heading: string): string {
  return heading.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, "");
}

/** Enough to find the right one by. */
const maxHeadingsShown = 40;

/**
 * The message only counts the headings, and the details name them: in a file without a row of headings they are the first
 * person's cells.
 */
function missingColumn({ name, candidates, advice }: WantedColumn, headings: readonly string[]): RosterFault {
  const count = headings.length === 1 ? "1 column" : `${headings.length} columns`;
  const [sole, other] = headings;
  const isUndivided = sole !== undefined && other === undefined && /[;\t|]/.test(sole);
  const hint = isUndivided ? " (is another delimiter in use? See the policy's roster.delimiter)" : "";
  return new RosterFault(
    `expected a column for ${name}, such as ${candidates[0] ?? name}; got ${count}, none of which has such a name${hint}. ${advice}`,
    { details: `the columns are: ${headings.slice(0, maxHeadingsShown).join(", ")}` },
  );
}

/** A row's cells by field, its attributes together and its profile, from the values of its columns. Empty cells are left out. */
export function toCells(
  columns: readonly Column[],
  cellOf: (column: Column, position: number) => unknown,
): RosterRecord["cells"] {
  const cells: Record<string, unknown> = {};
  const grouped: Partial<Record<"attributes" | "profile", Record<string, unknown>>> = {};
  for (const [position, column] of columns.entries()) {
    const value = cellOf(column, position);
    if (value === undefined || value === "") continue;
    const { kind, name } = column;
    if (kind === "field") cells[name] = value;
    else {
      const group = kind === "attribute" ? "attributes" : "profile";
      grouped[group] = { ...grouped[group], [name]: value };
    }
  }
  return { ...cells, ...grouped };
}

/** The heading of a field or an attribute, for messages; its own name where there is no column. Of a profile no message tells. */
export function headingFinder(columns: readonly Column[]): (name: string) => string {
  const told = columns.filter(({ kind }) => kind !== "profile");
  return (name) => told.find((column) => column.name === name)?.heading ?? name;
}
