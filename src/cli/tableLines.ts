import type { Screen } from "./screen.ts";
import type { TextStyle } from "./terminal.ts";

export interface Row {
  cells: readonly Cell[];
  /** What is said besides: at the end of the row if the screen is wide enough for that in every row, or below it. */
  details: readonly string[];
}

type Cell = string | { text: string; style: TextStyle };

const GAP = "  ";

/** Rows under their headings, as lines. Nothing is ever cut off: what does not fit goes to the next line. */
export function tableLines(
  headings: readonly string[],
  rows: readonly Row[],
  { width, paint }: Screen,
): string[] {
  const widths = headings.map((heading, column) =>
    rows.reduce((most, { cells }) => Math.max(most, textOf(cells[column]).length), heading.length),
  );
  const tableWidth = widths.reduce((sum, columnWidth) => sum + columnWidth + GAP.length, 0);
  const isWide = rows.every(({ details }) => tableWidth + details.join(GAP).length <= width);
  const line = (cells: readonly Cell[]) =>
    widths.map((columnWidth, column) => painted(cells[column], columnWidth, paint)).join(GAP);
  return [
    line(headings.map((text) => ({ text, style: "bold" }))).trimEnd(),
    ...rows.flatMap(({ cells, details }) => {
      if (isWide) return [`${line(cells)}${GAP}${paint("dim", details.join(GAP))}`.trimEnd()];
      return [line(cells).trimEnd(), ...wrap(details, width).map((text) => paint("dim", text))];
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
function wrap(details: readonly string[], width: number): string[] {
  const lines: string[] = [];
  for (const detail of details) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + GAP.length + detail.length <= width) {
      lines[lines.length - 1] = `${last}${GAP}${detail}`;
    } else lines.push(`${GAP}${detail}`);
  }
  return lines;
}
