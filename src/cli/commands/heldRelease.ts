import type { Command } from "commander";
import { concludeCommand } from "../commandEnd.ts";
import type { CommandContext } from "../createProgram.ts";
import { heldDeeds } from "../held/heldDeeds.ts";
import { addSettleOptions, type SettleOptions } from "../held/heldOptions.ts";
import { runHeldSettle } from "../held/runHeldSettle.ts";

const examples = `
They are published within a minute or two and suspended then; they neither count nor are
held again. The latch stays closed until rollcall safeguard reset. The journal says who
released whom, and why. Stopped or failed, it may be run again.
Needs the permissions dynamodb:Query on the table and on its indexes, and UpdateItem.
Exit code: 0 if all were released, 1 if not, 2 if the command was called wrongly, 130 if
it was interrupted.

Examples:
  rollcall held release --person P-T0042 --because "HR confirms it"
  rollcall held release --account team-0001 --because "a plant closes" --by eve
  rollcall held release --all --because "all checked with HR" --yes`;

/** `rollcall held release`: lets held suspensions be carried out. */
export function addHeldReleaseCommand(held: Command, { terminal, finish }: CommandContext): void {
  const command = held.command("release").description("Let held suspensions be carried out, after all.");
  addSettleOptions(command)
    .addHelpText("after", examples)
    .action(async (options: SettleOptions) => {
      finish(concludeCommand(await runHeldSettle(heldDeeds.release, options, terminal), terminal));
    });
}
