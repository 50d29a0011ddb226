import { fileURLToPath } from "node:url";
import { Command, CommanderError, Option } from "commander";
import { exitCodes } from "../../src/cli/commandResult.ts";
import { paint, statusLine, type Terminal } from "../../src/cli/terminal.ts";

export type DayArguments =
  | { kind: "run"; events: string; json: boolean }
  | { kind: "roster"; roster: string; json: boolean }
  /** Help or a mistake in the arguments was printed. */
  | { kind: "end"; exitCode: number };

interface Options {
  events: string;
  roster?: string;
  json?: true;
}

const sampleDay = fileURLToPath(new URL("../../events/sample-day.jsonl", import.meta.url));

const eventsOption = () =>
  new Option(
    "--events <file>",
    "the events of the day, one JSON object a line; - for standard input",
  ).default(sampleDay, "events/sample-day.jsonl");

const more = `
Exit codes:
  0  every event has exactly one outcome, and none was lost
  1  an event was lost, or the run failed
  2  the arguments are wrong
  130  interrupted

Examples:
  npm start
  npm start -- --events my-day.jsonl
  npm start -- --json | jq .outcomes
  npm start -- --roster events/sample-roster.csv

To see what is packaged: npx serverless package
`;

/** Parses the arguments of `npm start`. */
export function parseDayArguments(args: readonly string[], { stdout, stderr }: Terminal): DayArguments {
  const command = new Command("npm start --")
    .description(
      "Packages the service as it would be deployed and sends one day of HR events through it, on an embedded stack on 127.0.0.1. Needs no AWS account.",
    )
    .addOption(eventsOption())
    .addOption(
      new Option(
        "--roster <file>",
        "instead of a day: plan what this roster would change in the simulated accounts",
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

/** Reports the progress of a day on stderr. */
export interface DayProgress {
  /** The current stage. Where stderr is no terminal, each is a line of its own. */
  stage: (text: string) => void;
  /** How far the stage is. Shown on a terminal only. */
  detail: (text: string) => void;
  /** A problem that does not end the day. */
  problem: (text: string) => void;
  /** Clears the status line. To be called before anything else is written. */
  clear: () => void;
}

type Stream = NodeJS.WritableStream & Partial<Pick<NodeJS.WriteStream, "isTTY" | "columns">>;

/** Writes one status line, cut to the width of the terminal; where stderr is no terminal, a line for each stage. */
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
