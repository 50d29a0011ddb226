import { type Command, Option } from "commander";
import { readStatus, type StatusReport } from "../../../operations/readStatus.ts";
import {
  ageText,
  clockText,
  countOf,
  countPeople,
  durationText,
  type TimeZone,
} from "../../../operations/words/plainWords.ts";
import {
  type CommandFailure,
  type CommandResult,
  done,
  printTargeted,
  type RunCommand,
} from "../../commandResult.ts";
import { useLedger, withQueueDepths } from "../../composition.ts";
import { hintText } from "../../hints.ts";
import { openTarget } from "../../openTarget.ts";
import { addQueueOptions, type TargetOptions } from "../../options.ts";
import { watchReport } from "../../screen/watchReport.ts";
import { nameIn, type Target } from "../../target.ts";
import type { Screen, Terminal } from "../../terminal.ts";
import { tableLines } from "../../textLayout.ts";
import { waitingTable } from "../pendingCommand.ts";
import { pauseText, resumeCommand } from "./pauseCommand.ts";

const help = `
What an operator looks at first: what is paused, how long the queues are, who is held, what
waits. SQS counts about. How old the oldest message is, the alarms and the dashboard tell.
The directory is not asked: users are counted as the safeguard counted them last. With
--watch it is drawn again every five seconds, until Ctrl-C.
Times are those of this computer's zone, or UTC with --utc and with --json.
Needs dynamodb:Query and GetItem on the table and dynamodb:Query on its indexes, and
sqs:GetQueueUrl and GetQueueAttributes on the queues.
Exit code: 0, also while something is paused or held; 1 if it cannot be read; 2 if the
command was called wrongly; 130 after Ctrl-C.

Examples:
  rollcall status
  rollcall status --watch
  rollcall status --stage prod
  rollcall status --json | jq '.paused'`;

interface StatusOptions extends TargetOptions {
  /** SQS's. */
  endpoint?: string;
  /** DynamoDB's. */
  tableEndpoint?: string;
  json?: boolean;
  /** Read and draw again until it is interrupted. */
  watch?: boolean;
  utc?: boolean;
}

/** `rollcall status` shows what a stack does, and what stops it. */
export function addStatusCommand(program: Command, run: RunCommand): void {
  const command = program
    .command("status")
    .description("Show the pipelines: what is paused, how much is queued, held and waiting.")
    .addOption(new Option("--watch", "draw it again every five seconds, until Ctrl-C").conflicts("json"));
  command.option("--utc", "show times in UTC");
  addQueueOptions(command, ["stack", "table"])
    .addHelpText("after", help)
    .action((options: StatusOptions) => run((terminal) => runStatus(options, terminal)));
}

async function runStatus(request: StatusOptions, terminal: Terminal): Promise<CommandResult> {
  if (request.watch && !terminal.stdout.isTTY)
    return { kind: "misused", message: "--watch draws on a terminal, and standard output is none" };
  const endpoints = { sqs: request.endpoint, dynamodb: request.tableEndpoint };
  const opened = await openTarget(request, { resources: ["stack", "table"], endpoints }, terminal);
  if (opened.kind !== "opened") return opened;
  const { target } = opened;
  const place = { target, zone: request.utc ? "utc" : "local" } as const;
  if (request.watch) {
    const read = () => readFrom(target);
    return watchReport({ read, toLines: (report, screen) => statusLines(report, place, screen) }, terminal);
  }
  const reading = await readFrom(target);
  if (reading.kind !== "read") return reading;
  printTargeted(reading.report, { ...request, target }, terminal.stdout, (report, screen) =>
    statusLines(report, place, screen),
  );
  return done;
}

async function readFrom(target: Target): Promise<{ kind: "read"; report: StatusReport } | CommandFailure> {
  const stack = nameIn(target, "stack");
  return withQueueDepths(target, async (queues) => {
    const used = await useLedger(target, {}, (ledger) => readStatus({ ...ledger, queues, stack }));
    return used.kind === "used" ? { kind: "read", report: used.value } : used;
  });
}

/** What was read, and in which zone its times are told. */
interface Place {
  target: Target;
  zone: TimeZone;
}

function statusLines(report: StatusReport, place: Place, screen: Screen): string[] {
  const { target, zone } = place;
  const { stack, table, readAt, paused, queues } = report;
  const rows = queues.map(({ pipeline, visible, inFlight, delayed, deadLetters }) => ({
    cells: [
      pipeline,
      ...[visible, inFlight, delayed, deadLetters].map((count) => count.toLocaleString("en")),
    ],
    details: [],
  }));
  return [
    screen.paint("bold", `${stack} (${table}) at ${clockText(readAt, zone)}`),
    ...(paused.length === 0 ? ["Nothing is paused."] : []),
    ...paused.flatMap((pause) => [
      screen.paint(
        "yellow",
        `Paused: ${pauseText(pause, zone)} (${agoText(pause.since, readAt)}). To end it:`,
      ),
      `  ${resumeCommand(pause, target)}`,
    ]),
    "",
    ...tableLines(["QUEUE", "READY", "IN FLIGHT", "DELAYED", "DEAD LETTERS"], rows, screen),
    "",
    ...accountLines(report, screen),
    ...heldLines(report, place, screen),
    "",
    ...waitingLines(report, place, screen),
  ];
}

function accountLines({ accounts }: StatusReport, screen: Screen): string[] {
  if (accounts.length === 0) return [];
  const rows = accounts.map(({ accountId, latch, held, activeUsers }) => ({
    cells: [
      accountId,
      latch === "open" ? latch : { text: latch, style: "yellow" as const },
      held.toLocaleString("en"),
      activeUsers === null
        ? "not counted yet"
        : `${activeUsers.count.toLocaleString("en")}, counted ${durationText(activeUsers.ageSeconds)} ago`,
    ],
    details: [],
  }));
  return [...tableLines(["ACCOUNT", "LATCH", "HELD", "ACTIVE USERS"], rows, screen), ""];
}

function agoText(since: string, readAt: string): string {
  return `${ageText(since, Date.parse(readAt))} ago`;
}

function heldLines(
  { held, latchesClosed, readAt }: StatusReport,
  { target, zone }: Place,
  { paint }: Screen,
): string[] {
  const sinceText = (since: string) => `${clockText(since, zone)} (${agoText(since, readAt)})`;
  return [
    ...latchesClosed.map(({ accountId, since }) =>
      paint("yellow", `The latch of ${accountId} is closed since ${sinceText(since)}.`),
    ),
    ...held.flatMap(({ accountId, people, since }) => [
      `${countPeople(people)} of ${accountId} held by the safeguard, the first since ${sinceText(since)}:`,
      `  ${hintText(target, "held list", { options: { account: accountId } })}`,
    ]),
    ...(held.length === 0 ? ["Nobody is held by the safeguard."] : []),
  ];
}

function waitingLines(
  { waiting: { count, overdue, nextDueAt, next } }: StatusReport,
  { target, zone }: Place,
  screen: Screen,
): string[] {
  if (nextDueAt === null) return ["No decision waits."];
  const late = overdue === 0 ? "" : `, ${overdue.toLocaleString("en")} of them overdue`;
  return [
    `${countOf(count, "waiting decision")}${late}; the next is due ${clockText(nextDueAt, zone)}:`,
    ...waitingTable(next, screen, zone),
    `  ${hintText(target, "pending")}`,
  ];
}
