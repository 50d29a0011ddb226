import type { Command } from "commander";
import { concludeCommand } from "../commandEnd.ts";
import type { CommandContext } from "../createProgram.ts";
import { addFilterOptions, addQueueOptions, type DlqOptions } from "../deadLetters/dlqOptions.ts";
import { runList } from "../deadLetters/runList.ts";

const examples = `
Reading hides the letters from other readers for a moment; nothing is changed.
Exit code: 0, also if there are none; 1 if they cannot be read; 2 if the command was
called wrongly.

Examples:
  rollcall dlq list --stack rollcall-prod
  rollcall dlq list --pipeline offboard --older-than 2h
  rollcall dlq list --person ada@example.com
  rollcall dlq list --json | jq -r '.letters[] | select(.code == "UserNotFound").personId'`;

/** `rollcall dlq list`: what lies in the dead-letter queues, and why. */
export function addDlqListCommand(dlq: Command, { terminal, finish }: CommandContext): void {
  addQueueOptions(addFilterOptions(dlq.command("list").description("Show what died, and why.")))
    .addHelpText("after", examples)
    .action(async (options: DlqOptions) => {
      finish(concludeCommand(await runList(options, terminal), terminal));
    });
}
