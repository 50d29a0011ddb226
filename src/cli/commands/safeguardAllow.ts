import { type Command, InvalidArgumentError, Option } from "commander";
import { dayMilliseconds } from "../../events/eventTime.ts";
import { concludeCommand } from "../commandEnd.ts";
import type { CommandContext } from "../createProgram.ts";
import { timeText } from "../ledger/timeText.ts";
import { parseUntil } from "../parseUntil.ts";
import { type AllowRequest, runAllow } from "../safeguard/runAllow.ts";
import { addSafeguardOptions } from "../safeguard/safeguardOptions.ts";
import { addSignatureOptions } from "../signature.ts";

const examples = `
For a mass leave that is right: a plant that closes, a contract that ends. It is used up
before the limit counts anything, and takes the place of an earlier one. Those who are
held already are released with rollcall held release.
Needs the permissions dynamodb:Query, GetItem and PutItem on the table.
Exit code: 0 if they are allowed, 1 if not, 2 if the command was called wrongly.

Examples:
  rollcall safeguard allow --account team-0001 --count 600 --until 2h --because "a plant closes"
  rollcall safeguard allow --account team-0001 --count 80 --until 2026-06-30T18:00:00Z --because "interns leave"`;

/** `rollcall safeguard allow`: lets a number of suspensions pass in advance. */
export function addSafeguardAllowCommand(safeguard: Command, { terminal, finish }: CommandContext): void {
  const command = safeguard
    .command("allow")
    .description("Let a number of suspensions pass for some time.")
    .requiredOption("--account <id>", "whose")
    .addOption(new Option("--count <n>", "how many suspensions").argParser(toCount).makeOptionMandatory())
    .addOption(
      new Option("--until <when>", "a time such as 2026-06-30T18:00:00Z, or a time from now such as 2h")
        .argParser(toUntil)
        .makeOptionMandatory(),
    );
  addSafeguardOptions(addSignatureOptions(command))
    .addHelpText("after", examples)
    .action(async (options: AllowRequest) => {
      finish(concludeCommand(await runAllow(options, terminal), terminal));
    });
}

const mostPeople = 1_000_000;

function toCount(text: string): number {
  const count = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (count >= 1 && count <= mostPeople) return count;
  throw new InvalidArgumentError(`Expected a number from 1 to ${mostPeople.toLocaleString("en")}.`);
}

/** Nobody remembers an allowance for longer than that, and a wrong feed would find it. */
const longestMilliseconds = 7 * dayMilliseconds;

function toUntil(text: string): number {
  const now = Date.now();
  const until = parseUntil(text, now);
  if (until !== undefined && until > now && until <= now + longestMilliseconds) return until;
  throw new InvalidArgumentError(
    `Expected a time from now such as 90m, 2h or 3d, or one such as ${timeText(now + 7_200_000)}: to come, and at most 7d ahead.`,
  );
}
