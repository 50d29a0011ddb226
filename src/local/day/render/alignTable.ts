export type Alignment = "left" | "right";

const indent = "  ";
const gap = "  ";

/** Rows of cells, as indented lines whose columns are as wide as their widest cell. */
export function alignTable(rows: readonly (readonly string[])[], alignments: readonly Alignment[]): string[] {
  const widths = alignments.map((_, column) =>
    rows.reduce((most, cells) => Math.max(most, cells[column]?.length ?? 0), 0),
  );
  return rows.map((cells) => {
    const padded = alignments.map((alignment, column) => {
      const cell = cells[column] ?? "";
      const width = widths[column] ?? 0;
      return alignment === "left" ? cell.padEnd(width) : cell.padStart(width);
    });
    return `${indent}${padded.join(gap)}`.trimEnd();
  });
}

/** `1,234` */
export function numberText(count: number): string {
  return count.toLocaleString("en");
}
