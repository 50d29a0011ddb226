import { type DayReport, isAccountedFor } from "./dayReport.ts";

const operationsOfBatches = ["InviteUsers", "BatchSuspendUser", "BatchUnsuspendUser", "BatchUpdateUser"];

/** The report for people, as lines of text. `paint` colours where there is a terminal. */
export function renderDay(
  report: DayReport,
  paint: (style: "bold" | "green" | "red" | "dim", text: string) => string,
): string[] {
  const { events, retries, calls, deadLetters, directory, lost, seconds } = report;
  const heading = (text: string) => paint("bold", text);
  const refused = events.refused === 0 ? "" : ` · ${events.refused} refused by the publisher`;
  return [
    "",
    `${heading("Events")}        ${events.published} published · ${events.malformed} malformed${refused}`,
    `${heading("Outcomes")}      ${outcomesOf(report)}${retries === 0 ? "" : ` · ${retries} retries on the way`}`,
    "",
    heading(
      `${"Calls".padEnd(22)}${"calls".padStart(7)}${"users".padStart(8)}${"per call".padStart(10)}${"saved".padStart(8)}`,
    ),
    ...operationsOfBatches.map((operation) =>
      batchLine(operation, calls[operation] ?? { calls: 0, users: 0 }),
    ),
    ...Object.entries(calls)
      .filter(([operation]) => !operationsOfBatches.includes(operation))
      .map(([operation, { calls: count }]) => `${operation.padEnd(22)}${String(count).padStart(7)}`),
    paint("dim", callsLine(report)),
    "",
    heading(`${"Dead letters".padEnd(34)}why`),
    ...(deadLetters.length === 0
      ? ["none"]
      : deadLetters.map(({ queue, reason, count }) => `${queue.padEnd(34)}${reason} × ${count}`)),
    "",
    heading(
      `${"Users".padEnd(34)}${"registered".padStart(16)}${"invited".padStart(14)}${"suspended".padStart(16)}`,
    ),
    ...directory.map(({ accountId, type, before, after }) => {
      const change = (key: keyof typeof before, width: number) =>
        `${before[key]} → ${after[key]}`.padStart(width);
      return `${`${accountId} (${type})`.padEnd(34)}${change("registered", 16)}${change("invited", 14)}${change("suspended", 16)}`;
    }),
    "",
    isAccountedFor(report)
      ? paint("green", `Every event is accounted for, in ${seconds.toFixed(0)} s.`)
      : paint("red", `${lost} events are lost, or not every event has ended exactly once.`),
    "",
  ];
}

function outcomesOf({ outcomes }: DayReport): string {
  return Object.entries(outcomes)
    .sort(([, a], [, b]) => b - a)
    .map(([kind, count]) => `${count} ${kind}`)
    .join(" · ");
}

function batchLine(operation: string, { calls, users }: { calls: number; users: number }): string {
  const perCall = calls === 0 ? "-" : (users / calls).toFixed(1);
  const counts = `${String(calls).padStart(7)}${String(users).padStart(8)}${perCall.padStart(10)}${String(users - calls).padStart(8)}`;
  return `${operation.padEnd(22)}${counts}`;
}

/** One call per event would be a look-up for whoever is not named by id, and a call of its own for everyone. */
function callsLine({ calls, events }: DayReport): string {
  const made = Object.values(calls).reduce((sum, { calls: count }) => sum + count, 0);
  return `${made} calls in all; one call per event would have been ${events.published}, and the look-ups besides.`;
}
