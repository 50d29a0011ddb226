import { type Command, Option } from "commander";
import { endpointOption } from "../aws/awsOptions.ts";
import { concludeCommand } from "../commandEnd.ts";
import type { CommandContext } from "../createProgram.ts";
import { addFilterOptions, addQueueOptions } from "../deadLetters/dlqOptions.ts";
import { type DiscardRequest, runDiscard } from "../deadLetters/runDiscard.ts";
import { addSignatureOptions } from "../signature.ts";

const examples = `
The journal is written first: rollcall history shows who discarded what, and why. After
that the event is never carried out, not even if a copy of it still comes. An event of
Okta's is journalled as the one of ours that it would have become; what none can be made
of leaves no entry, and the result says so.
Exit code: 0 if all were discarded, 1 if not, 2 if the command was called wrongly, 130 if
it was interrupted.

Examples:
  rollcall dlq discard hr-17 --because "a test user"
  rollcall dlq discard --code Malformed --older-than 7d --because "sent anew" --yes
  rollcall dlq discard --person P-T0042 --because "the wrong Ada" --by eve --stack rollcall-prod`;

/** `rollcall dlq discard`: takes dead letters away for good. */
export function addDlqDiscardCommand(dlq: Command, { terminal, finish }: CommandContext): void {
  const discard = dlq
    .command("discard")
    .description("Take dead letters away for good, with an entry in the journal.")
    .argument("[ids...]", "of events or messages");
  const command = addSignatureOptions(discard)
    .option("--yes", "do not ask")
    .addOption(
      new Option("--table <name>", "the ledger's table (default: the stack's own)").env("ROLLCALL_TABLE"),
    )
    .addOption(endpointOption("DynamoDB", "AWS_ENDPOINT_URL_DYNAMODB", "--table-endpoint"));
  addQueueOptions(addFilterOptions(command))
    .addHelpText("after", examples)
    .action(async (ids: string[], options: Omit<DiscardRequest, "ids">) => {
      finish(concludeCommand(await runDiscard({ ...options, ids }, terminal), terminal));
    });
}
