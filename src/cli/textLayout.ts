import type { Screen, TextStyle } from "./terminal.ts";

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

/**
 * Lays out rows under their headings. Nothing is ever cut off, and no word is broken: where a table is too wide its last column
 * is broken between words, or its values go to the next line.
 */
export function tableLines(headings: readonly string[], rows: readonly Row[], screen: Screen): string[] {
  const { width, paint } = screen;
  const table = fitTable({ headings, rows, widths: widthsOf(headings, rows) }, width);
  const { widths } = table;
  const tableWidth = sumOf(widths) + gap.length * widths.length;
  const isWide = table.rows.every(({ details }) => tableWidth + details.join(gap).length <= width);
  const line = (cells: readonly Cell[]) =>
    widths.map((columnWidth, column) => painted(cells[column], columnWidth, paint)).join(gap);
  return [
    line(table.headings.map((text) => ({ text, style: "bold" }))).trimEnd(),
    ...table.rows.flatMap(({ cells, details }) => {
      const [first = [], ...others] = cellLines(cells, widths);
      if (isWide && others.length === 0)
        return [`${line(first)}${gap}${paint("dim", details.join(gap))}`.trimEnd()];
      const below = wrapDetails(details, width).map((text) => paint("dim", text));
      return [...[first, ...others].map((each) => line(each).trimEnd()), ...below];
    }),
  ];
}

interface Table {
  headings: readonly string[];
  rows: readonly Row[];
  widths: readonly number[];
}

function widthsOf(headings: readonly string[], rows: readonly Row[]): number[] {
  return headings.map((heading, column) =>
    rows.reduce((most, { cells }) => Math.max(most, textOf(cells[column]).length), heading.length),
  );
}

/** A column with less room than that is hard to read. */
const narrowestColumn = 16;

/** Makes the table as wide as the screen: narrows its last column, or moves that column's values to the details. */
function fitTable(table: Table, width: number): Table {
  const { headings, rows, widths } = table;
  const others = sumOf(widths.slice(0, -1)) + gap.length * (widths.length - 1);
  const last = widths.at(-1) ?? 0;
  if (others + last <= width || widths.length < 2) return table;
  const words = rows.flatMap(({ cells }) => textOf(cells[widths.length - 1]).split(" "));
  const longestWord = Math.max(narrowestColumn, ...words.map(({ length }) => length));
  const room = width - others;
  if (room >= longestWord) return { headings, rows, widths: [...widths.slice(0, -1), room] };
  const heading = headings.at(-1)?.toLowerCase() ?? "";
  const moved = rows.map(({ cells, details }) => {
    const text = textOf(cells[widths.length - 1]);
    const detail = heading === "" ? text : `${heading} ${text}`;
    return {
      cells: cells.slice(0, widths.length - 1),
      details: text === "" ? details : [detail, ...details],
    };
  });
  return fitTable({ headings: headings.slice(0, -1), rows: moved, widths: widths.slice(0, -1) }, width);
}

function sumOf(widths: readonly number[]): number {
  return widths.reduce((sum, columnWidth) => sum + columnWidth, 0);
}

/** The lines of a row: more than one where its last cell is broken. */
function cellLines(cells: readonly Cell[], widths: readonly number[]): Cell[][] {
  const last = cells[widths.length - 1];
  const [first = "", ...others] = wrapWords(textOf(last), widths.at(-1) ?? 0);
  const styled = (text: string): Cell => (typeof last === "object" ? { ...last, text } : text);
  const before = cells.slice(0, Math.max(0, widths.length - 1));
  return [[...before, styled(first)], ...others.map((text) => [...before.map(() => ""), styled(text)])];
}

/** Breaks a text between words, into lines of at most so many characters; a longer word has a line of its own. */
export function wrapWords(text: string, width: number): string[] {
  if (text.length <= width) return [text];
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

function painted(cell: Cell | undefined, width: number, paint: Screen["paint"]): string {
  const text = textOf(cell);
  const shown = typeof cell === "object" ? paint(cell.style, text) : text;
  return `${shown}${" ".repeat(Math.max(0, width - text.length))}`;
}

function textOf(cell: Cell | undefined): string {
  return typeof cell === "object" ? cell.text : (cell ?? "");
}

/** Indented lines, broken between details, and between the words of one that is longer than the screen. */
function wrapDetails(details: readonly string[], width: number): string[] {
  const lines: string[] = [];
  for (const detail of details.flatMap((each) => wrapWords(each, width - gap.length))) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + gap.length + detail.length <= width) {
      lines[lines.length - 1] = `${last}${gap}${detail}`;
    } else lines.push(`${gap}${detail}`);
  }
  return lines;
}
