import { type OutputStream, paint, type TextStyle } from "./terminal.ts";

/** What text is laid out for. */
export interface Screen {
  /** In characters; unlimited where nobody watches, so that each record is one line for `grep` and the like. */
  width: number;
  paint: (style: TextStyle, text: string) => string;
}

const MAX_WIDTH = 120;

export function screenOf(stdout: OutputStream): Screen {
  return {
    width: stdout.isTTY ? Math.min(stdout.columns || 80, MAX_WIDTH) : Number.POSITIVE_INFINITY,
    paint: (style, text) => paint(stdout, style, text),
  };
}
