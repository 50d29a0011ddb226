import type { Command } from "commander";
import type { CommandContext } from "../createProgram.ts";
import { addSafeguardAllowCommand } from "./safeguardAllow.ts";
import { addSafeguardResetCommand } from "./safeguardReset.ts";
import { addSafeguardStatusCommand } from "./safeguardStatus.ts";

const examples = `
More suspensions in a rolling window than the policy's limit are held, for a wrong feed
must not suspend everybody. The first that is held closes the account's latch: from then
on all are held, until somebody has looked at the feed and resets it. Hires, returns and
licenses flow on.

Examples:
  rollcall safeguard status                       is anything held, and why?
  rollcall safeguard allow --account team-0001 --count 600 --until 2h --because "a plant closes"
  rollcall safeguard reset --account team-0001 --because "the feed is right again"`;

/** `rollcall safeguard`: the brake on mass suspensions. */
export function addSafeguardCommand(program: Command, context: CommandContext): void {
  const safeguard = program
    .command("safeguard")
    .description("Look at the brake on mass suspensions, and loosen it.")
    .usage("COMMAND [options]")
    .addHelpText("after", examples);
  for (const addCommand of [addSafeguardStatusCommand, addSafeguardAllowCommand, addSafeguardResetCommand]) {
    addCommand(safeguard, context);
  }
}
