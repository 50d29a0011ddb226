import { Command, CommanderError } from "commander";
import packageJson from "../../package.json" with { type: "json" };
import { maskEmails } from "../privacy/masking.ts";
import { exitCodes, printResult, type RunCommand } from "./commandResult.ts";
import { addConsoleCommand } from "./commands/console/consoleCommand.ts";
import { addDevCommand } from "./commands/devCommand.ts";
import { addAccountCommand } from "./commands/directory/accountCommand.ts";
import { addServiceCommands } from "./commands/directory/serviceCommand.ts";
import { addUserCommand } from "./commands/directory/userCommand.ts";
import { addDlqCommand } from "./commands/dlq/dlqCommand.ts";
import { addExplainCommand } from "./commands/explainCommand.ts";
import { addForgetCommand } from "./commands/forgetCommand.ts";
import { addDoctorCommand } from "./commands/health/doctorCommand.ts";
import { addPauseCommand, addResumeCommand } from "./commands/health/pauseCommand.ts";
import { addRecentCommand } from "./commands/health/recentCommand.ts";
import { addStatusCommand } from "./commands/health/statusCommand.ts";
import { addHeldCommand } from "./commands/held/heldCommand.ts";
import { addHistoryCommand } from "./commands/historyCommand.ts";
import { addPendingCommand } from "./commands/pendingCommand.ts";
import { addDirectoryCommand } from "./commands/policy/directoryCommand.ts";
import { addPolicyCommand } from "./commands/policy/policyCommand.ts";
import { addPublishCommand } from "./commands/publishCommand.ts";
import { addReportCommand } from "./commands/reportCommand.ts";
import { addRosterCommand } from "./commands/rosterCheckCommand.ts";
import { addPlanCommand, addSyncCommand } from "./commands/rosterCommand.ts";
import { addSafeguardCommand } from "./commands/safeguard/safeguardCommand.ts";
import { addTriggerCommand } from "./commands/trigger/triggerCommand.ts";
import { addUndoCommand } from "./commands/undo/undoCommand.ts";
import { asksForJson, type ErrorReport, holdOutput, toErrorReport, withError } from "./errorReport.ts";
import { CommandStopped, useLocalStack } from "./localStack.ts";
import { breakHelp } from "./screen/lineBreaks.ts";
import { paint, type Terminal, writeError } from "./terminal.ts";

/**
 * Runs the command that the arguments name, and returns the exit code. Errors have been written to stderr by then, and with
 * `--json` to stdout too.
 */
export async function runCli(args: readonly string[], terminal: Terminal): Promise<number> {
  if (!asksForJson(args)) return (await runProgram(args, terminal)).exitCode;
  const held = holdOutput();
  const { exitCode, error } = await runProgram(args, { ...terminal, stdout: held.stream });
  terminal.stdout.write(withError(held.text(), error, exitCode));
  return exitCode;
}

interface ProgramEnd {
  exitCode: number;
  error?: ErrorReport;
}

async function runProgram(args: readonly string[], terminal: Terminal): Promise<ProgramEnd> {
  let end: ProgramEnd = { exitCode: exitCodes.done };
  const run: RunCommand = async (command) => {
    const result = await command(terminal);
    const exitCode = printResult(result, terminal);
    end = result.kind === "done" ? { exitCode } : { exitCode, error: toErrorReport(result) };
  };
  const program = createProgram(terminal, run);
  try {
    await program.parseAsync(args, { from: "user" });
    return end;
  } catch (error) {
    // Commander ends `help` and `--version` with an error too; all its true errors are about usage.
    if (error instanceof CommanderError)
      return error.exitCode === 0 ? { exitCode: exitCodes.done } : usageEnd(error, program, args);
    if (error instanceof CommandStopped)
      return { exitCode: printResult(error.failure, terminal), error: toErrorReport(error.failure) };
    const text = error instanceof Error ? `${error.message}${itemOf(error)}` : String(error);
    const message = maskEmails(text);
    writeError(terminal.stderr, message);
    return { exitCode: exitCodes.incomplete, error: { code: "unexpected", message } };
  }
}

function usageEnd({ message }: CommanderError, program: Command, args: readonly string[]): ProgramEnd {
  const told = /^\(?outputHelp\)?$/.test(message) ? "expected a command" : message.replace(/^error: /, "");
  const next = `${pathOf(program, args)} --help`;
  return { exitCode: exitCodes.usage, error: { code: "usage", message: told, next } };
}

/** The command that the arguments name, as far as there is one: `rollcall dlq show`. */
function pathOf(group: Command, [first, ...others]: readonly string[], path = "rollcall"): string {
  const command = group.commands.find((each) => each.name() === first);
  return command === undefined ? path : pathOf(command, others, `${path} ${command.name()}`);
}

/** The key of an item that the ledger could not read (`readItem`): an operator may see it, and a log may not. */
function itemOf(error: Error): string {
  const item: unknown = Reflect.get(error, "item");
  return typeof item === "string" ? `. It is the item ${item}` : "";
}

const examples = `
rollcall COMMAND --help shows the options of a command, and examples.

Exit codes:
  0    done
  1    the command ran, and not everything went well
  2    the command was called wrongly; nothing was done
  3    rollcall plan --exit-code: there is something to do
  4    trigger or publish --wait: ended, and nothing was done for some
  5    trigger or publish --wait: deferred, or held by the safeguard
  6    trigger or publish --wait: no outcome yet
  130  interrupted with Ctrl-C (143: by SIGTERM)
With --json a failure is the field "error" of the one JSON object on stdout.

Examples:
  rollcall status                             what is it doing, and what stops it?
  rollcall doctor                             what is wrong with credentials, stack, policy or clock?
  rollcall recent --outcome rejected          what failed in the last hour?
  rollcall publish today.jsonl --dry-run      is this file of HR events fit to be sent?
  rollcall roster check workers.csv           what is understood of this export of the HR system?
  rollcall plan workers.csv                   what would this export of the HR system change?
  rollcall history ada@example.com            why can she not sign in?
  rollcall explain event.json --offline       what would become of this event, and by which rule?
  rollcall pending --until 7d                 what happens this week?
  rollcall dlq list                           what went wrong, and why?
  rollcall undo --since 2h --dry-run          what did a wrong feed do, and how is it taken back?
  rollcall safeguard status                   are suspensions held, and why?
  rollcall policy check                       is the policy valid, and what does it mean?
  rollcall user show ada@example.com          what does the directory say of her, and what the ledger?
  rollcall account show team-0001             what is this account, and what of it the policy says?
  rollcall directory check                    do the directories answer, and what can they do?`;

const commands = [
  addDevCommand,
  addTriggerCommand,
  addConsoleCommand,
  addPublishCommand,
  addRosterCommand,
  addPlanCommand,
  addSyncCommand,
  addHistoryCommand,
  addExplainCommand,
  addPendingCommand,
  addDlqCommand,
  addHeldCommand,
  addSafeguardCommand,
  addUndoCommand,
  addReportCommand,
  addForgetCommand,
  addPolicyCommand,
  addDirectoryCommand,
  addUserCommand,
  addAccountCommand,
  addServiceCommands,
  addStatusCommand,
  addDoctorCommand,
  addRecentCommand,
  addPauseCommand,
  addResumeCommand,
];

/** Builds the command line from the table of commands; each group has a file in `commands/`. */
function createProgram({ stdout, stderr }: Terminal, run: RunCommand): Command {
  const program = new Command("rollcall")
    .usage("COMMAND [options]")
    .description("Makes user accounts follow the HR system.")
    .version(packageJson.version, "-V, --version", "print the version")
    .helpOption("-h, --help", "show this help")
    .helpCommand("help [command]", "show the help of a command")
    .addHelpText("after", examples)
    .configureHelp({ subcommandTerm: termOf })
    .configureOutput({
      writeOut: (text) => stdout.write(breakHelp(text, stdout)),
      writeErr: (text) => stderr.write(breakHelp(text, stderr)),
      outputError: (text, write) => write(text.replace(/^error:/, paint(stderr, "red", "error:"))),
    })
    .showHelpAfterError("Try rollcall --help.")
    .exitOverride()
    .hook("preAction", (_program, command) => useLocalStack(command));
  for (const addCommand of commands) {
    addCommand(program, run);
  }
  addHelp(program, "rollcall");
  return program;
}

/** Adds the same help to every command, those of a group included. */
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
