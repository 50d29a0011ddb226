import { parseEnvelope, parseHrEvent } from "../../events/parseEvent.ts";
import { type Pipeline, pipelineNames, pipelines } from "../../pipelineSettings.ts";
import { domainOf, type PolicyRules } from "../../policy/policyRules.ts";
import { applyPolicy } from "../../provisioning/applyPolicy.ts";
import type { Decision, ScopedDecision } from "../../provisioning/decision.ts";
import { splitByEffectiveDate } from "../../provisioning/deferDecisions.ts";
import type { Outcome } from "../../provisioning/outcome.ts";
import { parseRecords } from "../../provisioning/parseRecords.ts";
import { takeTrialsOfSources } from "../../provisioning/stops/observeDecisions.ts";
import { timeText } from "../displayText.ts";
import { outcomeText, type Step } from "./explainEffect.ts";

/** How far an event comes without the ledger and the directory. */
export interface ExplainedScope {
  steps: Step[];
  /** Where it could be read. */
  decision?: Decision;
  /** Where it is in scope. */
  accountId?: string;
  /** In scope and in effect: its order is asked next. */
  ready?: ScopedDecision;
  /** Where its way ends before that. */
  outcome?: Outcome;
}

/**
 * Sends one event through the drain's own steps, up to where the ledger would be asked.
 *
 * @param now milliseconds since the epoch
 */
export function explainScope(body: string, rules: PolicyRules, now: number): ExplainedScope {
  const record = { body, receiveCount: 1, receivedAt: now };
  const opened = parseRecords([record], pipelineOf(body));
  const [decision] = opened.decisions;
  if (decision === undefined) {
    const outcome = outcomeOf(opened.outcomes);
    return { outcome, steps: [{ question: "readable", answer: "no", text: outcomeText(outcome) }] };
  }
  const readable: Step = { question: "readable", answer: "yes", text: aboutText(decision) };
  const screened = applyPolicy([{ ...decision }], rules, now);
  decision.personId = rules.qualifyPerson(decision);
  const [scoped] = screened.inScope;
  if (scoped === undefined) {
    const outcome = outcomeOf(screened.outcomes);
    return { decision, outcome, steps: [readable, outOfScope(outcome)] };
  }
  const steps = [readable, ...scopeSteps(decision, scoped, rules)];
  const { accountId } = scoped;
  // A source's trial observes a decision as it comes, whenever its day is.
  const [putOff] = takeTrialsOfSources(splitByEffectiveDate([scoped], now).later, rules).waiting;
  const rule = effectRule(body);
  if (putOff === undefined)
    return { decision, accountId, ready: scoped, steps: [...steps, effective(scoped, rule)] };
  const { deferred: outcome } = putOff;
  const later: Step = { question: "effective", answer: "no", text: outcomeText(outcome), rule };
  return { decision, accountId, outcome, steps: [...steps, later] };
}

/** That of its detail-type. An event with a missing or unknown type is malformed for any pipeline alike. */
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

function aboutText({ eventId, personId, intent, occurredAt, undoes }: Decision): string {
  const about = `${eventId} about ${personId}, decided ${timeText(occurredAt)}, for the ${intent} pipeline`;
  return undoes === undefined ? about : `${about}; it undoes ${undoes.eventId}, and has the place after it`;
}

function outOfScope(outcome: Outcome): Step {
  const step = { question: "in scope", answer: "no" } as const;
  return outcome.kind === "excluded"
    ? { ...step, text: "left alone", rule: outcome.rule }
    : { ...step, text: outcomeText(outcome) };
}

/** Which rules of the policy put a decision in scope. Asks the rules that `screen` asks. */
function scopeSteps(decision: Decision, scoped: ScopedDecision, rules: PolicyRules): Step[] {
  const { email, attributes, intent, undoes } = decision;
  const account =
    undoes === undefined ? rules.findAccount(email, attributes) : rules.findAccountById(undoes.accountId);
  const names = Object.keys(account?.attributes ?? {});
  const asked = names.length === 0 ? "" : `, attributes: ${names.join(", ")}`;
  const domain = `accounts: ${scoped.accountId}, domains: ${domainOf(email)}${asked}`;
  const steps: Step[] = [
    { question: "in scope", answer: "yes", text: "the policy excludes nobody like this" },
    {
      question: "account",
      answer: "yes",
      text: scoped.accountId,
      rule: undoes === undefined ? domain : "metadata.undoes: where it was done",
    },
  ];
  if (intent !== "relicense" || scoped.licenseType === undefined) return steps;
  const found =
    account && decision.role !== undefined ? rules.findLicense(account, decision.role) : undefined;
  const rule = decision.licenseType === undefined ? found?.rule : "the event's data.licenseType";
  return [
    ...steps,
    { question: "license", answer: "yes", text: scoped.licenseType, ...(rule !== undefined && { rule }) },
  ];
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
