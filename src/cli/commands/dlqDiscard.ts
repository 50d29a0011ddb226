import { userInfo } from "node:os";
import { type Command, InvalidArgumentError, Option } from "commander";
import { endpointOption } from "../aws/awsOptions.ts";
import { concludeCommand } from "../commandEnd.ts";
import type { CommandContext } from "../createProgram.ts";
import { addFilterOptions, addQueueOptions } from "../deadLetters/dlqOptions.ts";
import { type DiscardRequest, runDiscard } from "../deadLetters/runDiscard.ts";

const examples = `
The journal is written first: rollcall history shows who discarded what, and why. After
that the event is never carried out, not even if a copy of it still comes.
Exit code: 0 if all were discarded, 1 if not, 2 if the command was called wrongly, 130 if
it was interrupted.

Examples:
  rollcall dlq discard hr-17 --because "a test user"
  rollcall dlq discard --code Malformed --older-than 7d --because "sent anew" --yes
  rollcall dlq discard --person P-T0042 --because "the wrong Ada" --by eve --stack rollcall-prod`;

/** `rollcall dlq discard`: takes dead letters away for good. */
export function addDlqDiscardCommand(dlq: Command, { terminal, finish }: CommandContext): void {
  const command = dlq
    .command("discard")
    .description("Take dead letters away for good, with an entry in the journal.")
    .argument("[ids...]", "of events or messages")
    .requiredOption("--because <text>", "why, for the journal; at most 500 characters", parseNote)
    .addOption(
      new Option("--by <name>", "who, for the journal")
        .argParser(parseNote)
        .default(userName(), "the user of this computer"),
    )
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

/** `undefined` for a process whose user has no name, as in some containers. */
function userName(): string | undefined {
  try {
    return userInfo().username;
  } catch (error) {
    if (error instanceof Error && "code" in error) return undefined;
    throw error;
  }
}

const longestNote = 500;

function parseNote(text: string): string {
  const note = text.trim();
  if (note !== "" && note.length <= longestNote) return note;
  throw new InvalidArgumentError(`Expected 1 to ${longestNote} characters; got ${note.length}.`);
}
