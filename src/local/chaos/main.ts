import { createWriteStream } from "node:fs";
import { devNull } from "node:os";
import { fileURLToPath } from "node:url";
import { Command, CommanderError, InvalidArgumentError } from "commander";
import { exitCodes } from "../../cli/exitCodes.ts";
import { statusLine } from "../../cli/statusLine.ts";
import { paint } from "../../cli/terminal.ts";
import { packageService } from "../stack/packageService.ts";
import { isSound } from "./chaosReport.ts";
import { renderChaos } from "./renderChaos.ts";
import { runChaos } from "./runChaos.ts";

interface Options {
  events: number;
  seed: number;
  limit: number;
  json?: true;
  logs?: string;
}

const command = new Command("npm run chaos --")
  .description(
    "Runs HR decisions through the packaged service on an embedded stack while events come twice, late and out of " +
      "order, calls fail or lose their answers, and processes are killed; then replays the decisions and compares.",
  )
  .option("--events <n>", "decisions of HR", wholeNumber, 20_000)
  .option("--seed <n>", "the same seed asks for the same decisions and faults", wholeNumber, 7)
  .option("--limit <seconds>", "what has not ended so long after the last event is stuck", wholeNumber, 900)
  .option("--json", "one JSON object on stdout")
  .option("--logs <file>", "what the functions and the stack have to say, as JSON lines")
  .addHelpText("after", "\nExamples:\n  npm run chaos\n  npm run chaos -- --events 2000 --seed 11 --json\n")
  .exitOverride();

function wholeNumber(text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new InvalidArgumentError("Expected a whole number from 1.");
}

/** The exit code: 0 only if everything is as HR decided. */
async function start(args: readonly string[]): Promise<number> {
  const { stdout, stderr } = process;
  const { events, seed, limit, json, logs = devNull } = command.parse(args, { from: "user" }).opts<Options>();
  const status = statusLine(stderr, Date.now);
  status.show("packaging the service as it would be deployed");
  const packageDirectory = fileURLToPath(new URL("../../../.rollcall/chaos-package", import.meta.url));
  await packageService(packageDirectory);
  const log = createWriteStream(logs);
  const write = (line: object) => log.write(`${JSON.stringify({ at: new Date(), ...line })}\n`);
  const report = await runChaos({
    events,
    seed,
    limitSeconds: limit,
    packageDirectory,
    onProgress: status.show,
    onLog: write,
    onProblem: (problem) => write({ problem }),
  });
  log.end();
  status.clear();
  stdout.write(
    json
      ? `${JSON.stringify(report)}\n`
      : renderChaos(report, (style, text) => paint(stdout, style, text)).join("\n"),
  );
  return isSound(report) ? exitCodes.done : exitCodes.incomplete;
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
