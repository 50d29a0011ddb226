import { exitCodes } from "../../src/cli/commandResult.ts";
import { openInput } from "../../src/cli/files.ts";
import { catchInterruption, paint, type Terminal, writeError } from "../../src/cli/terminal.ts";
import { readLines } from "../../src/events/eventLines.ts";
import { maskEmails } from "../../src/privacy/masking.ts";
import { packageService, withTemporaryFolder } from "../service/packageService.ts";
import { type DayReport, isAccountedFor } from "./dayReport.ts";
import { type DayProgress, dayProgress, parseDayArguments } from "./dayTerminal.ts";
import { renderDay } from "./renderDay.ts";

/**
 * Runs `npm start` and returns its exit code. Errors are printed on stderr. The embedded stack is loaded only when it is
 * needed, because that takes seconds, and a mistyped option should be reported at once.
 */
export async function startDay(args: readonly string[], terminal: Terminal): Promise<number> {
  const parsed = parseDayArguments(args, terminal);
  if (parsed.kind === "end") return parsed.exitCode;
  if (parsed.kind === "roster") {
    const { rehearseRoster } = await import("./rehearseRoster.ts");
    return rehearseRoster(parsed, terminal);
  }
  const input = await openInput(parsed.events, terminal.stdin);
  if (input.kind === "unreadable") {
    writeError(terminal.stderr, input.message);
    return exitCodes.usage;
  }
  const progress = dayProgress(terminal.stderr, Date.now);
  const interruption = catchInterruption(() => {
    progress.clear();
    terminal.stderr.write("Interrupted: stopping the embedded stack.\n");
  });
  try {
    const report = await packageAndRun(input.bytes, progress, interruption.signal);
    progress.clear();
    terminal.stdout.write(parsed.json ? `${JSON.stringify(report)}\n` : textOf(report, terminal));
    return isAccountedFor(report) ? exitCodes.done : exitCodes.incomplete;
  } catch (error) {
    progress.clear();
    const exitCode = interruption.exitCode();
    if (exitCode !== undefined) return exitCode;
    writeError(terminal.stderr, maskEmails(error instanceof Error ? error.message : String(error)));
    return exitCodes.incomplete;
  } finally {
    interruption.dispose();
  }
}

function packageAndRun(
  bytes: AsyncIterable<Uint8Array>,
  progress: DayProgress,
  signal: AbortSignal,
): Promise<DayReport> {
  progress.stage("packaging the service as it would be deployed");
  return withTemporaryFolder("packaged", async (packageDirectory) => {
    const [{ runDay }] = await Promise.all([
      import("./runDay.ts"),
      packageService(packageDirectory, { signal }),
    ]);
    return runDay({ lines: readLines(bytes), packageDirectory, progress, signal });
  });
}

function textOf(report: DayReport, { stdout }: Terminal): string {
  const lines = renderDay(report, (style, text) => paint(stdout, style, text));
  return `${lines.join("\n")}\n`;
}
