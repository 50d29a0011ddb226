import { exitCodes } from "./exitCodes.ts";
import { type Terminal, writeError } from "./terminal.ts";

/** How a command ends. The messages go to stderr, and say what to do next. */
export type CommandEnd =
  | { kind: "done"; exitCode: number }
  /** Called wrongly, and nothing was done. */
  | { kind: "misused"; message: string }
  /** Called rightly, and it did not come to what was asked for. */
  | { kind: "failed"; message: string };

/** Says what is to be said, and gives the exit code. */
export function concludeCommand(end: CommandEnd, { stderr }: Terminal): number {
  switch (end.kind) {
    case "done":
      return end.exitCode;
    case "misused":
      writeError(stderr, end.message);
      return exitCodes.usage;
    case "failed":
      writeError(stderr, end.message);
      return exitCodes.incomplete;
  }
}
