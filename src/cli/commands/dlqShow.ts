import type { Command } from "commander";
import { concludeCommand } from "../commandEnd.ts";
import type { CommandContext } from "../createProgram.ts";
import { addQueueOptions } from "../deadLetters/dlqOptions.ts";
import { runShow, type ShowRequest } from "../deadLetters/runShow.ts";

const examples = `
Times are UTC. E-mail addresses are masked.
Exit code: 0 if there is such a dead letter, 1 if not or if they cannot be read, 2 if
the command was called wrongly.

Examples:
  rollcall dlq show hr-17
  rollcall dlq show hr-17 --json | jq '.letters[].body.detail.data'`;

/** `rollcall dlq show ID`: everything about one dead letter. */
export function addDlqShowCommand(dlq: Command, { terminal, finish }: CommandContext): void {
  const command = dlq
    .command("show")
    .description("Show everything about a dead letter, and what to do about it.")
    .argument("<id>", "the event's id, or a message's (its first 8 characters are enough)");
  addQueueOptions(command)
    .addHelpText("after", examples)
    .action(async (id: string, options: Omit<ShowRequest, "id">) => {
      finish(concludeCommand(await runShow({ ...options, id }, terminal), terminal));
    });
}
