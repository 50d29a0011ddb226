import type { CommandEnd } from "../commandEnd.ts";
import { exitCodes } from "../exitCodes.ts";
import { type ShowText, shownText } from "../ledger/shownText.ts";
import { screenOf } from "../screen.ts";
import type { Terminal } from "../terminal.ts";
import { isUnfiltered } from "./chooseHeld.ts";
import type { HeldDeed } from "./heldDeeds.ts";
import { heldLines } from "./heldLines.ts";
import type { SettleOptions } from "./heldOptions.ts";
import type { HeldResult } from "./settleAll.ts";
import { type HeldReport, toHeldReport } from "./toHeldReport.ts";

export interface Settled {
  deed: HeldDeed;
  results: readonly HeldResult<HeldDeed["past"]>[];
  /** The accounts whose latch was closed before. */
  closed: readonly string[];
  request: SettleOptions;
}

type Kind = Settled["results"][number]["kind"];
type ResultReport = HeldReport & { result: Kind; failure?: string };

/** What each kind of result is called after its number. */
const words: Record<Kind, string> = {
  released: "released",
  discarded: "discarded",
  changed: "changed meanwhile (released, discarded, cancelled or replaced), and left alone",
  busy: "busy (an invocation may be acting on them now), and held still",
  failed: "failed",
  untouched: "not reached, and held still",
};

const kinds = ["released", "discarded", "changed", "busy", "failed", "untouched"] as const;

/** Of these each one is shown. */
const tellsApart: ReadonlySet<Kind> = new Set(["changed", "busy", "failed"]);

/** Prints what became of the held decisions, and what comes next. It has failed if any of them has. */
export function concludeHeld(settled: Settled, { stdout }: Terminal): CommandEnd {
  const { results, closed, request } = settled;
  const { json = false, person, table } = request;
  const show = shownText({ typed: person, forTerminal: !json });
  const reports = results.map((result) => toResultReport(result, show, Date.now()));
  const counts: Partial<Record<Kind, number>> = {};
  for (const { result } of reports) counts[result] = (counts[result] ?? 0) + 1;
  if (json) {
    const latchClosed = closed.map(show);
    stdout.write(`${JSON.stringify({ table, count: reports.length, counts, latchClosed, held: reports })}\n`);
  } else for (const line of linesOf(settled, reports, counts, stdout)) stdout.write(`${line}\n`);
  return endOf(settled.deed, reports, counts);
}

function toResultReport(result: Settled["results"][number], show: ShowText, now: number): ResultReport {
  return {
    ...toHeldReport(result.decision, show, now),
    result: result.kind,
    ...(result.kind === "failed" && { failure: show(result.reason) }),
    ...(result.kind === "busy" && { failure: busyText(result.until) }),
  };
}

function busyText(until: number): string {
  return `an invocation may be acting on it until ${new Date(until).toISOString()}; try again then`;
}

/** Whoever is as was asked for is only counted: there may be thousands. */
function linesOf(
  { deed, closed, request }: Settled,
  reports: readonly ResultReport[],
  counts: Partial<Record<Kind, number>>,
  stdout: Terminal["stdout"],
): string[] {
  if (reports.length === 0)
    return [isUnfiltered(request) ? "Nobody is held." : "Nobody who is held is like that."];
  const others = reports.filter(({ result }) => tellsApart.has(result));
  const summary = kinds.flatMap((kind) => {
    const { [kind]: count = 0 } = counts;
    return count === 0 ? [] : [`${count.toLocaleString("en")} ${words[kind]}`];
  });
  const done = counts[deed.past] ?? 0;
  return [
    ...(others.length === 0 ? [] : [...heldLines(others, screenOf(stdout)), ""]),
    `${summary.join(", ")}.`,
    ...(done === 0 ? [] : [deed.consequence]),
    ...closed.flatMap((accountId) => [
      `The latch of ${accountId} is closed still: whoever leaves now is held. Once its feed is right:`,
      `  rollcall safeguard reset --account ${accountId} --because "the feed is right again"`,
    ]),
  ];
}

function endOf(
  { past }: HeldDeed,
  reports: readonly ResultReport[],
  { busy = 0, failed = 0, untouched = 0 }: Partial<Record<Kind, number>>,
): CommandEnd {
  const left = busy + failed + untouched;
  if (left === 0) return { kind: "done", exitCode: exitCodes.done };
  const reasons = [...new Set(reports.flatMap(({ failure }) => (failure === undefined ? [] : [failure])))];
  const count = left.toLocaleString("en");
  return {
    kind: "failed",
    message: `${count} of ${reports.length.toLocaleString("en")} were not ${past} (${reasons.join("; ")}); run the command again: whoever is ${past} already is left alone`,
  };
}
