import { type Command, Option } from "commander";
import * as z from "zod";
import { parseJson } from "../../events/boundedJson.ts";
import { sleep } from "../../events/eventBridge/eventBridgeBus.ts";
import { toEntry } from "../../events/eventEntry.ts";
import { type EventLine, readLines } from "../../events/eventLines.ts";
import {
  checkLines,
  type DryRunReport,
  isClean,
  type ProgressPorts,
  type PublishRefusal,
  type PublishReport,
  publishLines,
} from "../../operations/publishLines.ts";
import { countOf } from "../../operations/words/plainWords.ts";
import {
  type CommandResult,
  done,
  incomplete,
  printReport,
  printTargeted,
  type RunCommand,
  runInterruptibly,
} from "../commandResult.ts";
import { useLedger, withBus } from "../composition.ts";
import { openInput } from "../files.ts";
import { openTarget } from "../openTarget.ts";
import { addTargetOptions, type BusOptions, busEndpointOption, tableEndpointOption } from "../options.ts";
import { type Target, targetText } from "../target.ts";
import {
  catchInterruption,
  paint,
  type Screen,
  statusLine,
  type Terminal,
  writeWarning,
} from "../terminal.ts";
import {
  endLines,
  exitCodeOfReport,
  type FollowInSight,
  followInSight,
  timeoutOption,
} from "./trigger/followInSight.ts";

const help = `
Each line holds one event: {"detail-type": "EmployeeLeft", "detail": {"metadata": {…}, "data": {…}}}
Exit code: 0 if the bus accepted every event, 1 if not, 2 if the command was called wrongly.
With --wait, if it accepted all: 0 if each was applied, or is so already; 1 if one was rejected; 4 if
for one nothing was done; 5 if one is deferred or held; 6 if one has no outcome yet. It needs
dynamodb:Query on the table's indexes then.

Examples:
  rollcall publish events/sample-day.jsonl --dry-run      check a file and send nothing
  rollcall publish today.jsonl --stage prod             send it
  rollcall publish today.jsonl --wait                     and wait for the outcomes
  hr-export | rollcall publish -                          send what another program writes
  rollcall publish today.jsonl.rejected.jsonl             send again what was rejected and mended`;

interface PublishOptions extends BusOptions {
  wait?: boolean;
  timeout: number;
  tableEndpoint?: string;
  unchecked?: boolean;
  dryRun?: boolean;
  json?: boolean;
}

/** `rollcall publish FILE` puts HR events on the bus. */
export function addPublishCommand(program: Command, run: RunCommand): void {
  const command = program
    .command("publish")
    .description("Put HR events on the event bus, from a file of JSON lines.")
    .argument("<file>", "JSON lines to publish; - reads standard input");
  addTargetOptions(command, ["bus", "table"])
    .addOption(busEndpointOption())
    .addOption(tableEndpointOption())
    .addOption(
      new Option(
        "--rejected <file>",
        "where the lines go that were not accepted; replaced if it exists",
      ).conflicts("dryRun"),
    )
    .option("--unchecked", "send events that break their schema too")
    .option("--dry-run", "check the events and send nothing")
    .addOption(new Option("--wait", "wait for the outcome of each event").conflicts("dryRun"))
    .addOption(timeoutOption())
    .option("--json", "print the summary as one JSON object")
    .addHelpText("after", help)
    .action((file: string, options: PublishOptions) =>
      run((terminal) => runPublish({ ...options, file }, terminal)),
    );
}

async function runPublish(
  request: PublishOptions & { file: string },
  terminal: Terminal,
): Promise<CommandResult> {
  const { file, unchecked = false, json } = request;
  const input = await openInput(file, terminal.stdin);
  if (input.kind === "unreadable") return { kind: "misused", message: input.message };
  const lines = readLines(input.bytes);
  if (request.dryRun) {
    const report = await inSight(terminal, (progress) => checkLines(lines, { unchecked }, progress));
    printReport(report, json, terminal.stdout, dryRunLines);
    return isClean(report) ? done : incomplete;
  }
  const opened = await openTarget(
    request,
    request.wait
      ? {
          resources: ["bus", "table"],
          endpoints: { eventBridge: request.endpoint, dynamodb: request.tableEndpoint },
        }
      : { resources: ["bus"], endpoints: { eventBridge: request.endpoint } },
    terminal,
  );
  if (opened.kind !== "opened") return opened;
  const { target } = opened;
  const eventIds = new Set<string>();
  const onAccepted = (line: EventLine) => {
    const id = request.wait ? idOf(line) : undefined;
    if (id !== undefined) eventIds.add(id);
  };
  const source = { lines, input: file, rejectedPath: input.rejectedPath, unchecked, onAccepted };
  const startedAt = performance.now();
  const publishing = await publishInSight(target, { ...source, rejected: request.rejected }, terminal);
  const printing = { ...(json !== undefined && { json }), target };
  if (!request.wait || "kind" in publishing.outcome || publishing.interruptedWith !== undefined)
    return publishedResult(publishing, printing, terminal);
  const { outcome } = publishing;
  if (!json) publishedResult(publishing, printing, terminal);
  const waiting = { eventIds: [...eventIds], startedAt, patienceMilliseconds: request.timeout, json };
  return waitForOutcomes(outcome, waiting, target, terminal);
}

const identified = z.object({ detail: z.object({ metadata: z.object({ id: z.string() }) }) });

/** `undefined` for an event that breaks its schema: the journal has no entry of it. */
function idOf({ bytes }: EventLine): string | undefined {
  if (toEntry(bytes, { unchecked: false }).status !== "entry") return undefined;
  return identified.safeParse(parseJson(Buffer.from(bytes).toString("utf8"))).data?.detail.metadata.id;
}

function waitForOutcomes(
  published: PublishReport,
  request: Omit<FollowInSight, "signal">,
  target: Target,
  terminal: Terminal,
): Promise<CommandResult> {
  const interrupted = "Interrupted: what was published stays published.";
  return runInterruptibly(interrupted, terminal, async (signal) => {
    const following = await useLedger(target, {}, (ledger) =>
      followInSight({ ...request, signal }, ledger, terminal),
    );
    if (following.kind !== "used") return following;
    const report = following.value;
    const seconds = (performance.now() - request.startedAt) / 1000;
    const outcomes: Record<string, number> = {};
    for (const { outcome } of report.events) outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    const waited = {
      standing: report.standing,
      outcomes,
      unsettled: report.unsettled,
      seconds: Math.round(seconds * 10) / 10,
    };
    const { json } = request;
    printTargeted({ ...published, waited }, { ...(json && { json }), target }, terminal.stdout, () =>
      endLines(report, target, seconds),
    );
    return isClean(published) ? { kind: "done", exitCode: exitCodeOfReport(report) } : incomplete;
  });
}

/** Where lines of events come from, and where those go by default that are not accepted. */
export interface LineSource {
  lines: AsyncIterable<EventLine>;
  input: string;
  rejectedPath: string;
  /** The file that was named for the latter. */
  rejected: string | undefined;
  unchecked: boolean;
  /** Told of each line that the bus accepted. */
  onAccepted?: (line: EventLine) => void;
}

export interface Publishing {
  outcome: PublishReport | PublishRefusal;
  /** The exit code of the signal that interrupted it. */
  interruptedWith: number | undefined;
}

/**
 * Publishes lines with the progress on the terminal. Interrupted, it lets the calls under way finish and keeps every line
 * that was not sent among the rejected ones, to the end of the input.
 */
export async function publishInSight(
  target: Target,
  { lines, input, rejectedPath, rejected, unchecked, onAccepted }: LineSource,
  terminal: Terminal,
): Promise<Publishing> {
  let interruptedWith: number | undefined;
  const outcome = await withBus(target, { input, rejected, rejectedPath }, async (open) => {
    const interruption = catchInterruption(() => writeWarning(terminal, `\n${interrupted}`));
    const { signal } = interruption;
    const clock = () => performance.now();
    try {
      return await inSight(terminal, (progress) => {
        const accepting = onAccepted === undefined ? {} : { onAccepted };
        const ports = { ...open, ...progress, ...accepting, sleep, random: Math.random, signal, clock };
        return publishLines(lines, { unchecked }, ports);
      });
    } finally {
      interruptedWith = interruption.exitCode();
      interruption.dispose();
    }
  });
  return { outcome, interruptedWith };
}

const interrupted = "Interrupted: saving what was not sent. Press Ctrl-C again to quit at once.";

/** Prints the report, and tells by the exit code whether the bus accepted every event. */
export function publishedResult(
  { outcome, interruptedWith }: Publishing,
  { json, target }: { json?: boolean; target: Target },
  { stdout }: Terminal,
): CommandResult {
  if ("kind" in outcome) return { kind: "misused", message: outcome.message };
  printTargeted(outcome, { ...(json !== undefined && { json }), target }, stdout, (report, screen) =>
    publishedLines(report, target, screen),
  );
  if (interruptedWith !== undefined) return { kind: "done", exitCode: interruptedWith };
  return isClean(outcome) ? done : incomplete;
}

/** Enough to see what is wrong; the rest is in the rejected file and in `--json`. */
const mostShownRejections = 10;

/** Tells the first rejections on stderr, and on a terminal shows how far the publishing is. */
async function inSight<Report>(
  { stderr }: Terminal,
  publish: (progress: ProgressPorts) => Promise<Report>,
): Promise<Report> {
  const status = statusLine(stderr, Date.now);
  let rejections = 0;
  const report = await publish({
    onRejection: ({ line, reasons }) => {
      rejections += 1;
      if (rejections > mostShownRejections) return;
      status.clear();
      stderr.write(`${paint(stderr, "yellow", `line ${line}:`)} ${reasons.join("; ")}\n`);
    },
    onProgress: ({ events, rejected }) =>
      status.show(`${countOf(events, "event")}, ${rejected.toLocaleString("en")} not accepted`),
  });
  status.clear();
  const more = rejections - mostShownRejections;
  if (more > 0) stderr.write(`… and ${countOf(more, "more line")}\n`);
  return report;
}

function dryRunLines(report: DryRunReport, screen: Screen): string[] {
  const { events, valid, malformed, refused } = report;
  const notAccepted = countsText({ malformed, refused });
  const headline = `${valid.toLocaleString("en")} of ${countOf(events, "event")} may be sent. Nothing was.`;
  return [
    screen.paint(isClean(report) ? "green" : "yellow", headline),
    ...(notAccepted === "" ? [] : [`Not acceptable: ${notAccepted}.`]),
  ];
}

function publishedLines(report: PublishReport, target: Target, screen: Screen): string[] {
  const { events, accepted, malformed, refused, unsent, bus, seconds, rejectedFile } = report;
  const headline = `${accepted.toLocaleString("en")} of ${countOf(events, "event")} published to ${bus} in ${seconds} s (${targetText(target)}).`;
  return [
    screen.paint(isClean(report) ? "green" : "yellow", headline),
    ...(rejectedFile === null
      ? []
      : [
          `Not accepted: ${countsText({ malformed, refused, unsent })}.`,
          `They are in ${rejectedFile}: mend them and publish that file.`,
        ]),
  ];
}

function countsText(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([status, count]) => `${count.toLocaleString("en")} ${status}`)
    .join(", ");
}
