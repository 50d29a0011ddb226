import { type Command, InvalidArgumentError, Option } from "commander";
import { concludeCommand } from "../commandEnd.ts";
import type { CommandContext } from "../createProgram.ts";
import { addLedgerOptions } from "../ledger/ledgerOptions.ts";
import { parseUntil } from "../parseUntil.ts";
import { type PendingRequest, runPending } from "../pending/runPending.ts";
import { personOption } from "../personOption.ts";

const examples = `
A decision waits for its day, or for its user to register in the directory. Once
it is due it is published and carried out. Times are UTC.
Needs the permission dynamodb:Query on the table's indexes.
Exit code: 0, also if nothing waits; 1 if the ledger cannot be read; 2 if the
command was called wrongly.

Examples:
  rollcall pending
  rollcall pending --until 36h              what is due within 36 hours
  rollcall pending --until 2026-06-30       to the end of that day, UTC
  rollcall pending --person P-T0042 --table rollcall-prod-ledger
  rollcall pending --json | jq '.pending[].dueAt'`;

/** `rollcall pending`: what is coming, and when. */
export function addPendingCommand(program: Command, { terminal, finish }: CommandContext): void {
  const command = program
    .command("pending")
    .description("Show the decisions that wait, and when they are due.")
    .addOption(
      new Option(
        "--until <when>",
        "only what is due by then: a date, a time, or a time from now such as 36h or 7d",
      ).argParser(toUntil),
    )
    .addOption(personOption());
  addLedgerOptions(command)
    .addHelpText("after", examples)
    .action(async (options: PendingRequest) => {
      finish(concludeCommand(await runPending(options, terminal), terminal));
    });
}

function toUntil(text: string): number {
  const until = parseUntil(text, Date.now());
  if (until !== undefined) return until;
  throw new InvalidArgumentError(
    "Expected a date such as 2026-06-30, a time such as 2026-06-30T12:00:00Z, or a time from now such as 90m, 36h, 7d or 2w.",
  );
}
