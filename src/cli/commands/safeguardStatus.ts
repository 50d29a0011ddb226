import type { Command } from "commander";
import { concludeCommand } from "../commandEnd.ts";
import type { CommandContext } from "../createProgram.ts";
import { runStatus, type StatusRequest } from "../safeguard/runStatus.ts";
import { addSafeguardOptions } from "../safeguard/safeguardOptions.ts";

const examples = `
The limit is the policy's: so many people at least, or a percentage of the active users.
Times are UTC.
Needs the permission dynamodb:Query on the table and on its indexes.
Exit code: 0, also while a latch is closed; 1 if the ledger cannot be read or knows no
such account; 2 if the command was called wrongly.

Examples:
  rollcall safeguard status --table rollcall-prod-ledger
  rollcall safeguard status --account team-0001 --policy policy.yml
  rollcall safeguard status --json | jq '.accounts[] | select(.latch.state == "closed").accountId'`;

/** `rollcall safeguard status`: what is let pass, what is held, and why. */
export function addSafeguardStatusCommand(safeguard: Command, { terminal, finish }: CommandContext): void {
  const command = safeguard
    .command("status")
    .description("Show each account's latch, its limit, and what is held.")
    .option("--account <id>", "only this account");
  addSafeguardOptions(command)
    .addHelpText("after", examples)
    .action(async (options: StatusRequest) => {
      finish(concludeCommand(await runStatus(options, terminal), terminal));
    });
}
