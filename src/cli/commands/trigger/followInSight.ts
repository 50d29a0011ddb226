import { sleep } from "../../../events/eventBridge/eventBridgeBus.ts";
import type { JournalEntry } from "../../../ledger/ledger.ts";
import {
  type FollowedEvent,
  type FollowReport,
  followEvents,
  type Standing,
  standingOf,
} from "../../../operations/trigger/followEvents.ts";
import { codeText, whyText } from "../../../operations/words/decisionWords.ts";
import { countOf, durationText } from "../../../operations/words/plainWords.ts";
import { exitCodes, printLines } from "../../commandResult.ts";
import type { OpenLedger } from "../../composition.ts";
import { hintText } from "../../hints.ts";
import { ageOption } from "../../options.ts";
import type { Target } from "../../target.ts";
import { statusLine, type Terminal } from "../../terminal.ts";
import { withoutControlCharacters } from "../../textLayout.ts";

/** How long `--wait` waits. */
export function timeoutOption() {
  return ageOption("--timeout", "with --wait: how long nothing may happen before it gives up").default(
    defaultPatienceMilliseconds,
    "5m",
  );
}

const defaultPatienceMilliseconds = 300_000;

export interface FollowInSight {
  eventIds: readonly string[];
  /** The person of the one event; left out where there are many events. */
  personId?: string;
  /** When the publishing began, by `performance.now()`. */
  startedAt: number;
  patienceMilliseconds: number;
  /** What the operator typed, which is shown. */
  typed?: readonly string[];
  signal: AbortSignal;
  /** No line for each event: they are counted. */
  json: boolean | undefined;
}

/** Follows events to their outcomes, with each on the terminal as it comes. */
export async function followInSight(
  { personId, startedAt, ...request }: FollowInSight,
  ledger: OpenLedger,
  { stdout, stderr }: Terminal,
): Promise<FollowReport> {
  const status = statusLine(stderr, Date.now);
  const isOne = request.eventIds.length === 1;
  let settled = 0;
  const { signal } = request;
  const report = await followEvents(request, {
    readEntries: () =>
      personId === undefined ? entriesSince(startedAt, ledger) : entriesOf(personId, ledger),
    clock: () => performance.now(),
    sleep: async (milliseconds) => {
      status.show(
        isOne
          ? "waiting for the outcome"
          : `${settled} of ${countOf(request.eventIds.length, "event")} settled`,
      );
      await sleep(milliseconds, signal);
    },
    signal,
    onNews: (event) => {
      settled += 1;
      if (!isOne || request.json) return;
      status.clear();
      printLines(stepLines(withoutControlCharacters(event)), stdout);
    },
  });
  status.clear();
  return report;
}

async function* entriesOf(personId: string, { history }: OpenLedger): AsyncGenerator<JournalEntry> {
  yield* (await history.ofPerson(personId))?.entries ?? [];
}

/** An invocation's clock and the database's differ by less. */
const clockSkewMilliseconds = 60_000;

/** The journal has the functions' times, and this computer's clock may be another. */
async function* entriesSince(
  startedAt: number,
  { history, databaseNow, now }: OpenLedger,
): AsyncGenerator<JournalEntry> {
  const at = databaseTime(databaseNow, now);
  yield* history.between(
    at - (performance.now() - startedAt) - clockSkewMilliseconds,
    at + clockSkewMilliseconds,
  );
}

/** The database's, once it has answered. */
function databaseTime(databaseNow: () => number, now: () => number): number {
  try {
    return databaseNow();
  } catch {
    return now();
  }
}

/** Each step of one event, with its time. */
function stepLines({ trail }: Pick<FollowedEvent, "trail">): string[] {
  return trail.map(({ at, step, code, receives, by }) => {
    const tries = receives === undefined ? "" : `, tried ${receives} times`;
    const why = code === undefined || code === "" ? "" : `: ${codeText(code)}`;
    return `  ${at.replace(/^.*T|\.\d+|Z$/g, "")}  ${step}${tries}${by === undefined ? "" : ` by ${by}`}${why}`;
  });
}

const exitCodeOf: Record<Standing, number> = {
  done: exitCodes.done,
  failed: exitCodes.incomplete,
  nothingDone: exitCodes.nothingDone,
  waits: exitCodes.waits,
  unsettled: exitCodes.unsettled,
};

export function exitCodeOfReport({ standing }: FollowReport): number {
  return exitCodeOf[standing];
}

/** How it ended in one line, and which command tells more. */
export function endLines({ events, unsettled }: FollowReport, target: Target, seconds: number): string[] {
  const [one] = events;
  const took = `after ${durationText(seconds)}`;
  const headline =
    events.length === 1 && unsettled.length === 0 && one !== undefined
      ? oneText(one, took)
      : `${countsText(events, unsettled)}, ${took}.`;
  const standings = new Set([...events.map(standingOf), ...(unsettled.length === 0 ? [] : ["unsettled"])]);
  const isHeld = events.some(({ outcome }) => outcome === "held");
  return [
    headline,
    ...(isHeld ? [`  ${hintText(target, "held list")}`] : []),
    ...(standings.has("waits") && !isHeld ? [`  ${hintText(target, "pending")}`] : []),
    ...(standings.has("failed") ? [`  ${hintText(target, "dlq list")}`] : []),
    ...(standings.has("unsettled")
      ? ["What stops it:", `  ${hintText(target, "status")}`, `  ${hintText(target, "dlq list")}`]
      : []),
  ];
}

function oneText(event: FollowedEvent, took: string): string {
  const why = whyText(event);
  return `It is ${event.outcome} ${took}${why === "" ? "" : `: ${why}`}.`;
}

function countsText(events: readonly FollowedEvent[], unsettled: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const { outcome } of events) counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  const texts = [...counts].map(([outcome, count]) => `${count.toLocaleString("en")} ${outcome}`);
  return [...texts, ...(unsettled.length === 0 ? [] : [`${unsettled.length} without an outcome yet`])].join(
    ", ",
  );
}
