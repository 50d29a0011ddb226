import { CommanderError } from "commander";
import { maskEmails } from "../privacy/masking.ts";
import { createProgram } from "./createProgram.ts";
import { exitCodes } from "./exitCodes.ts";
import { type Terminal, writeError } from "./terminal.ts";

/** Arguments in, exit code out. Whatever fails has been said on stderr by then. */
export async function runCli(args: readonly string[], terminal: Terminal): Promise<number> {
  let exitCode: number = exitCodes.done;
  const program = createProgram({ terminal, finish: (code) => (exitCode = code) });
  try {
    await program.parseAsync(args, { from: "user" });
    return exitCode;
  } catch (error) {
    // Commander ends `help` and `--version` with an error too; all its true errors are about usage.
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
    const text = error instanceof Error ? error.message : String(error);
    writeError(terminal.stderr, maskEmails(text));
    return exitCodes.incomplete;
  }
}
