import { parseEnvelope, parseHrEvent } from "../../events/parseEvent.ts";
import { type Pipeline, pipelineNames, pipelines } from "../../pipelines.ts";
import type { PolicyRules } from "../../policy/policyRules.ts";
import { applyPolicy } from "../../provisioning/applyPolicy.ts";
import type { Decision, ScopedDecision } from "../../provisioning/decision.ts";
import { splitByEffectiveDate } from "../../provisioning/deferDecisions.ts";
import type { Outcome } from "../../provisioning/outcome.ts";
import { parseRecords } from "../../provisioning/parseRecords.ts";
import { timeText } from "../ledger/timeText.ts";
import { outcomeText } from "./outcomeText.ts";
import { scopeSteps } from "./scopeSteps.ts";
import type { Step } from "./step.ts";

/** How far an event comes by itself: what the drain's own pure steps make of it. */
export interface ExplainedEvent {
  steps: Step[];
  pipeline: Pipeline;
  /** Where it could be read. */
  decision?: Decision;
  /** In scope and in effect, and next in its order to be asked. */
  ready?: ScopedDecision;
  /** Where its way ends before that. */
  outcome?: Outcome;
}

/**
 * Sends one event through the drain's own steps, up to where the ledger would be asked.
 *
 * @param body a line of `rollcall publish`, or what EventBridge delivers
 * @param now milliseconds since the epoch
 */
export function explainEvent(body: string, rules: PolicyRules, now: number): ExplainedEvent {
  const pipeline = pipelineOf(body);
  const record = { body, receiveCount: 1, receivedAt: now };
  const opened = parseRecords([record], pipeline);
  const [decision] = opened.decisions;
  if (decision === undefined) {
    const outcome = outcomeOf(opened.outcomes);
    return { pipeline, outcome, steps: [{ question: "readable", answer: "no", text: outcomeText(outcome) }] };
  }
  const readable: Step = { question: "readable", answer: "yes", text: aboutText(decision) };
  const screened = applyPolicy([{ ...decision }], rules, now);
  const [scoped] = screened.inScope;
  if (scoped === undefined) {
    const outcome = outcomeOf(screened.outcomes);
    return { pipeline, decision, outcome, steps: [readable, leftOut(outcome)] };
  }
  const steps = [readable, ...scopeSteps(decision, scoped, rules)];
  const [putOff] = splitByEffectiveDate([scoped], now).later;
  const rule = effectRule(body);
  if (putOff === undefined)
    return { pipeline, decision, ready: scoped, steps: [...steps, effective(scoped, rule)] };
  const { deferred: outcome } = putOff;
  const later: Step = { question: "effective", answer: "no", text: outcomeText(outcome), rule };
  return { pipeline, decision, outcome, steps: [...steps, later] };
}

/** That of its detail-type. What has none, or a strange one, is read by any pipeline alike: as malformed. */
function pipelineOf(body: string): Pipeline {
  const envelope = parseEnvelope(body);
  const all: Pipeline[] = pipelineNames.map((name) => pipelines[name]);
  const own = all.find(({ detailTypes }) => envelope.ok && detailTypes.includes(envelope.type));
  return own ?? pipelines.onboard;
}

function outcomeOf([settlement]: readonly { outcome: Outcome }[]): Outcome {
  if (settlement === undefined)
    throw new Error("expected the drain to decide about the event, or to pass it on; it did neither");
  return settlement.outcome;
}

function aboutText({ eventId, personId, intent, occurredAt }: Decision): string {
  return `${eventId} about ${personId}, decided ${timeText(occurredAt)}, for the ${intent} pipeline`;
}

function leftOut(outcome: Outcome): Step {
  const step = { question: "in scope", answer: "no" } as const;
  return outcome.kind === "excluded"
    ? { ...step, text: "left alone", rule: outcome.rule }
    : { ...step, text: outcomeText(outcome) };
}

function effective({ effectiveAt, occurredAt }: ScopedDecision, rule: string): Step {
  const text = effectiveAt === occurredAt ? "at once" : `since ${timeText(effectiveAt)}`;
  return { question: "effective", answer: "yes", text, rule };
}

/** Which of the event's fields say when it takes effect. */
function effectRule(body: string): string {
  const envelope = parseEnvelope(body);
  const parsed = envelope.ok ? parseHrEvent(envelope.type, envelope.detail) : envelope;
  if (!parsed.ok) throw new Error("expected an event that was read before to be readable");
  const { effectiveAt, effectiveDate, timeZone } = parsed.event.data;
  if (effectiveDate !== undefined) return `data.effectiveDate: the end of ${effectiveDate} in ${timeZone}`;
  return effectiveAt === undefined ? "metadata.occurredAt" : "data.effectiveAt";
}
