import type { Tie } from "../../ledger/decisionOrder.ts";
import type { UserBefore } from "../../ledger/ledger.ts";
import { type Aspect, type Intent, pipelines } from "../../pipelineSettings.ts";
import { timeText } from "../displayText.ts";
import type { DecisionReport, HeadReport, SettledReport } from "../inspectPerson.ts";

/** What a person is once the decision was carried out, and what to call the decision if it was not. */
const intentWords: Record<Intent, { done: string; noun: string }> = {
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
  const { done, noun } = intentWords[decision.intent];
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
export function whyText({
  outcome,
  code = "",
  undoes,
}: Pick<DecisionReport, "outcome" | "code" | "undoes">): string {
  if (outcome === "superseded") return `by ${code}`;
  if (outcome === "observed") return `would be: ${code}`;
  return code === "" && undoes !== undefined ? `undoes ${undoes}` : codeText(code);
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

/** A code in words, where it is ours. */
export function codeText(code: string): string {
  return wordsOfCode.get(code) ?? code;
}

export function beforeText({ status, license }: UserBefore): string {
  return license === undefined ? status : `${status}, ${license}`;
}

export const tieTexts: Record<Tie, string> = {
  receivedLater: "received later",
  moreRestrictive: "the more restrictive one",
  greaterId: "the greater id",
};
