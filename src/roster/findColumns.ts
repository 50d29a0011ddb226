import { RosterFault } from "./rosterFault.ts";
import { type RosterField, rosterFieldNames, rosterFields } from "./rosterFields.ts";
import type { RosterSettings } from "./rosterSettings.ts";

/** The column of each field, by its heading. A field that has none is absent. */
export type Columns = ReadonlyMap<RosterField, string>;

/** For a column with an obvious name that means something else. */
const noColumn = "-";

const needed: readonly RosterField[] = ["personId", "email"];

/**
 * Finds the columns by the names of the settings, or by the obvious ones, whatever their case and punctuation
 * (`Employee_ID` is `employeeId`). Throws `RosterFault` for a roster without a person's id or address, or without a
 * column that the settings name.
 */
export function findColumns(headings: readonly string[], named: RosterSettings["columns"]): Columns {
  const headingsOf = new Map<string, string[]>();
  for (const heading of headings) {
    const key = simplify(heading);
    headingsOf.set(key, [...(headingsOf.get(key) ?? []), heading]);
  }
  const columns = new Map<RosterField, string>();
  for (const field of rosterFieldNames) {
    const candidates = candidatesOf(field, named);
    const key = candidates.map(simplify).find((candidate) => headingsOf.has(candidate));
    const [heading, other] = key === undefined ? [] : (headingsOf.get(key) ?? []);
    if (other !== undefined)
      throw new RosterFault(`expected one column for ${field}; got both "${heading}" and "${other}"`);
    if (heading !== undefined) columns.set(field, heading);
    else if (needed.includes(field) || isNamed(field, named)) throw missing(field, candidates, headings);
  }
  return columns;
}

function candidatesOf(field: RosterField, named: RosterSettings["columns"]): readonly string[] {
  const name = named[field];
  if (name === undefined) return rosterFields[field];
  return name === noColumn ? [] : [name];
}

function isNamed(field: RosterField, named: RosterSettings["columns"]): boolean {
  return named[field] !== undefined && named[field] !== noColumn;
}

function missing(
  field: RosterField,
  candidates: readonly string[],
  headings: readonly string[],
): RosterFault {
  const have = headings.length === 0 ? "none" : headings.slice(0, 40).join(", ");
  return new RosterFault(
    `expected a column for ${field}, such as ${candidates[0] ?? field}; the columns are: ${have}. Name it with --column ${field}=NAME, or in the policy's roster.columns`,
  );
}

function simplify(heading: string): string {
  return heading.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, "");
}
