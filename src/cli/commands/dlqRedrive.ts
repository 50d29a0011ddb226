import type { Command } from "commander";
import { concludeCommand } from "../commandEnd.ts";
import type { CommandContext } from "../createProgram.ts";
import { addFilterOptions, addQueueOptions } from "../deadLetters/dlqOptions.ts";
import { type RedriveRequest, runRedrive } from "../deadLetters/runRedrive.ts";

const examples = `
A dead letter is deleted only once its queue has the message again, so none is lost. One
that is put back twice, by an interruption, is carried out once: the ledger knows it.
Exit code: 0 if all were put back, 1 if not, 2 if the command was called wrongly, 130 if
it was interrupted.

Examples:
  rollcall dlq redrive hr-17 hr-18
  rollcall dlq redrive --code LicenseNotSupported --dry-run
  rollcall dlq redrive --pipeline offboard --newer-than 1d
  rollcall dlq redrive --all --stack rollcall-prod`;

/** `rollcall dlq redrive`: puts dead letters back on their queues. */
export function addDlqRedriveCommand(dlq: Command, { terminal, finish }: CommandContext): void {
  const command = dlq
    .command("redrive")
    .description("Put dead letters back on their queues, to be tried again.")
    .argument("[ids...]", "of events or messages")
    .option("--all", "every dead letter there is")
    .option("--dry-run", "show what would be put back, and put nothing back");
  addQueueOptions(addFilterOptions(command))
    .addHelpText("after", examples)
    .action(async (ids: string[], options: Omit<RedriveRequest, "ids">) => {
      finish(concludeCommand(await runRedrive({ ...options, ids }, terminal), terminal));
    });
}
