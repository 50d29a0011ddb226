import { Command } from "commander";
import packageJson from "../../package.json" with { type: "json" };
import { addDlqCommand } from "./commands/dlq.ts";
import { addExplainCommand } from "./commands/explain.ts";
import { addHeldCommand } from "./commands/held.ts";
import { addHistoryCommand } from "./commands/history.ts";
import { addPendingCommand } from "./commands/pending.ts";
import { addPlanCommand } from "./commands/plan.ts";
import { addPolicyCommand } from "./commands/policy.ts";
import { addPublishCommand } from "./commands/publish.ts";
import { addSafeguardCommand } from "./commands/safeguard.ts";
import { addSyncCommand } from "./commands/sync.ts";
import { paint, type Terminal } from "./terminal.ts";

/** What a command is given beside its arguments. */
export interface CommandContext {
  terminal: Terminal;
  /** Says how the process shall end, once the command is through. */
  finish: (exitCode: number) => void;
}

const examples = `
rollcall COMMAND --help shows the options of a command, and examples.

Examples:
  rollcall publish today.jsonl --dry-run      is this file of HR events fit to be sent?
  rollcall plan workers.csv                   what would this export of the HR system change?
  rollcall history ada@example.com            why can she not sign in?
  rollcall explain event.json --offline       what becomes of this event, and by which rule?
  rollcall pending --until 7d                 what happens this week?
  rollcall dlq list                           what went wrong, and why?
  rollcall safeguard status                   are suspensions held, and why?
  rollcall policy check                       is the policy right, and what does it come to?`;

const commands = [
  addPublishCommand,
  addPlanCommand,
  addSyncCommand,
  addHistoryCommand,
  addExplainCommand,
  addPendingCommand,
  addDlqCommand,
  addHeldCommand,
  addSafeguardCommand,
  addPolicyCommand,
];

/** The command line as a table of commands, one file each in `commands/`. */
export function createProgram(context: CommandContext): Command {
  const { stdout, stderr } = context.terminal;
  const program = new Command("rollcall")
    .usage("COMMAND [options]")
    .description("Makes user accounts follow the HR system.")
    .version(packageJson.version, "-V, --version", "print the version")
    .helpOption("-h, --help", "show this help")
    .helpCommand("help [command]", "show the help of a command")
    .addHelpText("after", examples)
    .configureHelp({ subcommandTerm: termOf })
    .configureOutput({
      writeOut: (text) => stdout.write(text),
      writeErr: (text) => stderr.write(text),
      outputError: (text, write) => write(text.replace(/^error:/, paint(stderr, "red", "error:"))),
    })
    .showHelpAfterError("Try rollcall --help.")
    .exitOverride();
  for (const addCommand of commands) {
    addCommand(program, context);
  }
  addHelp(program, "rollcall");
  return program;
}

/** The same help for every command, those of a group included. */
function addHelp(group: Command, path: string): void {
  for (const command of group.commands) {
    const name = `${path} ${command.name()}`;
    command
      .helpOption("-h, --help", "show this help")
      .showHelpAfterError(`Try ${name} --help.`)
      .configureHelp({ subcommandTerm: termOf });
    if (command.commands.length > 0) command.helpCommand("help [command]", "show the help of a command");
    addHelp(command, name);
  }
}

/** The name and the arguments, without the `[options]` that all commands have. */
function termOf(command: Command): string {
  const terms = command.registeredArguments.map((argument) =>
    argument.required ? `<${argument.name()}>` : `[${argument.name()}]`,
  );
  return [command.name(), ...terms].join(" ");
}
