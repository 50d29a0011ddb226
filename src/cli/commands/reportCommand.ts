import { type Command, Option } from "commander";
import { timeText } from "../../operations/displayText.ts";
import { type LeaverReport, type LeaversReport, reportLeavers } from "../../operations/reportLeavers.ts";
import { countOf, durationText } from "../../operations/words/plainWords.ts";
import { type CommandResult, done, printTargeted, type RunCommand } from "../commandResult.ts";
import { withLedger } from "../composition.ts";
import { addLedgerOptions, emptyPeriod, type LedgerOptions, sinceOption, untilOption } from "../options.ts";
import { type Target, targetText } from "../target.ts";
import type { Screen, Terminal } from "../terminal.ts";
import { type Row, tableLines } from "../textLayout.ts";

const help = `
For an auditor: when HR decided, when access was to end, when it ended, who
acted, and the result. A leave is listed by the time of its latest result. The
journal keeps entries for 396 days. LATE is the time from the end of access, as
HR wants it, to the suspension. Times are UTC.
Needs the permission dynamodb:Query on the table's indexes.
Exit code: 0, also if nobody left; 1 if the ledger cannot be read; 2 if the
command was called wrongly.

Examples:
  rollcall report leavers --since 2026-01-01
  rollcall report leavers --since 2026-01-01 --until 2026-03-31 --csv > leavers.csv
  rollcall report leavers --since 30d --json | jq '.leavers[] | select(.result != "applied")'`;

interface LeaversOptions extends LedgerOptions {
  since: number;
  until?: number;
  csv?: boolean;
}

/** `rollcall report leavers` tells an auditor what became of each leave. */
export function addReportCommand(program: Command, run: RunCommand): void {
  const report = program.command("report").description("Report what was done, for an auditor.");
  const command = report
    .command("leavers")
    .description("List the leavers of a period, with HR's time, ours, the actor and the result.")
    .addOption(sinceOption("from then on: a date, a time, or an age such as 30d").makeOptionMandatory())
    .addOption(untilOption())
    .addOption(new Option("--csv", "print comma-separated values, with a row of headings").conflicts("json"));
  addLedgerOptions(command)
    .addHelpText("after", help)
    .action((options: LeaversOptions) => run((terminal) => runLeavers(options, terminal)));
}

async function runLeavers(options: LeaversOptions, terminal: Terminal): Promise<CommandResult> {
  const { since, csv } = options;
  const until = options.until ?? Date.now();
  if (until <= since) return { kind: "misused", message: emptyPeriod };
  const reading = await withLedger(options, terminal, async (ledger) => {
    const { target } = ledger;
    const leavers = await reportLeavers({ since, until }, ledger);
    printTargeted(leavers, { ...options, target }, terminal.stdout, (report, screen) =>
      csv ? csvLines(report) : leaversLines(report, target, screen),
    );
  });
  return reading.kind === "used" ? done : reading;
}

function leaversLines(report: LeaversReport, target: Target, screen: Screen): string[] {
  const period = `between ${timeText(report.since)} and ${timeText(report.until)}, in ${targetText(target)}`;
  if (report.count === 0) return [`No leave has a result ${period}.`];
  const results = Object.entries(report.byResult)
    .toSorted()
    .map(([result, count = 0]) => `${count.toLocaleString("en")} ${result}`);
  return [
    ...tableLines(
      ["DECIDED", "WANTED", "RESULT AT", "LATE", "RESULT", "PERSON"],
      report.leavers.map(toRow),
      screen,
    ),
    "",
    `${countOf(report.count, "leave")} ${period}: ${results.join(", ")}.`,
  ];
}

function toRow(leaver: LeaverReport): Row {
  const { decidedAt, effectiveAt, settledAt, lateSeconds, result, personId, eventId, actor, note, code } =
    leaver;
  return {
    cells: [
      timeText(decidedAt),
      timeText(effectiveAt),
      timeText(settledAt),
      lateSeconds === null ? "" : durationText(lateSeconds),
      code === null ? result : `${result} (${code})`,
      personId,
    ],
    details: [
      `event ${eventId}`,
      ...(actor === null ? [] : [`by ${actor}`]),
      ...(note === null ? [] : [`"${note}"`]),
    ],
  };
}

const columns = [
  "personId",
  "eventId",
  "accountId",
  "decidedAt",
  "effectiveAt",
  "receivedAt",
  "settledAt",
  "lateSeconds",
  "actor",
  "note",
  "result",
  "code",
  "requestId",
] as const satisfies (keyof LeaverReport)[];

function csvLines({ leavers }: LeaversReport): string[] {
  const rows = leavers.map((leaver) => columns.map((column) => leaver[column] ?? ""));
  return [columns, ...rows].map((row) => row.map(toCell).join(","));
}

/**
 * A cell by RFC 4180. A spreadsheet takes a text that begins like a formula for one, and ids and notes come from outside: such
 * a text gets an apostrophe in front (https://owasp.org/www-community/attacks/CSV_Injection).
 */
function toCell(value: string | number): string {
  if (typeof value === "number") return String(value);
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
