import type { RosterField } from "./rosterFields.ts";

/** A row as it lies in the file, by field, and its attributes by name; empty cells are absent. */
export interface RosterRecord {
  /** The line in a CSV file, or the entry in JSON, counted from 1. */
  number: number;
  cells: Partial<Record<RosterField | "attributes", unknown>>;
}

export interface RosterRecords {
  /** What `number` counts. */
  unit: "line" | "entry";
  /** The heading of a field, for messages; the field's own name where there is no column. */
  headingOf: (field: string) => string;
  records: AsyncIterable<RosterRecord> | Iterable<RosterRecord>;
}
