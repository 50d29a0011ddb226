import { type Command, Option } from "commander";
import { timeText } from "../../operations/displayText.ts";
import { readStatus, type StatusReport } from "../../operations/readStatus.ts";
import { type CommandResult, done, printReport, type RunCommand } from "../commandResult.ts";
import { withLedger, withQueueDepths } from "../composition.ts";
import { addQueueOptions, endpointOption } from "../options.ts";
import type { Screen, Terminal } from "../terminal.ts";
import { countOf, countPeople, tableLines } from "../textLayout.ts";
import { pauseText, resumeCommand } from "./pauseCommand.ts";

const help = `
What an operator looks at first: what is paused, how long the queues are, who is held, what
waits. SQS counts about. How old the oldest message is, the alarms and the dashboard tell.
Times are UTC.
Needs dynamodb:Query and GetItem on the table and dynamodb:Query on its indexes, and
sqs:GetQueueUrl and GetQueueAttributes on the queues.
Exit code: 0, also while something is paused or held; 1 if it cannot be read; 2 if the
command was called wrongly.

Examples:
  rollcall status
  rollcall status --stack rollcall-prod
  rollcall status --json | jq '.paused'`;

interface StatusOptions {
  stack: string;
  /** The stack's own, if left out. */
  table?: string;
  endpoint?: string;
  tableEndpoint?: string;
  region?: string;
  json?: boolean;
}

/** `rollcall status` shows what a stack does, and what stops it. */
export function addStatusCommand(program: Command, run: RunCommand): void {
  const command = program
    .command("status")
    .description("Show the pipelines: what is paused, how much is queued, held and waiting.");
  addQueueOptions(command)
    .addOption(new Option("--table <name>", "the ledger's table, if not the stack's own"))
    .addOption(endpointOption("DynamoDB", "AWS_ENDPOINT_URL_DYNAMODB", "--table-endpoint"))
    .addHelpText("after", help)
    .action((options: StatusOptions) => run((terminal) => runStatus(options, terminal)));
}

async function runStatus(request: StatusOptions, { stdout }: Terminal): Promise<CommandResult> {
  const { stack, table = `${stack}-ledger`, tableEndpoint, region, json } = request;
  const ledgerOptions = {
    table,
    ...(tableEndpoint !== undefined && { endpoint: tableEndpoint }),
    ...(region !== undefined && { region }),
  };
  return withQueueDepths(request, async (queues) => {
    const used = await withLedger(ledgerOptions, (ledger) => readStatus({ ...ledger, queues, stack }));
    if (used.kind !== "used") return used;
    printReport(used.value, json, stdout, statusLines);
    return done;
  });
}

function statusLines(report: StatusReport, screen: Screen): string[] {
  const { stack, table, readAt, paused, queues } = report;
  const rows = queues.map(({ pipeline, visible, inFlight, delayed, deadLetters }) => ({
    cells: [
      pipeline,
      ...[visible, inFlight, delayed, deadLetters].map((count) => count.toLocaleString("en")),
    ],
    details: [],
  }));
  return [
    screen.paint("bold", `${stack} (${table}) at ${timeText(readAt)}`),
    ...(paused.length === 0 ? ["Nothing is paused."] : []),
    ...paused.map((pause) =>
      screen.paint("yellow", `Paused: ${pauseText(pause)}; ${resumeCommand(pause)} ends it.`),
    ),
    "",
    ...tableLines(["QUEUE", "READY", "IN FLIGHT", "DELAYED", "DEAD LETTERS"], rows, screen),
    "",
    ...heldLines(report, screen),
    waitingText(report),
  ];
}

function heldLines({ held, latchesClosed }: StatusReport, { paint }: Screen): string[] {
  return [
    ...latchesClosed.map(({ accountId, since }) =>
      paint("yellow", `The latch of ${accountId} is closed since ${timeText(since)}.`),
    ),
    ...held.map(
      ({ accountId, people, since }) =>
        `${countPeople(people)} of ${accountId} held by the safeguard, the first since ${timeText(since)}: rollcall held list --account ${accountId}`,
    ),
    ...(held.length === 0 ? ["Nobody is held by the safeguard."] : []),
  ];
}

function waitingText({ waiting: { count, overdue, nextDueAt } }: StatusReport): string {
  if (nextDueAt === null) return "No decision waits.";
  const late = overdue === 0 ? "" : `, ${overdue.toLocaleString("en")} of them overdue`;
  return `${countOf(count, "waiting decision")}${late}; the next is due ${timeText(nextDueAt)}: rollcall pending`;
}
