import type { TextStyle } from "../../src/cli/terminal.ts";
import { countOf } from "../../src/operations/words/plainWords.ts";
import { deadLetterAdvice } from "../../src/queue/deadLetterAdvice.ts";
import { queueLabel } from "../service/devAccount.ts";
import {
  type DayReport,
  type DirectoryCalls,
  type Ending,
  isAccountedFor,
  type UserTally,
  type Waiting,
} from "./dayReport.ts";

type Paint = (style: TextStyle, text: string) => string;

/**
 * Renders the report for people, in lines of at most 80 characters; only the reason of a refusal may be longer.
 *
 * @param paint colours a text if the output is a terminal
 */
export function renderDay(report: DayReport, paint: Paint, { isFinished = true } = {}): string[] {
  const { events, seconds, waiting } = report;
  const section = (heading: string, lines: readonly string[]) => [paint("bold", heading), ...lines, ""];
  const malformed = events.malformed === 0 ? "" : `, ${numberText(events.malformed)} of them malformed`;
  if (events.published + events.refused === 0) return ["The file has no events, so nothing was published."];
  return [
    `${countOf(events.published, "event")} published${malformed}.`,
    ...(events.followUps === 0
      ? []
      : [`${countOf(events.followUps, "follow-up event")} published for the licenses of new users.`]),
    ...refusalLines(report),
    "",
    ...section("Outcomes", outcomeLines(report)),
    ...(waiting.length === 0 ? [] : section("Waiting", waitingLines(report))),
    ...section("Dead letters", deadLetterLines(report)),
    ...callSections(report).flatMap(({ heading, lines }) => section(heading, lines)),
    ...section("Users before and after", userLines(report)),
    ...(!isFinished
      ? [paint("yellow", "The day did not come to its end: this is what had happened by then.")]
      : isAccountedFor(report)
        ? [paint("green", `Every event is accounted for, in ${seconds.toFixed(0)} s.`)]
        : faultLines(report).map((line) => paint("red", line))),
  ];
}

function refusalLines({ events, refusals }: DayReport): string[] {
  if (events.refused === 0) return [];
  return [
    `${countOf(events.refused, "line")} not published:`,
    ...refusals.map(
      ({ count, code, reason, firstLine }) =>
        `  ${numberText(count)} ${code}, the first in line ${firstLine}: ${reason}`,
    ),
  ];
}

function faultLines({ events, outcomes, lost, busLosses }: DayReport): string[] {
  const ended = Object.values(outcomes).reduce((sum, count) => sum + count, 0);
  return [
    "Not every event is accounted for. This is a defect; please report it.",
    `  Neither in the journal nor in a dead-letter queue: ${countOf(lost, "event")}.`,
    `  Published: ${numberText(events.published)}, follow-ups: ${numberText(events.followUps)}, outcomes: ${numberText(ended)}.`,
    ...busLosses.map((loss) => `  The bus lost events: ${loss}.`),
  ];
}

/** What each outcome means, in the order in which they are printed. */
const meanings: Readonly<Record<Ending, string>> = {
  applied: "carried out in the directory",
  unchanged: "a duplicate, or the directory is so already",
  superseded: "a newer decision about the same person stands",
  deferred: "waits, see below",
  held: "held by the safeguard for an operator",
  observed: "observed in a trial of the policy, without a call",
  excluded: "out of scope by policy",
  rejected: "will never succeed: a dead letter",
  undelivered: "EventBridge gave up on it: a dead letter",
  receivedTooOften: "SQS gave up on it: a dead letter",
};

function outcomeLines({ outcomes, retries }: DayReport): string[] {
  const counts = new Map(Object.entries(outcomes));
  const rows = Object.entries(meanings).flatMap(([ending, meaning]) => {
    const count = counts.get(ending);
    return count === undefined ? [] : [[numberText(count), ending, meaning]];
  });
  const lines = alignTable(rows, ["right", "left", "left"]);
  const codes = Object.entries(retries).map(([code, count]) => `${code} ${numberText(count)}`);
  if (codes.length === 0) return lines;
  return [...lines, `  Retried on the way: ${codes.join(", ")}.`];
}

function waitingLines({ waiting }: DayReport): string[] {
  const rows = waiting.map(({ because, count, nextAt }) => [
    numberText(count),
    `${untilWhat(because)} ${minuteText(nextAt)}`,
  ]);
  return alignTable(rows, ["right", "left"]);
}

function untilWhat(because: Waiting["because"]): string {
  switch (because) {
    case "effectiveLater":
      return "until the decision takes effect, the first";
    case "fromTheFuture":
      return "until HR says that it is decided, the first";
    case "notRegistered":
      return "until the user has registered, looked up again";
    case "follows":
      return "until a follow-up license is due, the first";
    case "released":
      return "released by an operator, published again";
  }
}

/** Formats a time as `at 2026-05-14 08:00 UTC`. */
function minuteText(moment: string): string {
  return `at ${moment.slice(0, "2026-05-14T08:00".length).replace("T", " ")} UTC`;
}

function deadLetterLines({ deadLetters }: DayReport): string[] {
  if (deadLetters.length === 0) return ["  none"];
  const rows = deadLetters.map(({ queue, reason, count }) => [
    numberText(count),
    queueLabel(queue),
    reason,
    deadLetterAdvice(reason).meaning,
  ]);
  return alignTable(rows, ["right", "left", "left", "left"]);
}

/** The calls that change users, from joiner to leaver: Amazon Chime's, and SCIM's. */
const changingOperations = [
  ...["InviteUsers", "BatchSuspendUser", "BatchUnsuspendUser", "BatchUpdateUser"],
  ...["create", "patch", "replace", "delete", "bulk"],
];
/** Each carries one user, who is in a batch call as well. */
const singleOperations = ["LogoutUser", "ResetPersonalPIN"];
const userOperations = [...changingOperations, ...singleOperations];

/** A section for each directory that was called. What all of them add up to stands in the last one. */
function callSections({ calls, events }: DayReport): { heading: string; lines: string[] }[] {
  const called = calls.filter(({ operations }) => Object.keys(operations).length > 0);
  const sections = called.map(({ directory, operations }) => ({
    heading: `Calls to ${directory} (simulated)`,
    lines: callLines(operations),
  }));
  const changing = called.flatMap(({ operations }) =>
    changingOperations.flatMap((operation) => operations[operation] ?? []),
  );
  const changingCalls = changing.reduce((sum, counts) => sum + counts.calls, 0);
  const users = changing.reduce((sum, counts) => sum + counts.users, 0);
  const wellFormed = events.published - events.malformed + events.followUps;
  sections
    .at(-1)
    ?.lines.push(
      `  ${countOf(users, "user")} in ${countOf(changingCalls, "call")}. One call for each well-formed event`,
      `  would have been ${numberText(wellFormed)} calls, plus the look-ups.`,
    );
  return sections;
}

/** The calls that change users, and then the look-ups. The first line holds the headings. */
function callLines(operations: DirectoryCalls["operations"]): string[] {
  const made = Object.entries(operations).sort(([a], [b]) => rankOf(a) - rankOf(b));
  const rows = made.map(([operation, counts]) => [
    operation,
    numberText(counts.calls),
    ...(userOperations.includes(operation) ? userCells(counts) : []),
  ]);
  return alignTable([["", "calls", "users", "users per call"], ...rows], ["left", "right", "right", "right"]);
}

function userCells({ calls, users }: DirectoryCalls["operations"][string]): string[] {
  return [numberText(users), (users / calls).toFixed(1)];
}

/** Sorts calls that change users first. */
function rankOf(operation: string): number {
  const index = userOperations.indexOf(operation);
  return index === -1 ? userOperations.length : index;
}

const states = ["registered", "invited", "suspended"] as const;

/** The users of each account, before and after. The first line holds the headings. */
function userLines({ directory }: DayReport): string[] {
  const rows = directory.map(({ accountId, type, before, after }) => [
    `${accountId} (${type})`,
    ...states.map((state) => change(state, before, after)),
  ]);
  return alignTable([["", ...states], ...rows], ["left", "right", "right", "right"]);
}

function change(state: keyof UserTally, before: UserTally, after: UserTally): string {
  if (before[state] === after[state]) return numberText(after[state]);
  return `${numberText(before[state])} → ${numberText(after[state])}`;
}

type Alignment = "left" | "right";

const indent = "  ";
const gap = "  ";

/** Aligns rows of cells in columns as wide as their widest cell, as indented lines. */
function alignTable(rows: readonly (readonly string[])[], alignments: readonly Alignment[]): string[] {
  const widths = alignments.map((_, column) =>
    rows.reduce((most, cells) => Math.max(most, cells[column]?.length ?? 0), 0),
  );
  return rows.map((cells) => {
    const padded = alignments.map((alignment, column) => {
      const cell = cells[column] ?? "";
      const width = widths[column] ?? 0;
      return alignment === "left" ? cell.padEnd(width) : cell.padStart(width);
    });
    return `${indent}${padded.join(gap)}`.trimEnd();
  });
}

/** Formats a number as `1,234`. */
function numberText(count: number): string {
  return count.toLocaleString("en");
}
