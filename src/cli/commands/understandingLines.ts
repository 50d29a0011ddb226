import { countOf } from "../../operations/words/plainWords.ts";
import type { RosterUnderstanding } from "../../reconcile/reading/understanding.ts";
import type { Screen } from "../terminal.ts";
import { tableLines } from "../textLayout.ts";

const formats: Record<RosterUnderstanding["format"], string> = {
  csv: "CSV",
  json: "JSON",
  jsonLines: "JSON lines",
  workbook: "an Excel workbook",
};

const delimiterNames: Partial<Record<string, string>> = {
  "\t": "tabs",
  // What a tab is for a terminal, which is shown no control characters.
  "\ufffd": "tabs",
  ",": "commas",
  ";": "semicolons",
  "|": "pipes",
};

const becauseTexts = {
  iso: "",
  sole: "",
  proven: ", as a day above 12 shows",
  policy: ", as the policy says",
} as const;

const skippedTexts = { empty: "empty", note: "a total or a note", headings: "the headings again" } as const;

/** Enough to see what kind of rows they are. */
const fewSkipped = 5;

/** What was understood of a roster's form: which column is read as what, and what is not read. */
export function understandingLines(read: RosterUnderstanding, screen: Screen): string[] {
  const rows = read.columns.map(({ heading, readAs, dates }) => ({
    cells: [
      `  ${shown(heading)}`,
      (readAs === "otherStatus" ? "status, which must not contradict the first" : readAs) +
        (dates === null ? "" : ` (${dates.form}${becauseTexts[dates.because]})`),
    ],
    details: [],
  }));
  return [
    `Read as ${formText(read)}: ${countOf(read.rows, "row")} with a person.`,
    ...(read.preset === null
      ? []
      : [`The headings are those of ${read.preset.name}: ${screen.paint("dim", read.preset.page)}`]),
    ...(read.preset?.remark === undefined ? [] : [screen.paint("yellow", `  There ${read.preset.remark}.`)]),
    ...tableLines(["  COLUMN", "READ AS"], rows, screen),
    ...(read.unread.length > 0
      ? [screen.paint("dim", `  Not read: ${read.unread.map(shown).join(", ")}`)]
      : []),
    ...(read.suspicious.length > 0
      ? [
          screen.paint(
            "yellow",
            `  Not read, although they look like a status or a date: ${read.suspicious.map(shown).join(", ")}`,
          ),
        ]
      : []),
    ...skippedLines(read, screen),
  ];
}

function formText({ format, compressed, encoding, delimiter, headingLine }: RosterUnderstanding): string {
  const parts = [
    ...(compressed ? ["compressed by gzip"] : []),
    ...(encoding === null ? [] : [encoding.toUpperCase()]),
    ...(delimiter === null ? [] : [`divided by ${delimiterNames[delimiter] ?? delimiter}`]),
    ...(headingLine === null ? [] : [`headings on line ${headingLine}`]),
  ];
  return [formats[format], ...parts].join(", ");
}

function skippedLines({ skipped }: RosterUnderstanding, { paint }: Screen): string[] {
  if (skipped.length === 0) return [];
  const few = skipped
    .slice(0, fewSkipped)
    .map(({ number, because }) => `line ${number} (${skippedTexts[because]})`);
  const more = skipped.length > fewSkipped ? [`and ${skipped.length - fewSkipped} more`] : [];
  return [paint("dim", `  Skipped: ${[...few, ...more].join(", ")}`)];
}

/** A heading may be long, or hold a path. */
function shown(heading: string): string {
  return heading.slice(0, 60);
}
