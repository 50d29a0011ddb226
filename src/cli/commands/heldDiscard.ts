import type { Command } from "commander";
import { concludeCommand } from "../commandEnd.ts";
import type { CommandContext } from "../createProgram.ts";
import { heldDeeds } from "../held/heldDeeds.ts";
import { addSettleOptions, type SettleOptions } from "../held/heldOptions.ts";
import { runHeldSettle } from "../held/runHeldSettle.ts";

const examples = `
They keep their access: their events are never carried out, not even if copies still
come. The latch stays closed until rollcall safeguard reset. The journal says who
discarded what, and why. Stopped or failed, it may be run again.
Whoever an invocation may be acting on at the moment is told as busy, and stays held.
Needs the permissions dynamodb:Query on the table and on its indexes, GetItem, UpdateItem
and DeleteItem.
Exit code: 0 if all were discarded, 1 if not, 2 if the command was called wrongly, 130 if
it was interrupted.

Examples:
  rollcall held discard --person ada@example.com --because "the wrong Ada"
  rollcall held discard --account team-0001 --because "a wrong feed" --by eve
  rollcall held discard --all --because "a test feed" --yes`;

/** `rollcall held discard`: drops held suspensions. */
export function addHeldDiscardCommand(held: Command, { terminal, finish }: CommandContext): void {
  const command = held.command("discard").description("Drop held suspensions, with an entry in the journal.");
  addSettleOptions(command)
    .addHelpText("after", examples)
    .action(async (options: SettleOptions) => {
      finish(concludeCommand(await runHeldSettle(heldDeeds.discard, options, terminal), terminal));
    });
}
