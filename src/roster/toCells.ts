import type { Column } from "./findColumns.ts";
import type { RosterRecord } from "./rosterRecord.ts";

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
