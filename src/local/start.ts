import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Command, CommanderError } from "commander";
import { exitCodes } from "../cli/exitCodes.ts";
import { statusLine } from "../cli/statusLine.ts";
import { paint } from "../cli/terminal.ts";
import { isAccountedFor } from "./day/dayReport.ts";
import { renderDay } from "./day/renderDay.ts";
import { runDay } from "./day/runDay.ts";
import { packageService } from "./stack/packageService.ts";

const pathOf = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

const command = new Command("npm start --")
  .description("Packages the service and runs one HR day through it, on an embedded stack on 127.0.0.1.")
  .option(
    "--events <file>",
    "the day: JSON lines, as `rollcall publish` reads them",
    pathOf("events/sample-day.jsonl"),
  )
  .option("--json", "one JSON object on stdout; progress goes to stderr")
  .addHelpText(
    "after",
    "\nExamples:\n  npm start\n  npm start -- --events my-day.jsonl\n  npm start -- --json | jq .outcomes\n",
  )
  .exitOverride();

/** The exit code: 0 only if every event is accounted for. */
async function start(args: readonly string[]): Promise<number> {
  const { stdout, stderr } = process;
  const { events, json } = command.parse(args, { from: "user" }).opts<{ events: string; json?: true }>();
  if (!existsSync(events)) {
    stderr.write(`error: there is no file ${events}; give a file of JSON lines, one event a line.\n`);
    return exitCodes.usage;
  }
  const status = statusLine(stderr, Date.now);
  const say = (text: string) => (stderr.isTTY ? status.show(text) : undefined);
  say("packaging the service as it would be deployed");
  const packageDirectory = pathOf(".rollcall/package");
  await packageService(packageDirectory);
  const report = await runDay({
    eventsFile: events,
    packageDirectory,
    onProgress: say,
    onProblem: (problem) => stderr.write(`${problem}\n`),
  });
  status.clear();
  stdout.write(
    json
      ? `${JSON.stringify(report)}\n`
      : renderDay(report, (style, text) => paint(stdout, style, text)).join("\n"),
  );
  return isAccountedFor(report) ? exitCodes.done : exitCodes.incomplete;
}

try {
  process.exitCode = await start(process.argv.slice(2));
} catch (error) {
  if (error instanceof CommanderError)
    process.exitCode = error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
  else {
    process.stderr.write(`error: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = exitCodes.incomplete;
  }
}
