import { breakLines } from "./screen/lineBreaks.ts";
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
  /** `trigger --wait`, `publish --wait`: all have ended, and nothing was done for some. */
  nothingDone: 4,
  /** They are deferred, or held by the safeguard. */
  waits: 5,
  /** No outcome is known of some yet. */
  unsettled: 6,
  /** A signal ended the command: its number is added to this. */
  ofSignals: 128,
} as const;

/** How a command ends. The messages go to stderr, and say what to do next. */
export type CommandResult = { kind: "done"; exitCode: number } | CommandFailure;

export interface CommandFailure {
  /**
   * `misused`: the command was called wrongly, and nothing was done. `failed`: it was called rightly, and did not do what was asked
   * for.
   */
  kind: "misused" | "failed";
  message: string;
  /** The kind of failure, for programs; left out for `usage` and `failed`. */
  code?: ErrorCode;
  /** What to do about it, for programs; people read it in the message. */
  next?: string;
}

/** The kinds of failures that a program may tell apart. */
export const errorCodes = {
  usage: "called wrongly; nothing was done",
  failed: "not done; the message says why",
  incomplete: "ended before all was done, such as where a question was answered with no",
  interrupted: "interrupted by a signal",
  unexpected: "a defect, or an item of the ledger that this version cannot read",
  noCredentials: "there are no AWS credentials",
  credentialsRefused: "AWS does not accept the credentials",
  accessDenied: "the credentials lack a permission",
  notFound: "there is no such table, queue, account or user",
  throttled: "too many requests; try again later",
  unreachable: "the service cannot be reached",
} as const;

export type ErrorCode = keyof typeof errorCodes;

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
export function jsonText(report: object): string {
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
  for (const line of breakLines(lines, output)) output.write(`${line}\n`);
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
