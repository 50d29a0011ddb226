import { Readable } from "node:stream";
import { exitCodes } from "../../src/cli/commandResult.ts";
import { openInput } from "../../src/cli/files.ts";
import { catchInterruption, paint, type Terminal, writeError } from "../../src/cli/terminal.ts";
import { toEntry } from "../../src/events/eventEntry.ts";
import { type EventLine, readLines } from "../../src/events/eventLines.ts";
import { maskEmails } from "../../src/privacy/masking.ts";
import { packageService, withTemporaryFolder } from "../service/packageService.ts";
import { type DayReport, isAccountedFor } from "./dayReport.ts";
import { dayProgress, parseDayArguments } from "./dayTerminal.ts";
import { renderDay } from "./renderDay.ts";
import type { DayOptions } from "./runDay.ts";

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
    const begun = await readToFirstEvent(readLines(input.bytes));
    if (begun.kind === "noEvent") {
      writeError(terminal.stderr, `${parsed.events} has no event: ${begun.reason}`);
      return exitCodes.usage;
    }
    const print = (report: DayReport, isFinished: boolean) => {
      progress.clear();
      const printed = isFinished ? report : { ...report, unfinished: true };
      terminal.stdout.write(
        parsed.json
          ? `${JSON.stringify(printed)}\n`
          : `${textOf(report, terminal, isFinished)}${isFinished ? next : ""}`,
      );
    };
    const onUnfinished = (report: DayReport) => print(report, false);
    const report = await packageAndRun(begun.lines, { progress, signal: interruption.signal, onUnfinished });
    print(report, true);
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

const next = `
Next: npx rollcall dev keeps such a stack up, and every command can be tried on it.
In another terminal: npx rollcall trigger left --person P-T0042 --stage local --wait
`;

type BegunDay = { kind: "begun"; lines: AsyncIterable<EventLine> } | { kind: "noEvent"; reason: string };

/** Reads up to the first event, so that a file of something else is refused before anything is packaged. */
async function readToFirstEvent(lines: AsyncIterable<EventLine>): Promise<BegunDay> {
  const iterator = lines[Symbol.asyncIterator]();
  const read: EventLine[] = [];
  let reason: string | undefined;
  for (;;) {
    const { done: isOver, value: line } = await iterator.next();
    // A day without a line is a day on which nothing happened.
    if (isOver === true)
      return reason === undefined
        ? { kind: "begun", lines: Readable.from(read) }
        : { kind: "noEvent", reason };
    read.push(line);
    const check = toEntry(line.bytes, { unchecked: true });
    if (check.status === "entry") return { kind: "begun", lines: followedBy(read, iterator) };
    if (check.status === "refused") reason ??= `${check.code} in line ${line.number}: ${check.message}`;
  }
}

async function* followedBy(
  first: readonly EventLine[],
  rest: AsyncIterator<EventLine>,
): AsyncGenerator<EventLine> {
  yield* first;
  yield* { [Symbol.asyncIterator]: () => rest };
}

function packageAndRun(
  lines: AsyncIterable<EventLine>,
  { progress, signal, onUnfinished }: Required<Pick<DayOptions, "progress" | "signal" | "onUnfinished">>,
): Promise<DayReport> {
  progress.stage("packaging the service as it would be deployed");
  return withTemporaryFolder("packaged", async (packageDirectory) => {
    const [{ runDay }] = await Promise.all([
      import("./runDay.ts"),
      packageService(packageDirectory, { signal, parameters: { scim: "true" } }),
    ]);
    return runDay({ lines, packageDirectory, progress, signal, onUnfinished });
  });
}

function textOf(report: DayReport, { stdout }: Terminal, isFinished: boolean): string {
  const lines = renderDay(report, (style, text) => paint(stdout, style, text), { isFinished });
  return `${lines.join("\n")}\n`;
}
