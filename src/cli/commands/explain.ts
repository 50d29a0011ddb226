import { type Command, Option } from "commander";
import { concludeCommand } from "../commandEnd.ts";
import type { CommandContext } from "../createProgram.ts";
import { type ExplainRequest, runExplain } from "../explain/runExplain.ts";
import { addLedgerOptions } from "../ledger/ledgerOptions.ts";

const examples = `
Answers "why was this person (not) suspended?": each decision on the event's way, by the
code that makes it in the functions, with the rule behind it. The file holds one event,
as it is published or as EventBridge delivers it; rollcall dlq show has the body of a
dead letter. It changes nothing, and asks the ledger but not the directory.
Needs the permission dynamodb:Query on the table and on its indexes, unless --offline.
Exit code: 0 if the event could be explained, whatever comes of it, 1 if the ledger could
not be read, 2 if the command was called wrongly.

Examples:
  rollcall explain events/EmployeeLeft.json --offline
  rollcall explain event.json --policy policy.yml --table rollcall-prod-ledger
  grep hr-17 today.jsonl | rollcall explain - --json | jq '.steps[] | select(.answer == "no")'`;

/** `rollcall explain EVENT.json`: the way of one event, and why it ends where it does. */
export function addExplainCommand(program: Command, { terminal, finish }: CommandContext): void {
  const command = program
    .command("explain")
    .description("Tell what becomes of one event, and by which rule.")
    .argument("<event>", "a file with one event; - reads standard input");
  addLedgerOptions(command)
    .addOption(new Option("--policy <file>", "the policy (default: policy.yml, if it is here)"))
    .option("--offline", "do not ask the ledger")
    .addHelpText("after", examples)
    .action(async (file: string, options: Omit<ExplainRequest, "file">) => {
      finish(concludeCommand(await runExplain({ ...options, file }, terminal), terminal));
    });
}
