import { type Command, InvalidArgumentError, Option } from "commander";
import { type CommandResult, done, type RunCommand, runInterruptibly } from "../../commandResult.ts";
import { openTarget } from "../../openTarget.ts";
import {
  addOperatorOption,
  addTargetOptions,
  directoryEndpointOptions,
  endpointOption,
  policyOption,
  type TargetOptions,
  tableEndpointOption,
} from "../../options.ts";
import type { Terminal } from "../../terminal.ts";

const help = `
Opens a page on 127.0.0.1 that shows what the commands tell, and does what they do: who is
held and why, what happened to a person, what failed. Whoever opens the printed address is
let in; it holds a token that is good until the console ends. It ends by itself when nobody
has used it for 30 minutes. Over AWS it only reads, unless it is started with --allow-writes.
Needs the permissions of the commands whose pages are opened, which docs/operations.md lists.
Exit code: 0 if it ended as asked or by itself, 1 if it failed, 2 if it was called wrongly,
130 after Ctrl-C.

Examples:
  rollcall console --stage local              over the stack of rollcall dev
  rollcall console --stage prod               over AWS, to look
  rollcall console --stage prod --allow-writes --by eve`;

interface ConsoleCommandOptions extends TargetOptions {
  /** SQS's. */
  endpoint?: string;
  /** DynamoDB's. */
  tableEndpoint?: string;
  /** EventBridge's. */
  busEndpoint?: string;
  directoryEndpoint?: string;
  ssmEndpoint?: string;
  policy?: string;
  by?: string;
  memory: string;
  port: number;
  allowWrites?: boolean;
}

/** `rollcall console` shows on a page what the commands tell. */
export function addConsoleCommand(program: Command, run: RunCommand): void {
  const command = program
    .command("console")
    .description("Open a page on this computer: who is held, what happened to whom, what failed.")
    .addOption(new Option("--port <n>", "the port on 127.0.0.1").default(0, "a free one").argParser(toPort))
    .option("--memory <file>", "what remembers the last roster", ".rollcall-roster.json")
    .option("--allow-writes", "let it change something in AWS too");
  addTargetOptions(addOperatorOption(command), ["stack", "table", "bus"])
    .addOption(policyOption())
    .addOption(endpointOption("SQS", "AWS_ENDPOINT_URL_SQS"))
    .addOption(tableEndpointOption())
    .addOption(endpointOption("EventBridge", "AWS_ENDPOINT_URL_EVENTBRIDGE", "--bus-endpoint"));
  for (const option of directoryEndpointOptions()) command.addOption(option);
  command
    .addHelpText("after", help)
    .action((options: ConsoleCommandOptions) => run((terminal) => runConsole(options, terminal)));
}

function toPort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (port >= 1024 && port <= 65_535) return port;
  throw new InvalidArgumentError("Expected a number from 1024 to 65535.");
}

async function runConsole(options: ConsoleCommandOptions, terminal: Terminal): Promise<CommandResult> {
  const { endpoint, tableEndpoint, busEndpoint, directoryEndpoint, port } = options;
  const opened = await openTarget(
    options,
    {
      resources: ["stack", "table", "bus"],
      endpoints: {
        sqs: endpoint,
        dynamodb: tableEndpoint,
        eventBridge: busEndpoint,
        directory: directoryEndpoint,
      },
    },
    terminal,
  );
  if (opened.kind !== "opened") return opened;
  // The pages are read only where somebody wants them: every other command would start later for it.
  const { startConsole } = await import("./startConsole.ts");
  return runInterruptibly("Interrupted: ending the console.", terminal, async (signal) => {
    try {
      const running = await startConsole({ ...options, target: opened.target });
      terminal.stdout.write(`The console is at ${running.url}\nCtrl-C ends it.\n`);
      signal.addEventListener("abort", () => void running.close(), { once: true });
      if ((await running.ended) === "idle")
        terminal.stderr.write("Nobody used it for 30 minutes: it has ended.\n");
      return done;
    } catch (error) {
      if (error instanceof Error && "code" in error && error.code === "EADDRINUSE")
        return { kind: "failed", message: `the port ${port} is taken; name another with --port` };
      throw error;
    }
  });
}
