import { memoryLedger, memoryStore, toMemoryStore } from "../../ledger/memory/memoryLedger.ts";
import type { PersonHistory } from "../../ledger/personHistory.ts";
import type { Aspect } from "../../pipelines.ts";
import { claimDecisions } from "../../provisioning/claimDecisions.ts";
import type { ScopedDecision } from "../../provisioning/decision.ts";
import { dropObsoleteFollowUps } from "../../provisioning/followUps.ts";
import { groupByPerson } from "../../provisioning/groupByPerson.ts";
import type { Outcome } from "../../provisioning/outcome.ts";
import { timeText } from "../ledger/timeText.ts";
import { outcomeText } from "./outcomeText.ts";
import type { Step } from "./step.ts";

/**
 * Whether the decision may be acted on, by what the ledger remembers of the person. It is claimed as the drain does, in a
 * copy of the ledger.
 *
 * @param now milliseconds since the epoch
 */
export async function explainOrder(
  decision: ScopedDecision,
  history: PersonHistory | undefined,
  now: number,
): Promise<{ step: Step; outcome?: Outcome }> {
  const { aspect } = decision;
  const ledger = memoryLedger(history === undefined ? memoryStore() : toMemoryStore(history));
  const lease = { owner: "rollcall explain", now, until: now };
  const overtaken = (await dropObsoleteFollowUps([decision], { ledger })).outcomes[0];
  if (overtaken !== undefined) {
    const rule = standingText(history, "access");
    const text = `${outcomeText(overtaken.outcome)}: it follows from ${decision.follows?.id}`;
    const step: Step = { question: "order", answer: "no", text, ...(rule && { rule }) };
    return { outcome: overtaken.outcome, step };
  }
  const { refused } = await claimDecisions(groupByPerson([decision]), { ledger, lease });
  const [result] = refused;
  const standing = standingText(history, aspect);
  if (result === undefined) {
    const text = `no newer decision about ${aspect} stands`;
    return { step: { question: "order", answer: "yes", text, ...(standing && { rule: standing }) } };
  }
  const { outcome } = result;
  const text = outcomeText(outcome);
  return { outcome, step: { question: "order", answer: "no", text, ...(standing && { rule: standing }) } };
}

/** The decision that the order is measured by. Its entry expires after 13 months, and the head does not. */
function standingText(history: PersonHistory | undefined, aspect: Aspect): string | undefined {
  const settled = history?.heads.find((head) => head.aspect === aspect)?.settled;
  if (settled === undefined) return undefined;
  const entry = history?.entries.find(({ eventId }) => eventId === settled.eventId);
  const decided = entry === undefined ? "" : ` (${entry.intent}, decided ${timeText(entry.occurredAt)})`;
  return `the ledger: ${settled.eventId}${decided} was ${settled.as}`;
}
