import { type Command, InvalidArgumentError } from "commander";
import { concludeCommand } from "../commandEnd.ts";
import type { CommandContext } from "../createProgram.ts";
import { type HistoryRequest, runHistory } from "../history/runHistory.ts";
import { addLedgerOptions } from "../ledger/ledgerOptions.ts";

const examples = `
Times are UTC. AFTER is how long it took from HR's decision to its settlement.
E-mail addresses are masked, but for the one that you ask for.
Needs the permission dynamodb:Query on the table and on its indexes.
Exit code: 0 if the ledger knows the person, 1 if not or if it cannot be read,
2 if the command was called wrongly.

Examples:
  rollcall history P-T0042
  rollcall history ada@example.com --table rollcall-prod-ledger
  rollcall history P-T0042 --json | jq '.people[].decisions[].outcome'`;

/** `rollcall history PERSON|EMAIL`: everything the ledger knows of a person. */
export function addHistoryCommand(program: Command, { terminal, finish }: CommandContext): void {
  const command = program
    .command("history")
    .description("Show everything that was decided and done about a person.")
    .argument("<person>", "the person's id in HR, or an e-mail address", parsePerson);
  addLedgerOptions(command)
    .addHelpText("after", examples)
    .action(async (person: string, options: Omit<HistoryRequest, "person">) => {
      finish(concludeCommand(await runHistory({ ...options, person }, terminal), terminal));
    });
}

function parsePerson(text: string): string {
  const person = text.trim();
  if (person !== "") return person;
  throw new InvalidArgumentError("Expected a person's id, such as P-T0042, or an e-mail address.");
}
