import { type Aspect, type Intent, pipelines } from "../../pipelines.ts";
import { timeText } from "../ledger/timeText.ts";
import type { DecisionReport } from "./toDecisionReport.ts";
import type { HeadReport, SettledReport } from "./toHeadReport.ts";
import { whyText } from "./whyText.ts";

/** What a person is once the decision was carried out, and what to call it if it was not. */
const words: Record<Intent, { done: string; noun: string }> = {
  onboard: { done: "onboarded", noun: "onboarding" },
  offboard: { done: "suspended", noun: "suspension" },
  reinstate: { done: "reinstated", noun: "reinstatement" },
  relicense: { done: "license set", noun: "license change" },
};

/**
 * A person's state in one aspect and where it comes from: `suspended (EmployeeLeft hr-17 applied 2026-05-14T09:00:00Z)`.
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
