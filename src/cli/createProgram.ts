import { Command } from "commander";
import packageJson from "../../package.json" with { type: "json" };
import { addPublishCommand } from "./commands/publish.ts";
import { paint, type Terminal } from "./terminal.ts";

/** What a command is given beside its arguments. */
export interface CommandContext {
  terminal: Terminal;
  /** Says how the process shall end, once the command is through. */
  finish: (exitCode: number) => void;
}

/** The command line as a table of commands, one file each in `commands/`. */
export function createProgram(context: CommandContext): Command {
  const { stdout, stderr } = context.terminal;
  const program = new Command("rollcall")
    .description("Makes user accounts follow the HR system.")
    .version(packageJson.version)
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => stdout.write(text),
      writeErr: (text) => stderr.write(text),
      outputError: (text, write) => write(text.replace(/^error:/, paint(stderr, "red", "error:"))),
    })
    .exitOverride();
  addPublishCommand(program, context);
  return program;
}
