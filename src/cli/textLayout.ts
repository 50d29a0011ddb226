import type { Screen, TextStyle } from "./terminal.ts";

/** `1,234 events`, `1 event`. */
export function countOf(n: number, noun: string): string {
  return `${n.toLocaleString("en")} ${noun}${n === 1 ? "" : "s"}`;
}

/** `1,234 people`, `1 person`. */
export function countPeople(n: number): string {
  return `${n.toLocaleString("en")} ${n === 1 ? "person" : "people"}`;
}

const units = [
  { name: "s", seconds: 1, below: 120 },
  { name: "min", seconds: 60, below: 120 * 60 },
  { name: "h", seconds: 3600, below: 48 * 3600 },
  { name: "d", seconds: 86_400, below: Number.POSITIVE_INFINITY },
] as const;

/** A length of time in one unit, whole and rounded down, so that columns stay narrow: `95 s`, `17 min`, `-3 h`, `40 d`. */
export function durationText(seconds: number): string {
  const length = Math.abs(seconds);
  const unit = units.find(({ below }) => length < below) ?? units[3];
  const count = Math.floor(length / unit.seconds);
  return `${seconds < 0 && count > 0 ? "-" : ""}${count} ${unit.name}`;
}

/** How long ago a moment in ISO 8601 was. @param now milliseconds since the epoch */
export function ageText(since: string, now: number): string {
  return durationText(Math.max(0, now - Date.parse(since)) / 1000);
}

/** Replaces each control and format character in all texts of a report: a terminal would take them for commands. */
export function withoutControlCharacters<T>(report: T): T {
  const clean = (text: string) => text.replaceAll(/[\p{Cc}\p{Cf}]/gu, "\ufffd");
  const cleanEach = (_key: string, value: unknown): unknown => {
    if (typeof value === "string") return clean(value);
    if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [clean(key), each]));
  };
  return JSON.parse(JSON.stringify(report, cleanEach));
}

export interface Row {
  cells: readonly Cell[];
  /** At the end of the row if the screen is wide enough for that in every row; otherwise below it. */
  details: readonly string[];
}

type Cell = string | { text: string; style: TextStyle };

const gap = "  ";

/** Lays out rows under their headings. Nothing is ever cut off: what does not fit goes to the next line. */
export function tableLines(
  headings: readonly string[],
  rows: readonly Row[],
  { width, paint }: Screen,
): string[] {
  const widths = headings.map((heading, column) =>
    rows.reduce((most, { cells }) => Math.max(most, textOf(cells[column]).length), heading.length),
  );
  const tableWidth = widths.reduce((sum, columnWidth) => sum + columnWidth + gap.length, 0);
  const isWide = rows.every(({ details }) => tableWidth + details.join(gap).length <= width);
  const line = (cells: readonly Cell[]) =>
    widths.map((columnWidth, column) => painted(cells[column], columnWidth, paint)).join(gap);
  return [
    line(headings.map((text) => ({ text, style: "bold" }))).trimEnd(),
    ...rows.flatMap(({ cells, details }) => {
      if (isWide) return [`${line(cells)}${gap}${paint("dim", details.join(gap))}`.trimEnd()];
      return [line(cells).trimEnd(), ...wrapDetails(details, width).map((text) => paint("dim", text))];
    }),
  ];
}

function painted(cell: Cell | undefined, width: number, paint: Screen["paint"]): string {
  const text = textOf(cell);
  const shown = typeof cell === "object" ? paint(cell.style, text) : text;
  return `${shown}${" ".repeat(width - text.length)}`;
}

function textOf(cell: Cell | undefined): string {
  return typeof cell === "object" ? cell.text : (cell ?? "");
}

/** Indented lines, broken between details only. */
function wrapDetails(details: readonly string[], width: number): string[] {
  const lines: string[] = [];
  for (const detail of details) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + gap.length + detail.length <= width) {
      lines[lines.length - 1] = `${last}${gap}${detail}`;
    } else lines.push(`${gap}${detail}`);
  }
  return lines;
}
