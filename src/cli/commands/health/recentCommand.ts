import { type Command, InvalidArgumentError, Option } from "commander";
import { type JournalOutcome, journalOutcomes } from "../../../ledger/ledger.ts";
import { listRecent, type RecentEntry, type RecentReport } from "../../../operations/listRecent.ts";
import { whyText } from "../../../operations/words/decisionWords.ts";
import { clockText, countOf, durationText, type TimeZone } from "../../../operations/words/plainWords.ts";
import { type Intent, pipelineNames } from "../../../pipelineSettings.ts";
import { type CommandResult, done, printTargeted, type RunCommand } from "../../commandResult.ts";
import { withLedger } from "../../composition.ts";
import {
  addLedgerOptions,
  emptyPeriod,
  type LedgerOptions,
  personOption,
  sinceOption,
  untilOption,
} from "../../options.ts";
import { type Target, targetText } from "../../target.ts";
import type { Screen, Terminal } from "../../terminal.ts";
import { type Row, tableLines } from "../../textLayout.ts";
import { outcomeStyles } from "../historyLines.ts";

const help = `
What happened lately, by the time of the outcome, the newest first. Options that may be
repeated ask for any of their values; different options must all match. An event that waits
and one that was refused are listed with that; dead letters have rollcall dlq list.
Times are those of this computer's zone, or UTC with --utc and with --json. The journal keeps
entries for 396 days; of a long period each hour takes eight requests, until the limit is
reached.
Needs the permission dynamodb:Query on the table's indexes, and with --person on the table.
Exit code: 0, also if nothing happened; 1 if the ledger cannot be read; 2 if the
command was called wrongly.

Examples:
  rollcall recent                                      the last hour
  rollcall recent --since 1d --outcome rejected --outcome held
  rollcall recent --since 2026-06-30T22:00:00Z --until 2026-07-01T06:00:00Z --pipeline offboard --utc
  rollcall recent --since 7d --person P-T0042 --stage prod
  rollcall recent --since 1d --json | jq '.entries[] | select(.code == "UserNotFound").personId'`;

interface RecentOptions extends LedgerOptions {
  since?: number;
  until?: number;
  outcome?: JournalOutcome[];
  pipeline?: Intent[];
  account?: string[];
  code?: string[];
  person?: string;
  limit: number;
  utc?: boolean;
}

/** `rollcall recent` shows what happened lately. */
export function addRecentCommand(program: Command, run: RunCommand): void {
  const command = program
    .command("recent")
    .description("Show what happened lately, the newest first.")
    .addOption(sinceOption("from then on: a date, a time, or an age such as 30d (default: an hour before)"))
    .addOption(untilOption())
    .addOption(repeatable("--outcome <outcome>", "only with this outcome", journalOutcomes))
    .addOption(repeatable("--pipeline <name>", "only of this pipeline", pipelineNames))
    .addOption(repeatable("--account <id>", "only of this account"))
    .addOption(repeatable("--code <code>", "only with this code or rule as the reason"))
    .addOption(personOption())
    .addOption(new Option("--limit <n>", "at most so many").default(50).argParser(toLimit))
    .option("--utc", "show times in UTC");
  addLedgerOptions(command)
    .addHelpText("after", help)
    .action((options: RecentOptions) => run((terminal) => runRecent(options, terminal)));
}

function repeatable(flags: string, description: string, choices?: readonly string[]): Option {
  const words = choices === undefined ? "" : `: ${choices.join(", ")}`;
  return new Option(flags, `${description}${words}; may be repeated`).argParser(
    (text: string, earlier: string[] = []) => {
      if (choices !== undefined && !choices.includes(text))
        throw new InvalidArgumentError(`Allowed choices are ${choices.join(", ")}.`);
      return [...earlier, text];
    },
  );
}

const mostListed = 10_000;

function toLimit(text: string): number {
  const limit = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (limit >= 1 && limit <= mostListed) return limit;
  throw new InvalidArgumentError(`Expected a whole number from 1 to ${mostListed.toLocaleString("en")}.`);
}

const hourMilliseconds = 3_600_000;

/** That nothing happened is no failure. */
async function runRecent(options: RecentOptions, terminal: Terminal): Promise<CommandResult> {
  const until = options.until ?? Date.now();
  const since = options.since ?? Math.max(0, until - hourMilliseconds);
  if (until <= since) return { kind: "misused", message: emptyPeriod };
  const reading = await withLedger(options, terminal, async (ledger) => {
    const { target } = ledger;
    const report = await listRecent({ ...options, since, until }, ledger);
    const zone = options.utc ? "utc" : "local";
    printTargeted(report, { ...options, target }, terminal.stdout, (clean, screen) =>
      recentLines(clean, { target, zone }, screen),
    );
  });
  return reading.kind === "used" ? done : reading;
}

/** The outcomes as a table, and of which period and target they are. */
function recentLines(
  report: RecentReport,
  { target, zone }: { target: Target; zone: TimeZone },
  screen: Screen,
): string[] {
  const { count, more, entries } = report;
  const period = `between ${clockText(report.since, zone)} and ${clockText(report.until, zone)}`;
  const where = `${period}${filterText(report)}, in ${targetText(target)}`;
  if (count === 0) return [`Nothing happened ${where}.`];
  return [
    ...tableLines(
      ["WHEN", "AGO", "OUTCOME", "PIPELINE", "PERSON", "WHY"],
      entries.map((entry) => toRow(entry, zone)),
      screen,
    ),
    "",
    more
      ? `The ${countOf(count, "newest outcome")} ${where}. There are older ones: ask for more with --limit.`
      : `${countOf(count, "outcome")} ${where}.`,
  ];
}

function filterText({ outcome, pipeline, account, code, person }: RecentReport): string {
  const named = Object.entries({
    outcome,
    pipeline,
    account,
    code,
    person: person === null ? null : [person],
  });
  return named
    .flatMap(([name, values]) => (values === null ? [] : [`, ${name} ${values.join(" or ")}`]))
    .join("");
}

function toRow(entry: RecentEntry, zone: TimeZone): Row {
  const { settledAt, agoSeconds, outcome, intent, personId, eventId, accountId, requestId, by } = entry;
  return {
    cells: [
      clockText(settledAt, zone),
      durationText(agoSeconds),
      { text: outcome, style: outcomeStyles[outcome] },
      intent,
      personId,
      whyText(entry),
    ],
    details: [
      `event ${eventId}`,
      ...(accountId === undefined ? [] : [`account ${accountId}`]),
      ...(requestId === undefined ? [] : [`request ${requestId}`]),
      ...(by === undefined ? [] : [`by ${by}`]),
    ],
  };
}
