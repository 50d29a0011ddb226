import { Writable } from "node:stream";
import { isJsonObject, parseJson } from "../events/boundedJson.ts";
import { type CommandFailure, exitCodes, jsonText } from "./commandResult.ts";
import type { OutputStream } from "./terminal.ts";

/** What went wrong, for programs: `--json` prints it as the field `error` of the one object on stdout. */
export interface ErrorReport {
  /** One of a few words that stay as they are; docs/operations.md lists them. */
  code: NonNullable<CommandFailure["code"]>;
  /** What people read on stderr. */
  message: string;
  /** What to do about it, where that is known. */
  next?: string;
}

/** A failure of a command, for programs. */
export function toErrorReport({ kind, code, message, next }: CommandFailure): ErrorReport {
  return {
    code: code ?? (kind === "misused" ? "usage" : "failed"),
    message,
    ...(next !== undefined && { next }),
  };
}

/** Whether the arguments ask for JSON, also where they are wrong otherwise. */
export function asksForJson(args: readonly string[]): boolean {
  const end = args.indexOf("--");
  return (end === -1 ? args : args.slice(0, end)).includes("--json");
}

/** Keeps what a command prints until it is known how the command ends. */
export function holdOutput(): { stream: OutputStream; text: () => string } {
  let held = "";
  const stream = new Writable({
    decodeStrings: false,
    write(chunk, _encoding, written) {
      held += String(chunk);
      written();
    },
  });
  return { stream, text: () => held };
}

/**
 * The one JSON object that a program reads: the report, and the error where there is one. A report may tell itself that not
 * everything went well; where nothing was printed at all, the exit code is put in words.
 */
export function withError(printed: string, error: ErrorReport | undefined, exitCode: number): string {
  const told = error ?? (printed === "" ? errorOfExitCode(exitCode) : undefined);
  if (told === undefined) return printed;
  if (printed === "") return `${jsonText({ error: told })}\n`;
  const report = parseJson(printed);
  return isJsonObject(report) ? `${jsonText({ ...report, error: told })}\n` : printed;
}

function errorOfExitCode(exitCode: number): ErrorReport | undefined {
  if (exitCode === exitCodes.done) return undefined;
  return exitCode > exitCodes.ofSignals
    ? { code: "interrupted", message: "the command was interrupted" }
    : { code: "incomplete", message: "the command ended before all was done" };
}
