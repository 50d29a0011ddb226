import { type Command, InvalidArgumentError, Option } from "commander";
import { timeText } from "../../operations/displayText.ts";
import {
  listPending,
  type PendingFilter,
  type PendingReport,
  type WaitingReport,
} from "../../operations/waitingDecisions.ts";
import { clockText, countOf, durationText, type TimeZone } from "../../operations/words/plainWords.ts";
import { type CommandResult, done, printTargeted, type RunCommand } from "../commandResult.ts";
import { withLedger } from "../composition.ts";
import { addLedgerOptions, type LedgerOptions, parseUntil, personOption } from "../options.ts";
import { type Target, targetText } from "../target.ts";
import { type Screen, type Terminal, writeWarning } from "../terminal.ts";
import { type Row, tableLines } from "../textLayout.ts";

const help = `
A decision waits for its day, or for its user to register in the directory. Once
it is due it is published and carried out. Times are UTC.
Needs the permission dynamodb:Query on the table's indexes.
Exit code: 0, also if nothing waits; 1 if the ledger cannot be read; 2 if the
command was called wrongly.

Examples:
  rollcall pending
  rollcall pending --until 36h              what is due within 36 hours
  rollcall pending --until 2026-06-30       to the end of that day, UTC
  rollcall pending --person P-T0042 --stage prod
  rollcall pending --json | jq '.pending[].dueAt'`;

/** `rollcall pending` shows what is coming, and when. */
export function addPendingCommand(program: Command, run: RunCommand): void {
  const command = program
    .command("pending")
    .description("Show the decisions that wait, and when they are due.")
    .addOption(
      new Option(
        "--until <when>",
        "only what is due by then: a date, a time, or a time from now such as 36h or 7d",
      ).argParser(toUntil),
    )
    .addOption(personOption());
  addLedgerOptions(command)
    .addHelpText("after", help)
    .action((options: LedgerOptions & PendingFilter) => run((terminal) => runPending(options, terminal)));
}

function toUntil(text: string): number {
  const until = parseUntil(text, Date.now());
  if (until !== undefined) return until;
  throw new InvalidArgumentError(
    "Expected a date such as 2026-06-30, a time such as 2026-06-30T12:00:00Z, or a time from now such as 90m, 36h, 7d or 2w.",
  );
}

/** That nothing waits is no failure. */
async function runPending(
  request: LedgerOptions & PendingFilter,
  terminal: Terminal,
): Promise<CommandResult> {
  const reading = await withLedger(request, terminal, async (ledger) => {
    const { target } = ledger;
    const report = await listPending(request, ledger);
    printTargeted(report, { ...request, target }, terminal.stdout, (clean, screen) =>
      pendingLines(clean, target, screen),
    );
    const warning = request.json ? undefined : overdueText(report);
    if (warning !== undefined) writeWarning(terminal, warning);
  });
  return reading.kind === "used" ? done : reading;
}

/** The waiting decisions as a table, and how many of each kind. */
function pendingLines(report: PendingReport, target: Target, screen: Screen): string[] {
  const { count, byIntent, byReason, pending } = report;
  const whose = report.person === null ? "" : ` for ${report.person}`;
  const until = report.until === null ? undefined : timeText(report.until);
  if (count === 0)
    return [
      `Nothing waits${whose}${until === undefined ? "" : ` that is due by ${until}`} in ${targetText(target)}.`,
    ];
  const verb = count === 1 ? "waits" : "wait";
  const { effectiveLater = 0, notRegistered = 0, released = 0, follows = 0 } = byReason;
  const reasons = countsText({
    "for their day": effectiveLater,
    "for registration": notRegistered,
    "for the next run": released,
    "for what follows from another": follows,
  });
  return [
    ...waitingTable(pending, screen),
    "",
    `${countOf(count, "decision")} ${verb}${whose}${until === undefined ? "" : `, due by ${until}`}: ${countsText(byIntent)} (${reasons}).`,
  ];
}

function countsText(counts: Partial<Record<string, number>>): string {
  return Object.entries(counts)
    .filter(([, count = 0]) => count > 0)
    .map(([kind, count = 0]) => `${count.toLocaleString("en")} ${kind}`)
    .join(", ");
}

/** What is due is published within a minute or two. Later than this, something is wrong. */
const toleranceSeconds = 300;

/** A warning if decisions should have been published long ago. */
function overdueText({ pending }: PendingReport): string | undefined {
  const count = pending.filter(({ dueInSeconds }) => dueInSeconds < -toleranceSeconds).length;
  if (count === 0) return undefined;
  return `${count} of them should have been published more than 5 minutes ago: look at the log of the publishDue function.`;
}

/** Waiting decisions as a table. */
export function waitingTable(waiting: readonly Waiting[], screen: Screen, zone: TimeZone = "utc"): string[] {
  const rows = waiting.map((decision) => waitingRow(decision, zone));
  return tableLines(["DUE", "IN", "INTENT", "PERSON", "WAITS FOR"], rows, screen);
}

type Waiting = Omit<WaitingReport, "event">;

function waitingRow(decision: Waiting, zone: TimeZone): Row {
  const { dueAt, dueInSeconds, intent, personId, because, waitingSince, eventId } = decision;
  const isOverdue = dueInSeconds < 0;
  return {
    cells: [
      clockText(dueAt, zone),
      isOverdue ? { text: "now", style: "yellow" } : durationText(dueInSeconds),
      intent,
      personId,
      waitsFor[because],
    ],
    details: [
      `event ${eventId}`,
      ...(waitingSince === undefined ? [] : [`since ${clockText(waitingSince, zone)}`]),
    ],
  };
}

const waitsFor: Record<WaitingReport["because"], string> = {
  effectiveLater: "its day",
  fromTheFuture: "the time at which HR says it is decided",
  notRegistered: "registration",
  released: "the next run",
  follows: "its time, after another decision",
};
