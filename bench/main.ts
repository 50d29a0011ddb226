import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { exitCodes } from "../src/cli/commandResult.ts";
import { paint } from "../src/cli/terminal.ts";
import { dayLines } from "./day/dayLines.ts";
import { measureDay } from "./day/measureDay.ts";
import { renderReport } from "./report/renderReport.ts";
import { measureRoster, rosterLines } from "./roster/measureRoster.ts";
import { runBench } from "./runBench.ts";
import { type ScenarioName, scenarioNames } from "./scenarios/scenarios.ts";

const command = new Command("npm run bench --")
  .description(
    "Compares Rollcall with one call a record, on this machine and against a simulator of Amazon Chime.",
  )
  .option("--records <n>", "how many records each contender drains", toCount, 10_000)
  .addOption(
    new Option("--scenario <name...>", "only these of the scenarios")
      .choices(scenarioNames)
      .default(scenarioNames, "all"),
  )
  .option(
    "--day",
    "measure leavers end to end instead, on the embedded stack: so many --records, then a trickle",
  )
  .option("--runs <n>", "with --day: how often the leavers leave", toCount, 3)
  .option("--seconds <n>", "with --day: how long one event a second comes", toCount, 60)
  .option("--rate <n>", "with --day: calls a second that the directory takes", toCount, 10)
  .option("--burst <n>", "with --day: calls that it takes at once (default: those of a second)", toCount)
  .option("--memory <mb>", "with --day: the functions' memory instead of the template's", toCount)
  .option("--roster", "measure a plan of so many --people instead, beside reading the directory alone")
  .option("--people <n>", "with --roster", toCount, 100_000)
  .option("--json", "one JSON object on stdout; progress goes to stderr")
  .addHelpText(
    "after",
    "\nExamples:\n  npm run bench\n  npm run bench -- --records 1000\n  npm run bench -- --day --memory 1024\n  npm run bench -- --roster --people 200000\n",
  )
  .exitOverride();

interface Options {
  records: number;
  scenario: readonly ScenarioName[];
  json?: true;
  roster?: true;
  day?: true;
  people: number;
  runs: number;
  seconds: number;
  rate: number;
  burst?: number;
  memory?: number;
}

/** The exit code: 0 only if every result and every number of calls is right. How long it took decides nothing. */
async function bench(args: readonly string[]): Promise<number> {
  const { stdout, stderr } = process;
  const { records, scenario, json, roster, people, day, ...dayOptions } = command
    .parse(args, { from: "user" })
    .opts<Options>();
  const onProgress = (text: string) => stderr.write(`${text}\n`);
  if (day) {
    const {
      runs,
      seconds: trickleSeconds,
      rate: callsPerSecond,
      burst = callsPerSecond,
      memory,
    } = dayOptions;
    const report = await measureDay({
      leavers: records,
      runs,
      trickleSeconds,
      callsPerSecond,
      burst,
      ...(memory !== undefined && { memoryMegabytes: memory }),
      onProgress,
    });
    stdout.write(json ? `${JSON.stringify(report)}\n` : `${dayLines(report).join("\n")}\n`);
    return report.faults.length === 0 ? exitCodes.done : exitCodes.incomplete;
  }
  if (roster) {
    const measurement = await measureRoster(people);
    stdout.write(json ? `${JSON.stringify(measurement)}\n` : `${rosterLines(measurement).join("\n")}\n`);
    return exitCodes.done;
  }
  const report = await runBench({ records, scenarios: scenario, onProgress });
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
