import { contenders, overheadTitles } from "../contenders/contenders.ts";
import type { BenchReport, Environment, ScenarioReport } from "./benchReport.ts";
import { machineLine } from "./machine.ts";

type Paint = (style: "bold" | "green" | "red" | "dim", text: string) => string;

/** The report for people, as lines of text. `paint` colours where there is a terminal. */
export function renderReport(report: BenchReport, paint: Paint): string[] {
  const { environment, scenarios, faults } = report;
  return [
    "",
    ...environmentLines(environment, paint),
    ...scenarios.flatMap((scenario) => ["", ...scenarioLines(scenario, paint)]),
    "",
    ...overheadLines(report, paint),
    "",
    ...bundleLines(report, paint),
    "",
    ...(faults.length === 0
      ? [paint("green", "Every result and every number of calls is as it must be.")]
      : faults.map((fault) => paint("red", fault))),
    "",
  ];
}

const notes = [
  "One run each, in a fresh process: batches one after the other, as Lambda would send them.",
  "One call a record: all of a batch at once, over the SDK's usual 50 connections.",
  "Rollcall: 4 calls at once, its ledger in DynamoDB (dynalite, in a process of its own).",
  "Powertools' idempotency keeps off duplicates, on the same server; it keeps no order. The last two remember nothing.",
  "Right of the line: how many times the figure of Rollcall with its ledger.",
];

function environmentLines(environment: Environment, paint: Paint): string[] {
  const { records, users, latencyMilliseconds } = environment;
  return [
    paint(
      "bold",
      `${whole(records)} records, a directory of ${whole(users)} users, ${latencyMilliseconds} ms a call`,
    ),
    paint("dim", machineLine(environment)),
    ...notes.map((note) => paint("dim", note)),
  ];
}

function scenarioLines({ title, runs, ledger }: ScenarioReport, paint: Paint): string[] {
  const ratios = ["│", "calls", "wall", "CPU", "memory"];
  const head = ["", "calls", "users a call", "wall", "CPU", "a record", "memory", ...ratios];
  const rows = runs.map((run) => [
    contenders[run.contender].title,
    whole(run.callsInAll),
    run.usersPerCall.toFixed(1),
    seconds(run.wallMilliseconds),
    seconds(run.cpuMilliseconds),
    perRecord(run.millisecondsPerRecord),
    `${whole(run.peakMemoryMegabytes)} MB`,
    "│",
    times(run.timesRollcall.calls),
    times(run.timesRollcall.wall),
    times(run.timesRollcall.cpu),
    times(run.timesRollcall.memory),
  ]);
  const [first = "", ...others] = renderTable([head, ...rows]);
  return [paint("bold", title), paint("dim", first), ...others, ledgerLine(ledger)];
}

function ledgerLine({ cpu, memory, millisecondsMore }: ScenarioReport["ledger"]): string {
  return `The ledger in DynamoDB by the one in memory: CPU ${times(cpu)}, ${perRecord(millisecondsMore)} more a record; memory ${times(memory)}.`;
}

function overheadLines({ overhead, environment }: BenchReport, paint: Paint): string[] {
  const { rounds, runs } = overhead;
  const [head = "", ...rows] = renderTable([
    ["", "CPU: min", "median", "max", "", "median"],
    ...runs.map(({ name, cpuMilliseconds: { min, median, max }, timesRollcall }) => [
      overheadTitles[name],
      ...[min, median, max].map((milliseconds) => `${whole(milliseconds)} ms`),
      "│",
      times(timesRollcall),
    ]),
  ]);
  const title = `Everything but I/O, ${whole(environment.records)} records, ${rounds} rounds in turn`;
  return [paint("bold", title), paint("dim", head), ...rows];
}

function bundleLines({ bundles }: BenchReport, paint: Paint): string[] {
  const [head = "", ...rows] = renderTable([
    ["", "minified", "import: min", "median", "max"],
    ...bundles.map(({ function: name, kilobytes, importMilliseconds: { min, median, max } }) => [
      name,
      `${kilobytes.toFixed(0)} kB`,
      ...[min, median, max].map((milliseconds) => `${milliseconds.toFixed(0)} ms`),
    ]),
  ]);
  return [paint("bold", "Bundles, imported in a fresh process"), paint("dim", head), ...rows];
}

const whole = (n: number) => Math.round(n).toLocaleString("en");
const seconds = (milliseconds: number) => `${(milliseconds / 1000).toFixed(2)} s`;
const perRecord = (milliseconds: number) => `${milliseconds.toFixed(3)} ms`;
const times = (ratio: number) => `${ratio.toFixed(ratio < 10 ? 2 : 1)} ×`;

/** Rows of cells as lines of text: the first column to the left, all others to the right. The first row is the head. */
export function renderTable(rows: readonly (readonly string[])[]): string[] {
  const columns = Math.max(...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  return rows.map((row) =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join("  ")
      .trimEnd(),
  );
}
