import type { Command } from "commander";
import { concludeCommand } from "../commandEnd.ts";
import type { CommandContext } from "../createProgram.ts";
import { addHeldOptions, type HeldOptions } from "../held/heldOptions.ts";
import { runHeldList } from "../held/runHeldList.ts";

const examples = `
BY says what holds them: their batch would have crossed the limit, or the latch was
closed already. Times are UTC.
Needs the permission dynamodb:Query on the table's indexes.
Exit code: 0, also if nobody is held; 1 if the ledger cannot be read; 2 if the command
was called wrongly.

Examples:
  rollcall held list --table rollcall-prod-ledger
  rollcall held list --account team-0001 --older-than 4h
  rollcall held list --person ada@example.com
  rollcall held list --json | jq -r '.held[].personId'`;

/** `rollcall held list`: whom the safeguard holds. */
export function addHeldListCommand(held: Command, { terminal, finish }: CommandContext): void {
  addHeldOptions(held.command("list").description("Show who is held, since when, and why."))
    .addHelpText("after", examples)
    .action(async (options: HeldOptions) => {
      finish(concludeCommand(await runHeldList(options, terminal), terminal));
    });
}
