import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { devNull } from "node:os";
import { resolve } from "node:path";
import { Command, CommanderError, InvalidArgumentError } from "commander";
import { exitCodes } from "../../src/cli/commandResult.ts";
import { catchInterruption, paint, statusLine, type Terminal, writeError } from "../../src/cli/terminal.ts";
import { packageService, withTemporaryFolder } from "../service/packageService.ts";
import { type ChaosReport, isSound, renderChaos } from "./chaosReport.ts";

/**
 * Runs `npm run chaos` and returns its exit code. Errors are printed on stderr. The embedded stack is loaded only when it is
 * needed, because that takes seconds, and a mistyped option should be reported at once.
 */
export async function startChaos(args: readonly string[], terminal: Terminal): Promise<number> {
  const parsed = parseChaosArguments(args, terminal);
  if (parsed.kind === "end") return parsed.exitCode;
  const { stdout, stderr } = terminal;
  const status = statusLine(stderr, Date.now);
  const interruption = catchInterruption(() => {
    status.clear();
    stderr.write("Interrupted: stopping the embedded stack.\n");
  });
  try {
    const onProgress = (text: string) => status.show(text.slice(0, (stderr.columns ?? 80) - 1));
    const report = await packageAndRun(parsed, onProgress, interruption.signal);
    status.clear();
    stdout.write(parsed.json ? `${JSON.stringify(report)}\n` : textOf(report, terminal));
    return isSound(report) ? exitCodes.done : exitCodes.incomplete;
  } catch (error) {
    status.clear();
    const exitCode = interruption.exitCode();
    if (exitCode !== undefined) return exitCode;
    writeError(stderr, error instanceof Error ? error.message : String(error));
    return exitCodes.incomplete;
  } finally {
    interruption.dispose();
  }
}

function packageAndRun(
  { events, seed, limit: limitSeconds, logs = devNull, previous, scim }: ChaosRequest,
  onProgress: (text: string) => void,
  signal: AbortSignal,
): Promise<ChaosReport> {
  onProgress("packaging the service as it would be deployed");
  return withTemporaryFolder("packaged", async (packageDirectory) => {
    const [{ runChaos }] = await Promise.all([
      import("./runChaos.ts"),
      packageService(packageDirectory, { signal, parameters: { scim: String(scim) } }),
    ]);
    const log = createWriteStream(logs);
    await once(log, "open");
    try {
      const onLog = (line: object) => log.write(`${JSON.stringify({ at: new Date(), ...line })}\n`);
      return await runChaos({
        events,
        seed,
        packageDirectory,
        previousDirectory: previous === undefined ? undefined : resolve(previous),
        scim,
        limitSeconds,
        onProgress,
        onLog,
        signal,
      });
    } finally {
      log.end();
    }
  });
}

function textOf(report: ChaosReport, { stdout }: Terminal): string {
  const lines = renderChaos(report, (style, text) => paint(stdout, style, text));
  return `${lines.join("\n")}\n`;
}

export type ChaosArguments =
  | ({ kind: "run" } & ChaosRequest)
  /** Help or a mistake in the arguments was printed. */
  | { kind: "end"; exitCode: number };

interface ChaosRequest {
  events: number;
  seed: number;
  /** Seconds. */
  limit: number;
  /** The file for the output of the functions. */
  logs?: string;
  /** The package folder of the previous release. */
  previous?: string;
  /** Whether half of the people are at a SCIM target. Always false with a previous release, which may know no SCIM. */
  scim: boolean;
  json?: true;
}

const more = `
Exit codes:
  0  no event was lost, the directory is as HR decided, no invitation was
     duplicated without a cause, and no log names a person
  1  one of these does not hold, or the run failed
  2  the arguments are wrong
  130  interrupted

Examples:
  npm run chaos
  npm run chaos -- --events 2000 --seed 11
  npm run chaos -- --previous ../previous/.serverless
  npm run chaos -- --json | jq '{lost, wrongState, regressions}'
`;

/** Parses the arguments of `npm run chaos`. */
export function parseChaosArguments(args: readonly string[], { stdout, stderr }: Terminal): ChaosArguments {
  const command = new Command("npm run chaos --")
    .description(
      "Sends HR's decisions through the packaged service on an embedded stack, with duplicates, delays and in another order, while calls fail, responses are lost and processes are killed. Then compares the directory with the decisions. Needs no AWS account.",
    )
    .option("--events <n>", "how many decisions of HR", wholeNumber, 20_000)
    .option("--seed <n>", "the same seed gives the same decisions and the same faults", wholeNumber, 7)
    .option(
      "--limit <seconds>",
      "events that have not ended so long after the last one are stuck",
      wholeNumber,
      900,
    )
    .option("--logs <file>", "write the output of the functions to this file, as JSON lines")
    .option(
      "--previous <folder>",
      "let half of the processes run the release that was packaged there, beside this one",
    )
    .option(
      "--no-scim",
      "let everybody be at Amazon Chime, and nobody at a SCIM target; --previous implies it, for a release that knows no SCIM",
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
    const request = command.parse(args, { from: "user" }).opts<ChaosRequest>();
    return { kind: "run", ...request, scim: request.scim && request.previous === undefined };
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
