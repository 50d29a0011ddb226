import { fileURLToPath } from "node:url";
import { Command, CommanderError, Option } from "commander";
import { exitCodes } from "../../src/cli/exitCodes.ts";
import { statusLine } from "../../src/cli/statusLine.ts";
import { paint, type Terminal } from "../../src/cli/terminal.ts";

export type DayArguments =
  | { kind: "run"; events: string; json: boolean }
  | { kind: "roster"; roster: string; json: boolean }
  /** Help was asked for, or a mistake was told: there is nothing more to say. */
  | { kind: "end"; exitCode: number };

interface Options {
  events: string;
  roster?: string;
  json?: true;
}

const sampleDay = fileURLToPath(new URL("../../events/sample-day.jsonl", import.meta.url));

const eventsOption = () =>
  new Option("--events <file>", "the day as JSON lines, one event a line; - for standard input").default(
    sampleDay,
    "events/sample-day.jsonl",
  );

const more = `
Exit codes:
  0  every event is accounted for
  1  something went wrong
  2  called wrongly
  130  interrupted

Examples:
  npm start
  npm start -- --events my-day.jsonl
  npm start -- --json | jq .outcomes
  npm start -- --roster events/sample-roster.csv

To look at what is packaged: npx serverless package
`;

/** Reads the arguments of `npm start`. */
export function parseDayArguments(args: readonly string[], { stdout, stderr }: Terminal): DayArguments {
  const command = new Command("npm start --")
    .description(
      "Packages the service as it would be deployed and runs one HR day through it, on an embedded stack on 127.0.0.1. Needs no AWS account.",
    )
    .addOption(eventsOption())
    .addOption(
      new Option(
        "--roster <file>",
        "instead of a day: what would this roster change in the accounts of the simulator?",
      ).conflicts("events"),
    )
    .option("--json", "print one JSON object instead of the summary")
    .addHelpText("after", more)
    .configureOutput({
      writeOut: (text) => stdout.write(text),
      writeErr: (text) => stderr.write(text),
      outputError: (text, write) => write(text.replace(/^error:/, paint(stderr, "red", "error:"))),
    })
    .exitOverride();
  try {
    const { events, roster, json = false } = command.parse(args, { from: "user" }).opts<Options>();
    return roster === undefined ? { kind: "run", events, json } : { kind: "roster", roster, json };
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return { kind: "end", exitCode: error.exitCode === 0 ? exitCodes.done : exitCodes.usage };
  }
}

/** What a person is told while a day runs, on stderr. */
export interface DayProgress {
  /** What is being done now. A line of its own where nobody watches. */
  stage: (text: string) => void;
  /** How far it is. For those who watch only. */
  detail: (text: string) => void;
  /** What does not end the day but should be known. */
  problem: (text: string) => void;
  /** Before anything else is written. */
  clear: () => void;
}

type Stream = NodeJS.WritableStream & Partial<Pick<NodeJS.WriteStream, "isTTY" | "columns">>;

/** On a terminal one line that is written over, cut to its width; elsewhere one line per stage. */
export function dayProgress(stderr: Stream, now: () => number): DayProgress {
  const status = statusLine(stderr, now);
  const show = (text: string) => status.show(text.slice(0, (stderr.columns ?? 80) - 1));
  let current = "";
  return {
    stage: (text) => {
      current = text;
      if (stderr.isTTY) show(text);
      else stderr.write(`${text}\n`);
    },
    detail: (text) => show(text === "" ? current : `${current}: ${text}`),
    problem: (text) => {
      status.clear();
      stderr.write(`warning: ${text}\n`);
    },
    clear: status.clear,
  };
}
