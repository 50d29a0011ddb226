import { type Target, toTargetReport } from "./target.ts";
import {
  catchInterruption,
  type OutputStream,
  type Screen,
  screenOf,
  type Terminal,
  writeError,
  writeWarning,
} from "./terminal.ts";
import { withoutControlCharacters } from "./textLayout.ts";

/** The exit codes of the command. */
export const exitCodes = {
  done: 0,
  /** The command ran, and not everything went well. */
  incomplete: 1,
  /** The command was called wrongly, and nothing was done. */
  usage: 2,
  /** `rollcall plan --exit-code`: there is something to do. Not 2, as others have it, which means a wrong call here. */
  somethingToDo: 3,
} as const;

/** How a command ends. The messages go to stderr, and say what to do next. */
export type CommandResult = { kind: "done"; exitCode: number } | CommandFailure;

export type CommandFailure =
  /** The command was called wrongly, and nothing was done. */
  | { kind: "misused"; message: string }
  /** The command was called rightly, and did not do what was asked for. */
  | { kind: "failed"; message: string };

/** Runs the handler of a command on the terminal, and turns its result into the exit code. */
export type RunCommand = (handler: (terminal: Terminal) => Promise<CommandResult>) => Promise<void>;

export const done: CommandResult = { kind: "done", exitCode: exitCodes.done };
export const incomplete: CommandResult = { kind: "done", exitCode: exitCodes.incomplete };

/** Writes the message of a failure, and returns the exit code. */
export function printResult(result: CommandResult, { stderr }: Terminal): number {
  switch (result.kind) {
    case "done":
      return result.exitCode;
    case "misused":
      writeError(stderr, result.message);
      return exitCodes.usage;
    case "failed":
      writeError(stderr, result.message);
      return exitCodes.incomplete;
  }
}

/**
 * Prints a report as one JSON object, or as lines for people. The lines hold no control characters: ids and
 * reasons come from outside, and could hold commands for the terminal.
 */
export function printReport<Report extends object>(
  report: Report,
  json: boolean | undefined,
  output: OutputStream,
  toLines: (report: Report, screen: Screen) => readonly string[],
): void {
  if (json) output.write(`${jsonText(report)}\n`);
  else printLines(toLines(withoutControlCharacters(report), screenOf(output)), output);
}

/** JSON escapes only some control characters. Escaped, the others say the same to a program, and nothing to a terminal. */
function jsonText(report: object): string {
  return JSON.stringify(report).replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) =>
    character
      .split("")
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
      .join(""),
  );
}

/** The same for a report about a target, which programs are told too. */
export function printTargeted<Report extends object>(
  report: Report,
  { json, target }: { json?: boolean; target: Target },
  output: OutputStream,
  toLines: (report: Report, screen: Screen) => readonly string[],
): void {
  const whole = { target: toTargetReport(target), ...report };
  printReport(whole, json, output, toLines);
}

export function printLines(lines: readonly string[], output: OutputStream): void {
  for (const line of lines) output.write(`${line}\n`);
}

/**
 * Runs a part of a command that ends in good order when it is interrupted. The exit code of the signal then replaces the
 * result's, and `message` is written at once.
 */
export async function runInterruptibly(
  message: string,
  terminal: Terminal,
  run: (signal: AbortSignal) => Promise<CommandResult>,
): Promise<CommandResult> {
  const interruption = catchInterruption(() => writeWarning(terminal, `\n${message}`));
  try {
    const result = await run(interruption.signal);
    const exitCode = interruption.exitCode();
    return exitCode === undefined ? result : { kind: "done", exitCode };
  } finally {
    interruption.dispose();
  }
}
