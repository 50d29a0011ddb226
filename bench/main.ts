import { Command, CommanderError, InvalidArgumentError } from "commander";
import { exitCodes } from "../src/cli/commandResult.ts";
import { paint } from "../src/cli/terminal.ts";
import { renderReport } from "./report/renderReport.ts";
import { measureRoster, rosterLines } from "./roster/measureRoster.ts";
import { runBench } from "./runBench.ts";

const peopleOfRoster = 100_000;

const command = new Command("npm run bench --")
  .description(
    "Compares Rollcall with one call a record, on this machine and against a simulator of Amazon Chime.",
  )
  .option("--records <n>", "how many records each contender drains", toCount, 10_000)
  .option("--roster", "measure a plan of 100,000 people instead, beside reading the directory alone")
  .option("--json", "one JSON object on stdout; progress goes to stderr")
  .addHelpText(
    "after",
    "\nExamples:\n  npm run bench\n  npm run bench -- --records 1000\n  npm run bench -- --roster\n",
  )
  .exitOverride();

/** The exit code: 0 only if every result and every number of calls is right. How long it took decides nothing. */
async function bench(args: readonly string[]): Promise<number> {
  const { stdout, stderr } = process;
  const { records, json, roster } = command
    .parse(args, { from: "user" })
    .opts<{ records: number; json?: true; roster?: true }>();
  if (roster) {
    const measurement = await measureRoster(peopleOfRoster);
    stdout.write(json ? `${JSON.stringify(measurement)}\n` : `${rosterLines(measurement).join("\n")}\n`);
    return exitCodes.done;
  }
  const report = await runBench({ records, onProgress: (text) => stderr.write(`${text}\n`) });
  stdout.write(
    json
      ? `${JSON.stringify(report)}\n`
      : renderReport(report, (style, text) => paint(stdout, style, text)).join("\n"),
  );
  return report.faults.length === 0 ? exitCodes.done : exitCodes.incomplete;
}

function toCount(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count > 0 && count <= 1_000_000) return count;
  throw new InvalidArgumentError("Expected a whole number from 1 to 1,000,000.");
}

try {
  process.exitCode = await bench(process.argv.slice(2));
} catch (error) {
  if (error instanceof CommanderError)
    process.exitCode = error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
  else {
    process.stderr.write(`error: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = exitCodes.incomplete;
  }
}
