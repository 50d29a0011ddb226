import type { DateDecision } from "../../events/dateForms.ts";
import type { DateField } from "../../policy/rosterSettings.ts";
import type { RosterContents } from "./rosterBytes.ts";
import type { RosterPreset } from "./rosterPresets.ts";
import type { RosterRecords, SkippedRow } from "./rosterRow.ts";

/** What was understood of a roster's form. It holds headings, and no cell. */
export interface RosterUnderstanding {
  format: RosterRecords["format"];
  /** The system whose export it is, the page that documents it, and what to ask HR; `null` if its headings are of none that is known. */
  preset: { name: string; page: string; remark?: string } | null;
  compressed: boolean;
  /** `null` of a workbook. */
  encoding: string | null;
  /** `null` unless it is CSV. */
  delimiter: string | null;
  /** The line on which the headings end; `null` of JSON. */
  headingLine: number | null;
  columns: UnderstoodColumn[];
  /** Headings that are read for nothing. */
  unread: string[];
  /** Those of them that look like a status or a date of an employment. */
  suspicious: string[];
  rows: number;
  skipped: SkippedRow[];
}

interface UnderstoodColumn {
  heading: string;
  /** The field, or the attribute. */
  readAs: string;
  /** The form of its dates; `null` of a column without dates. */
  dates: { form: string; because: "iso" | "sole" | "proven" | "policy" } | null;
}

function described({ name, page, remark }: RosterPreset): NonNullable<RosterUnderstanding["preset"]> {
  return { name, page, ...(remark !== undefined && { remark }) };
}

export function toUnderstanding(
  contents: RosterContents,
  { format, preset, delimiter, headingLine, columns, unread, suspicious, skipped }: RosterRecords,
  { rows, dates }: { rows: number; dates: ReadonlyMap<DateField, DateDecision> },
): RosterUnderstanding {
  const decisions = new Map<string, DateDecision>(dates);
  return {
    format,
    preset: preset === undefined ? null : described(preset),
    compressed: contents.compressed,
    encoding: contents.kind === "text" ? contents.encoding : null,
    delimiter: delimiter ?? null,
    headingLine: headingLine ?? null,
    columns: columns.map(({ heading, name }) => {
      const decision = decisions.get(name);
      const isRead = decision?.kind === "read";
      return {
        heading,
        readAs: name,
        dates: isRead ? { form: decision.form ?? "YYYY-MM-DD", because: decision.because } : null,
      };
    }),
    unread,
    suspicious,
    rows,
    skipped,
  };
}
