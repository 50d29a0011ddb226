import { userInfo } from "node:os";
import { type Command, InvalidArgumentError, Option } from "commander";

/** Who does something that is kept on record, and why. */
export interface Signature {
  because: string;
  /** Left out only by a process whose user has no name. */
  by?: string;
}

/** The options of every command that is kept on record. */
export function addSignatureOptions(command: Command): Command {
  return command
    .requiredOption("--because <text>", `why, for the record; at most ${longestNote} characters`, parseNote)
    .addOption(
      new Option("--by <name>", "who, for the record")
        .argParser(parseNote)
        .default(userName(), "the user of this computer"),
    );
}

/** What to say where nobody signs. */
export const unsigned = "the user of this process has no name: say with --by who you are";

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
