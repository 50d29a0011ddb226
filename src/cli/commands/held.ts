import type { Command } from "commander";
import type { CommandContext } from "../createProgram.ts";
import { addHeldDiscardCommand } from "./heldDiscard.ts";
import { addHeldListCommand } from "./heldList.ts";
import { addHeldReleaseCommand } from "./heldRelease.ts";

const examples = `
Suspensions beyond an account's limit are held until somebody has looked at the feed
that they came from. rollcall safeguard status says why, and what the limit is.

Examples:
  rollcall held list                                                      who, and since when?
  rollcall held release --account team-0001 --because "a plant closes"    suspend them
  rollcall held discard --account team-0001 --because "a wrong feed"      do not`;

/** `rollcall held`: what to do about suspensions that the safeguard holds. */
export function addHeldCommand(program: Command, context: CommandContext): void {
  const held = program
    .command("held")
    .description("Look at held suspensions, release them, or discard them.")
    .usage("COMMAND [options]")
    .addHelpText("after", examples);
  for (const addCommand of [addHeldListCommand, addHeldReleaseCommand, addHeldDiscardCommand]) {
    addCommand(held, context);
  }
}
