import type { Tie } from "../../ledger/decisionOrder.ts";
import type { JournalOutcome, TrailStep, UserBefore } from "../../ledger/ledger.ts";
import { timeText } from "../../operations/displayText.ts";
import type {
  DecisionReport,
  HeadReport,
  PersonReport,
  SettledReport,
} from "../../operations/inspectPerson.ts";
import { type Aspect, type Intent, pipelines } from "../../pipelineSettings.ts";
import type { Screen, TextStyle } from "../terminal.ts";
import { durationText, type Row, tableLines } from "../textLayout.ts";
import { waitingTable } from "./pendingCommand.ts";

/** A person's history as lines: the state first, then the decisions, what waits, and who is at work. */
export function personLines(person: PersonReport, screen: Screen, now: number): string[] {
  const { personId, emails, heads, decisions, waiting } = person;
  const label = `${personId}: `;
  const about = [...heads.map((head) => stateText(head, decisions)), ...emails];
  const summary = about.map((text, index) => `${(index === 0 ? label : "").padEnd(label.length)}${text}`);
  const sections = [
    summary.map((line, index) => (index === 0 ? screen.paint("bold", line) : line)),
    decisions.length === 0 ? [] : tableLines(decisionHeadings, decisions.map(decisionRow), screen),
    waiting.length === 0 ? [] : waitingTable(waiting, screen),
    leaseLines(heads, now),
  ];
  return sections
    .filter((lines) => lines.length > 0)
    .flatMap((lines, index) => (index === 0 ? lines : ["", ...lines]));
}

/** What a person is once the decision was carried out, and what to call the decision if it was not. */
const words: Record<Intent, { done: string; noun: string }> = {
  onboard: { done: "onboarded", noun: "onboarding" },
  offboard: { done: "suspended", noun: "suspension" },
  reinstate: { done: "reinstated", noun: "reinstatement" },
  relicense: { done: "license set", noun: "license change" },
};

/**
 * A person's state in one aspect and its origin: `suspended (EmployeeLeft hr-17 applied 2026-05-14T09:00:00Z)`.
 * Where no decision stands yet, the newest one says why.
 *
 * @param decisions in their order, the oldest first
 */
export function stateText({ aspect, settled }: HeadReport, decisions: readonly DecisionReport[]): string {
  if (settled !== null) return settledText(settled);
  const newest = decisions.filter(({ intent }) => pipelines[intent].aspect === aspect).at(-1);
  return `${nothingDone[aspect]}${newest === undefined ? "" : ` (${originText(newest)})`}`;
}

const nothingDone: Record<Aspect, string> = {
  access: "nothing done about access yet",
  license: "nothing done about the license yet",
};

function settledText({ eventId, as, decision }: SettledReport): string {
  if (decision === null) return `${eventId} was ${as}; its journal entry has expired`;
  const { done, noun } = words[decision.intent];
  return `${isDone(decision) ? done : `${noun} ${decision.outcome}`} (${originText(decision)})`;
}

function isDone({ outcome }: DecisionReport): boolean {
  return outcome === "applied" || outcome === "unchanged";
}

function originText(decision: DecisionReport): string {
  const { eventId, intent, outcome, settledAt } = decision;
  const [type, other] = pipelines[intent].detailTypes;
  const why = whyText(decision);
  const origin = `${other === undefined ? type : intent} ${eventId} ${outcome} ${timeText(settledAt)}`;
  return why === "" ? origin : `${origin}: ${why}`;
}

/** The journal's code in words, where it is ours; the service's own codes are left as they are. */
export function whyText({ outcome, code = "" }: Pick<DecisionReport, "outcome" | "code">): string {
  if (outcome === "superseded") return `by ${code}`;
  if (outcome === "observed") return `would be: ${code}`;
  return wordsOfCode.get(code) ?? code;
}

/** A map, because a code may be any word, and an object has properties of its own such as `constructor`. */
const wordsOfCode = new Map([
  ["duplicate", "a duplicate"],
  ["alreadySo", "already so"],
  ["effectiveLater", "its day is to come"],
  ["fromTheFuture", "HR says it is decided only then"],
  ["notRegistered", "the user has not registered"],
  ["SuspensionLimit", "too many suspensions at a time"],
  ["SuspensionLatch", "the safeguard's latch was closed"],
]);

const decisionHeadings = ["DECIDED", "INTENT", "OUTCOME", "AFTER", "WHY"] as const;

/** How each outcome is painted. */
export const outcomeStyles: Record<JournalOutcome, TextStyle> = {
  applied: "green",
  unchanged: "green",
  superseded: "dim",
  excluded: "dim",
  deferred: "yellow",
  held: "yellow",
  observed: "dim",
  rejected: "red",
  discarded: "dim",
};

/** AFTER is how long it took from the decision to its settlement; a decision that waits has none. */
function decisionRow(decision: DecisionReport): Row {
  const { occurredAt, intent, outcome, secondsFromDecision } = decision;
  const isOpen = outcome === "deferred" || outcome === "held";
  const after = isOpen ? "-" : durationText(secondsFromDecision);
  return {
    cells: [
      timeText(occurredAt),
      intent,
      { text: outcome, style: outcomeStyles[outcome] },
      after,
      whyText(decision),
    ],
    details: detailsOf(decision, isOpen ? "put off" : "settled"),
  };
}

function detailsOf(decision: DecisionReport, ended: "put off" | "settled"): string[] {
  const { eventId, accountId, requestId, effectiveAt, receivedAt, settledAt, secondsFromEffect } = decision;
  const { by, note, userBefore, origin, trail } = decision;
  const lag =
    secondsFromEffect !== undefined && secondsFromEffect >= 0 ? ` (+${durationText(secondsFromEffect)})` : "";
  return [
    `event ${eventId}`,
    ...(accountId === undefined ? [] : [`account ${accountId}`]),
    ...(requestId === undefined ? [] : [`request ${requestId}`]),
    ...(effectiveAt === undefined ? [] : [`effective ${timeText(effectiveAt)}`]),
    ...(origin === undefined ? [] : [`from ${origin}`]),
    ...(userBefore === undefined ? [] : [`user before: ${beforeText(userBefore)}`]),
    ...(trail.length > plainSteps
      ? withLag(trail.map(stepText), lag)
      : [
          `received ${timeText(receivedAt)}`,
          `${ended} ${timeText(settledAt)}${lag}`,
          ...(by === undefined ? [] : [`by ${by}`]),
          ...(note === undefined ? [] : [`note: ${note}`]),
        ]),
  ];
}

/** The receipt and the outcome. More steps tell what waited, was held, released, refused or redriven on the way. */
const plainSteps = 2;

function withLag(steps: readonly string[], lag: string): string[] {
  return steps.map((step, index) => (index === steps.length - 1 ? `${step}${lag}` : step));
}

function beforeText({ status, license }: UserBefore): string {
  return license === undefined ? status : `${status}, ${license}`;
}

function stepText({ at, step, code, receives, by, note, tie }: TrailStep): string {
  const why = code === undefined || code === "" ? "" : `: ${wordsOfCode.get(code) ?? code}`;
  const tries = receives === undefined ? "" : ` after ${receives} receives`;
  const who = by === undefined ? "" : ` by ${by}`;
  const tied = tie === undefined ? "" : `, with one of the same time (${tieTexts[tie]})`;
  return `${step} ${timeText(at)}${tries}${who}${why}${tied}${note === undefined ? "" : ` (${note})`}`;
}

const tieTexts: Record<Tie, string> = {
  receivedLater: "received later",
  moreRestrictive: "the more restrictive one",
  greaterId: "the greater id",
};

function leaseLines(heads: readonly HeadReport[], now: number): string[] {
  const lines = heads.flatMap(({ aspect, lease }) => {
    const text = leaseText(lease, now);
    return text === undefined ? [] : [`${aspect}: ${text}`];
  });
  return lines.length === 0 ? ["Nobody is at work on this person right now."] : lines;
}

function leaseText(lease: HeadReport["lease"], now: number): string | undefined {
  switch (lease.state) {
    case "free":
      return undefined;
    case "held": {
      const rest = durationText((Date.parse(lease.until) - now) / 1000);
      return `invocation ${lease.owner} is at work, until ${timeText(lease.until)} at the latest (in ${rest}).`;
    }
    case "lapsed": {
      const who = lease.owner === undefined ? "an earlier invocation" : `invocation ${lease.owner}`;
      const until = lease.until === undefined ? "" : ` had until ${timeText(lease.until)} and`;
      return `${who}${until} never finished; its message comes again.`;
    }
  }
}
