import { Command, CommanderError, InvalidArgumentError } from "commander";
import { exitCodes } from "../../cli/exitCodes.ts";
import { paint, type Terminal } from "../../cli/terminal.ts";

export type ChaosArguments =
  | ({ kind: "run" } & ChaosRequest)
  /** Help was asked for, or a mistake was told: there is nothing more to say. */
  | { kind: "end"; exitCode: number };

export interface ChaosRequest {
  events: number;
  seed: number;
  /** Seconds. */
  limit: number;
  /** The file for what the functions print. */
  logs?: string;
  json?: true;
}

const more = `
Exit codes:
  0  nothing was lost, everybody is as HR decided, nobody was invited twice without need or named in a log
  1  something went wrong
  2  called wrongly
  130  interrupted

Examples:
  npm run chaos
  npm run chaos -- --events 2000 --seed 11
  npm run chaos -- --json | jq '{lost, wrongState, regressions}'
`;

/** Reads the arguments of `npm run chaos`. */
export function parseChaosArguments(args: readonly string[], { stdout, stderr }: Terminal): ChaosArguments {
  const command = new Command("npm run chaos --")
    .description(
      "Sends HR's decisions through the packaged service on an embedded stack, twice, late and out of order, while calls fail, some for one poisonous entry, answers get lost and processes are killed. Then replays the decisions and compares. Needs no AWS account.",
    )
    .option("--events <n>", "decisions of HR", wholeNumber, 20_000)
    .option("--seed <n>", "the same seed asks for the same decisions and the same trouble", wholeNumber, 7)
    .option("--limit <seconds>", "what has not ended so long after the last event is stuck", wholeNumber, 900)
    .option("--logs <file>", "write there what the functions print, as JSON lines")
    .option("--json", "print one JSON object instead of the summary")
    .addHelpText("after", more)
    .configureOutput({
      writeOut: (text) => stdout.write(text),
      writeErr: (text) => stderr.write(text),
      outputError: (text, write) => write(text.replace(/^error:/, paint(stderr, "red", "error:"))),
    })
    .exitOverride();
  try {
    return { kind: "run", ...command.parse(args, { from: "user" }).opts<ChaosRequest>() };
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return { kind: "end", exitCode: error.exitCode === 0 ? exitCodes.done : exitCodes.usage };
  }
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new InvalidArgumentError("Expected a whole number from 1.");
}
