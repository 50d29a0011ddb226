import type { Command } from "commander";
import type { CommandContext } from "../createProgram.ts";
import { addDlqDiscardCommand } from "./dlqDiscard.ts";
import { addDlqListCommand } from "./dlqList.ts";
import { addDlqRedriveCommand } from "./dlqRedrive.ts";
import { addDlqShowCommand } from "./dlqShow.ts";

const examples = `
A message that will never succeed ends in its pipeline's dead-letter queue, with the
reason. It stays there until somebody puts it back or discards it, or for 14 days. So do
Okta's events of which no event came, in a queue of their own: --pipeline okta.

Examples:
  rollcall dlq list                                    what went wrong?
  rollcall dlq show hr-17                              why, and what can be done about it?
  rollcall dlq redrive --code LicenseNotSupported      try again, after a repair
  rollcall dlq discard hr-17 --because "a test user"   never to be carried out`;

/** `rollcall dlq`: what to do about dead letters. */
export function addDlqCommand(program: Command, context: CommandContext): void {
  const dlq = program
    .command("dlq")
    .description("Look at dead letters, put them back, or discard them.")
    .usage("COMMAND [options]")
    .addHelpText("after", examples);
  for (const addCommand of [
    addDlqListCommand,
    addDlqShowCommand,
    addDlqRedriveCommand,
    addDlqDiscardCommand,
  ]) {
    addCommand(dlq, context);
  }
}
