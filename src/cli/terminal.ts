import { constants } from "node:os";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { styleText } from "node:util";
import { breakText } from "./screen/lineBreaks.ts";

/** The streams that a command talks through. Results go to stdout; questions, warnings and progress go to stderr. */
export interface Terminal {
  stdin: InputStream;
  stdout: OutputStream;
  stderr: OutputStream;
}

/** The parts of the process's own streams that are used here. */
type InputStream = Readable & { isTTY?: boolean };
export type OutputStream = NodeJS.WritableStream & { isTTY?: boolean; columns?: number; rows?: number };

export type TextStyle = Parameters<typeof styleText>[0];

/** Colours the text where the stream is a terminal; NO_COLOR and FORCE_COLOR are respected. */
export function paint(stream: OutputStream, style: TextStyle, text: string): string {
  return styleText(style, text, { stream });
}

/** Writes an error. All errors have this form. */
export function writeError(stderr: OutputStream, message: string): void {
  const text = `${paint(stderr, "red", "error:")} ${withoutCommands(message)}`;
  stderr.write(`${breakText(text, stderr)}\n`);
}

export function writeWarning({ stderr }: Terminal, text: string): void {
  stderr.write(`${breakText(paint(stderr, "yellow", withoutCommands(text)), stderr)}\n`);
}

/** Keeps line feeds and tabs: messages quote ids and answers from outside, which a terminal could take for commands. */
function withoutCommands(text: string): string {
  return text.replaceAll(/(?![\n\t])[\p{Cc}\p{Cf}]/gu, "\ufffd");
}

/** The width and the colours that lines are laid out for. */
export interface Screen {
  /** In characters; unlimited where stdout is no terminal, so that each record is one line for `grep` and the like. */
  width: number;
  paint: (style: TextStyle, text: string) => string;
}

const widestScreen = 120;

export function screenOf(stdout: OutputStream): Screen {
  return {
    width: stdout.isTTY ? Math.min(stdout.columns || 80, widestScreen) : Number.POSITIVE_INFINITY,
    paint: (style, text) => paint(stdout, style, text),
  };
}

/** The message where nobody can answer a question; `action` as in "discard". */
export function nobodyToAsk(action: string): string {
  return `standard input is no terminal, so nobody can be asked: add --yes to ${action} without a question`;
}

/** Asks on the terminal. Anything but a yes counts as a no, also the end of the input and an abort of `signal`. */
export async function confirm(
  question: string,
  { stdin, stderr }: Terminal,
  signal: AbortSignal,
): Promise<boolean> {
  return /^\s*y(es)?\s*$/i.test(await ask(`${question} [y/N]`, { stdin, stderr }, signal));
}

/** Asks on the terminal, and returns what was typed: nothing at the end of the input, and at an abort of `signal`. */
export async function ask(
  question: string,
  { stdin, stderr }: Pick<Terminal, "stdin" | "stderr">,
  signal: AbortSignal,
): Promise<string> {
  if (signal.aborted) return "";
  // Not as a terminal: Ctrl-C has to reach the process, which knows how to stop.
  const lines = createInterface({ input: stdin, terminal: false });
  stderr.write(`${question} `);
  try {
    return await new Promise<string>((resolve) => {
      lines.once("line", resolve);
      lines.once("close", () => resolve(""));
      signal.addEventListener("abort", () => resolve(""), { once: true });
    });
  } finally {
    lines.close();
  }
}

/** One line at the foot of a terminal that is rewritten again and again. It is silent where stderr is no terminal. */
export interface StatusLine {
  show(text: string): void;
  /** Before anything else is written, and at the end. */
  clear(): void;
}

const redrawMilliseconds = 100;

export function statusLine(
  stream: NodeJS.WritableStream & { isTTY?: boolean },
  now: () => number,
): StatusLine {
  if (!stream.isTTY) return { show: () => {}, clear: () => {} };
  let drawnAt = Number.NEGATIVE_INFINITY;
  let isDrawn = false;
  return {
    show(text) {
      if (now() - drawnAt < redrawMilliseconds) return;
      drawnAt = now();
      isDrawn = true;
      stream.write(`\r\u001b[K${text}`);
    },
    clear() {
      if (isDrawn) stream.write("\r\u001b[K");
      isDrawn = false;
    },
  };
}

/** The request to stop, from the keyboard or from whoever runs the process. */
export interface Interruption {
  signal: AbortSignal;
  /** Set once the request came. */
  exitCode(): number | undefined;
  /** Gives the signals back to the process. */
  dispose(): void;
}

/** SIGHUP comes when the terminal is closed. */
type EndingSignal = "SIGINT" | "SIGTERM" | "SIGHUP";

/**
 * Catches the first of these signals, so that a command can end in good order. The second one ends the process at once, as if nobody
 * had listened.
 */
export function catchInterruption(
  onInterrupt: () => void,
  signals: readonly EndingSignal[] = ["SIGINT", "SIGTERM"],
): Interruption {
  const controller = new AbortController();
  let exitCode: number | undefined;
  const dispose = () => {
    for (const name of signals) process.off(name, interrupt);
  };
  const interrupt = (name: EndingSignal) => {
    dispose();
    exitCode = exitCodeOfSignal(constants.signals[name]);
    onInterrupt();
    controller.abort("interrupted");
  };
  for (const name of signals) process.on(name, interrupt);
  return { signal: controller.signal, exitCode: () => exitCode, dispose };
}

/** The shell's convention for a process that a signal ended: 130 for SIGINT. */
function exitCodeOfSignal(signalNumber: number): number {
  return 128 + signalNumber;
}
