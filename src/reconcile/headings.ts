import {
  type RosterField,
  type RosterSettings,
  rosterFieldNames,
  rosterFields,
} from "../policy/rosterSettings.ts";
import { RosterFault, type RosterRecord } from "./rosterRow.ts";

/** A column by its heading, and what it is read for: a field, or an attribute by which accounts choose their people. */
export interface Column {
  kind: "field" | "attribute";
  name: string;
  heading: string;
}

/** What says where the columns are. */
export interface ColumnNames extends Pick<RosterSettings, "columns" | "attributes"> {
  /** Attributes without which nobody can tell whose account is whose. */
  askedAttributes: readonly string[];
}

/** For a column with an obvious name that means something else. */
const noColumn = "-";

/** Enough to find the right one by. */
const mostHeadings = 40;

const needed: readonly RosterField[] = ["personId", "email"];

/** What is looked for: by these names, the first of them that is there. */
interface Sought extends Pick<Column, "kind" | "name"> {
  candidates: readonly string[];
  isNeeded: boolean;
  /** What to do if it is not there. */
  advice: string;
}

/**
 * Finds the columns by the names of the settings, or by the obvious ones, whatever their case and punctuation
 * (`Employee_ID` is `employeeId`). What has no column is absent. Throws `RosterFault` for a roster without a person's id or
 * address, without an attribute that the policy asks for, or without a column that the settings name.
 */
export function findColumns(headings: readonly string[], names: ColumnNames): Column[] {
  const headingsOf = new Map<string, string[]>();
  for (const heading of headings) {
    const key = simplify(heading);
    headingsOf.set(key, [...(headingsOf.get(key) ?? []), heading]);
  }
  return soughtBy(names).flatMap((sought) => {
    const { kind, name, candidates, isNeeded } = sought;
    const key = candidates.map(simplify).find((candidate) => headingsOf.has(candidate));
    const [heading, other] = key === undefined ? [] : (headingsOf.get(key) ?? []);
    if (other !== undefined)
      throw new RosterFault(`expected one column for ${name}; got two`, {
        details: `the two are: ${heading}, ${other}`,
      });
    if (heading !== undefined) return [{ kind, name, heading }];
    if (isNeeded) throw missing(sought, headings);
    return [];
  });
}

function soughtBy({ columns, attributes, askedAttributes }: ColumnNames): Sought[] {
  const fields = rosterFieldNames.map((name): Sought => {
    const own = columns[name];
    return {
      kind: "field",
      name,
      candidates: own === undefined ? rosterFields[name] : own === noColumn ? [] : [own],
      isNeeded: needed.includes(name) || (own !== undefined && own !== noColumn),
      advice: `Name it with --column ${name}=NAME, or in the policy's roster.columns`,
    };
  });
  const asked = askedAttributes.map((name): Sought => {
    const candidates = [attributes[name] ?? name];
    const advice = `The policy's accounts ask for it: name it in roster.attributes there`;
    return { kind: "attribute", name, candidates, isNeeded: true, advice };
  });
  return [...fields, ...asked];
}

/** Without a row of headings they are the first person's cells, so they are details, and the message counts them. */
function missing({ name, candidates, advice }: Sought, headings: readonly string[]): RosterFault {
  const count = headings.length === 1 ? "1 column" : `${headings.length} columns`;
  const [sole, other] = headings;
  const isUndivided = sole !== undefined && other === undefined && /[;\t|]/.test(sole);
  const hint = isUndivided ? " (is another delimiter in use? See the policy's roster.delimiter)" : "";
  return new RosterFault(
    `expected a column for ${name}, such as ${candidates[0] ?? name}; got ${count}, none of which has such a name${hint}. ${advice}`,
    { details: `the columns are: ${headings.slice(0, mostHeadings).join(", ")}` },
  );
}

function simplify(heading: string): string {
  return heading.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, "");
}

/** A row's cells by field, and its attributes together, from what its columns hold. What is empty is left out. */
export function toCells(
  columns: readonly Column[],
  cellOf: (column: Column, position: number) => unknown,
): RosterRecord["cells"] {
  const cells: Record<string, unknown> = {};
  let attributes: Record<string, unknown> | undefined;
  for (const [position, column] of columns.entries()) {
    const value = cellOf(column, position);
    if (value === undefined || value === "") continue;
    if (column.kind === "field") cells[column.name] = value;
    else attributes = { ...attributes, [column.name]: value };
  }
  return attributes === undefined ? cells : { ...cells, attributes };
}
