import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { devNull } from "node:os";
import { exitCodes } from "../../cli/exitCodes.ts";
import { catchInterruption } from "../../cli/interruption.ts";
import { statusLine } from "../../cli/statusLine.ts";
import { paint, type Terminal, writeError } from "../../cli/terminal.ts";
import { packageService } from "../stack/packageService.ts";
import { withTemporaryFolder } from "../stack/withTemporaryFolder.ts";
import { type ChaosRequest, parseChaosArguments } from "./chaosArguments.ts";
import { type ChaosReport, isSound } from "./chaosReport.ts";
import { renderChaos } from "./renderChaos.ts";

/**
 * The arguments of `npm run chaos` in, the exit code out. Whatever fails has been said on stderr by then. The embedded stack
 * is loaded only when it is wanted: that takes seconds, for which a mistyped option should not have to wait.
 */
export async function startChaos(args: readonly string[], terminal: Terminal): Promise<number> {
  const parsed = parseChaosArguments(args, terminal);
  if (parsed.kind === "end") return parsed.exitCode;
  const { stdout, stderr } = terminal;
  const status = statusLine(stderr, Date.now);
  const interruption = catchInterruption(() => {
    status.clear();
    stderr.write("Interrupted: closing what was started.\n");
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
  { events, seed, limit: limitSeconds, logs = devNull }: ChaosRequest,
  onProgress: (text: string) => void,
  signal: AbortSignal,
): Promise<ChaosReport> {
  onProgress("packaging the service as it would be deployed");
  return withTemporaryFolder("packaged", async (packageDirectory) => {
    const [{ runChaos }] = await Promise.all([
      import("./runChaos.ts"),
      packageService(packageDirectory, { signal }),
    ]);
    const log = createWriteStream(logs);
    await once(log, "open");
    try {
      const onLog = (line: object) => log.write(`${JSON.stringify({ at: new Date(), ...line })}\n`);
      return await runChaos({ events, seed, packageDirectory, limitSeconds, onProgress, onLog, signal });
    } finally {
      log.end();
    }
  });
}

function textOf(report: ChaosReport, { stdout }: Terminal): string {
  const lines = renderChaos(report, (style, text) => paint(stdout, style, text));
  return `${lines.join("\n")}\n`;
}
