import { CommanderError } from "commander";
import { maskEmails } from "../privacy/maskEmails.ts";
import { createProgram } from "./createProgram.ts";
import { exitCodes } from "./exitCodes.ts";
import { paint, type Terminal } from "./terminal.ts";

/** Arguments in, exit code out. Whatever fails has been said on stderr by then. */
export async function runCli(args: readonly string[], terminal: Terminal): Promise<number> {
  let exitCode: number = exitCodes.done;
  const program = createProgram({ terminal, finish: (code) => (exitCode = code) });
  try {
    await program.parseAsync(args, { from: "user" });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return exitCodeOf(error);
    const text = error instanceof Error ? error.message : String(error);
    terminal.stderr.write(`${paint(terminal.stderr, "red", "error:")} ${maskEmails(text)}\n`);
    return exitCodes.incomplete;
  }
}

/** Commander ends `--help` and `--version` with an error too; all its true errors are about usage. */
function exitCodeOf({ code }: CommanderError): number {
  const asked = ["commander.helpDisplayed", "commander.version"];
  return asked.includes(code) ? exitCodes.done : exitCodes.usage;
}
