import type { PersonHistory } from "../../ledger/personHistory.ts";
import { type Aspect, pipelines } from "../../pipelines.ts";
import type { ShowText } from "../ledger/shownText.ts";
import { toWaitingReport, type WaitingReport } from "../ledger/toWaitingReport.ts";
import { type DecisionReport, toDecisionReport } from "./toDecisionReport.ts";
import { type HeadReport, toHeadReport } from "./toHeadReport.ts";

/** Everything about one person, as it is printed: for programs as it is, for people laid out. */
export interface PersonReport {
  personId: string;
  /** As of the latest decisions. */
  emails: string[];
  /** One for each aspect that anything was decided about. */
  heads: HeadReport[];
  /** In their order, the oldest first. */
  decisions: DecisionReport[];
  /** By their due date. */
  waiting: WaitingReport[];
}

const aspects: readonly Aspect[] = ["access", "license"];

/** @param now milliseconds since the epoch */
export function toPersonReport(
  { personId, heads, entries, waiting }: PersonHistory,
  show: ShowText,
  now: number,
): PersonReport {
  const decisions = new Map(entries.map((entry) => [entry.eventId, toDecisionReport(entry, show)]));
  const decided = new Set(
    [...heads, ...entries.map(({ intent }) => pipelines[intent])].map(({ aspect }) => aspect),
  );
  const emails = heads.flatMap(({ email }) => (email === undefined ? [] : [show(email)]));
  return {
    personId: show(personId),
    emails: [...new Set(emails)],
    heads: aspects
      .filter((aspect) => decided.has(aspect))
      .map((aspect) => heads.find((head) => head.aspect === aspect) ?? { aspect })
      .map((head) => toHeadReport(head, (eventId) => decisions.get(eventId), show, now)),
    decisions: [...decisions.values()],
    waiting: waiting.map((decision) => toWaitingReport(decision, show, now)),
  };
}
