import { paint, type Terminal, type TextStyle } from "../../src/cli/terminal.ts";
import { wrapWords } from "../../src/cli/textLayout.ts";
import type { DayProgress } from "../day/dayTerminal.ts";

/** Where `rollcall dev` tells what happens, one line for each thing. */
export interface DevScreen {
  say: (text: string, more?: Saying) => void;
  /** Lines without a time. */
  show: (lines: readonly string[]) => void;
}

interface Saying {
  style?: TextStyle;
  /** A command that shows more, or mends it. */
  next?: string;
}

const timeWidth = "09:02:20  ".length;

/** @param now milliseconds since the epoch, by the stack's clock */
export function devScreen(
  { stdout }: Terminal,
  progress: Pick<DayProgress, "clear">,
  now: () => number,
): DevScreen {
  const width = () => (stdout.isTTY ? Math.max(40, stdout.columns || 80) : Number.POSITIVE_INFINITY);
  const show = (lines: readonly string[]) => {
    progress.clear();
    stdout.write(lines.map((line) => `${line}\n`).join(""));
  };
  return {
    show,
    say: (text, { style, next } = {}) => {
      const clean = text.replaceAll(/[\p{Cc}\p{Cf}]/gu, "\ufffd");
      const room = width() - timeWidth;
      const [first = "", ...others] = wrapWords(clean, room);
      const time = paint(stdout, "dim", new Date(now()).toISOString().slice(11, 19));
      const painted = (line: string) => (style === undefined ? line : paint(stdout, style, line));
      const indented = (line: string) => `${" ".repeat(timeWidth)}${line}`;
      const lines = [`${time}  ${painted(first)}`, ...others.map((line) => indented(painted(line)))];
      const hint = next === undefined ? [] : wrapWords(`-> ${next}`, room).map((line) => indented(line));
      show([...lines, ...hint]);
    },
  };
}

export const commandOf = (command: string) => `npx rollcall ${command} --stage local`;
