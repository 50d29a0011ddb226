import type { Command } from "commander";
import { concludeCommand } from "../commandEnd.ts";
import type { CommandContext } from "../createProgram.ts";
import { type ResetRequest, runReset } from "../safeguard/runReset.ts";
import { addSafeguardOptions } from "../safeguard/safeguardOptions.ts";
import { addSignatureOptions } from "../signature.ts";

const examples = `
Suspensions that come from now on pass up to the limit, of which those of the window are
still a part. What was held stays held until it is released or discarded.
Needs the permissions dynamodb:Query, GetItem and PutItem on the table.
Exit code: 0 if the latch is open, 1 if not, 2 if the command was called wrongly.

Examples:
  rollcall safeguard reset --account team-0001 --because "the feed is right again"
  rollcall safeguard reset --account team-0001 --because "a drill" --by eve --yes`;

/** `rollcall safeguard reset`: opens an account's latch. */
export function addSafeguardResetCommand(safeguard: Command, { terminal, finish }: CommandContext): void {
  const command = safeguard
    .command("reset")
    .description("Open an account's latch, so that suspensions pass again.")
    .requiredOption("--account <id>", "whose");
  addSafeguardOptions(addSignatureOptions(command).option("--yes", "do not ask"))
    .addHelpText("after", examples)
    .action(async (options: ResetRequest) => {
      finish(concludeCommand(await runReset(options, terminal), terminal));
    });
}
