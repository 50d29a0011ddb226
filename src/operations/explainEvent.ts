import type { FindAccountTypes } from "../directory/directoryKind.ts";
import { parseEnvelope, parseHrEvent } from "../events/parseEvent.ts";
import type { History, PersonHistory } from "../ledger/personHistory.ts";
import { type Pipeline, pipelineNames, pipelines } from "../pipelineSettings.ts";
import type { Trial } from "../policy/observation.ts";
import type { Policy } from "../policy/policy.ts";
import { domainOf, type PolicyRules, toPolicyRules } from "../policy/policyRules.ts";
import { limitsFinder } from "../policy/suspensionLimits.ts";
import { applyPolicy } from "../provisioning/applyPolicy.ts";
import type { Decision, ScopedDecision } from "../provisioning/decision.ts";
import { splitByEffectiveDate } from "../provisioning/deferDecisions.ts";
import type { Outcome, OutcomeKind } from "../provisioning/outcome.ts";
import { parseRecords } from "../provisioning/parseRecords.ts";
import { takeTrialsOfSources } from "../provisioning/stops/observeDecisions.ts";
import type { SafeguardStore } from "../safeguard/safeguardState.ts";
import { type Redact, redactForDisplay, timeText } from "./displayText.ts";
import {
  explainCall,
  explainFollowUp,
  explainLimit,
  explainOrder,
  type Fate,
  type KnownSafeguard,
  outcomeText,
  type Step,
} from "./explainEffect.ts";
import { type DecisionReport, toDecisionReport } from "./inspectPerson.ts";
import { type HeldReport, toHeldReport, toWaitingReport, type WaitingReport } from "./waitingDecisions.ts";

export interface ExplainPorts {
  policy: Policy;
  accountTypesOf: FindAccountTypes;
  /** Asked for the person's history; without it, the order of decisions stays unknown. */
  history?: Pick<History, "ofPerson">;
  /** Asked whether the account's latch is closed. */
  safeguard?: Pick<SafeguardStore, "list">;
  /** Names the ledger in the report; `null` where none is asked. */
  table: string | null;
  /** Milliseconds since the epoch. */
  now: () => number;
  /** Why the ledger could not be read, in words. Whatever it rethrows ends the operation. */
  explainFailure: (error: unknown) => string;
}

/** The way of one event through the drain. */
export interface ExplanationReport {
  steps: Step[];
  /** The event's outcome if it came now; `null` if that depends on the ledger, which was not read. */
  fate: { kind: OutcomeKind | "call"; text: string } | null;
  /** `null` if the ledger was not read. */
  ledger: MemoryReport | null;
  table: string | null;
}

/**
 * Explains what would become of one event if it came now: each decision on its way, by the drain's own code, with the rule
 * behind it. Changes nothing, and does not ask the directory. `ledgerFailure` says why the ledger could not be read.
 *
 * @param body a line of `rollcall publish`, or an event as EventBridge delivers it
 */
export async function explainEvent(
  body: string,
  { policy, accountTypesOf, history, safeguard, table, now, explainFailure }: ExplainPorts,
): Promise<{ report: ExplanationReport; ledgerFailure?: string }> {
  const explainedAt = now();
  const askLedger = async (personId: string): Promise<AskedLedger> => {
    if (history === undefined) return { kind: "skipped" };
    try {
      const [value, accounts = []] = await Promise.all([history.ofPerson(personId), safeguard?.list()]);
      const states = new Map(accounts.map((each) => [each.accountId, each.state]));
      return { kind: "read", value, safeguard: { states, limitsOf: limitsFinder(policy) } };
    } catch (error) {
      return { kind: "failed", message: explainFailure(error) };
    }
  };
  const explanation = await explain(
    body,
    { ...toPolicyRules(policy), accountTypesOf },
    askLedger,
    explainedAt,
  );
  const report = { ...toReport(explanation, redactForDisplay(), explainedAt), table };
  const { asked } = explanation;
  return { report, ...(asked?.kind === "failed" && { ledgerFailure: asked.message }) };
}

/** The way of one event, as far as it would come now. */
export interface Explanation {
  steps: Step[];
  /** Undefined if the way could not be followed to its end. */
  fate?: Fate;
  /** Where the event could be read. */
  decision?: Decision;
  /** What the ledger said of the person; an event that cannot be read is about nobody. */
  asked?: AskedLedger;
}

/** The result of asking the ledger about a person. `skipped`: it was not to be asked. */
export type AskedLedger =
  | { kind: "read"; value: PersonHistory | undefined; safeguard?: KnownSafeguard }
  | { kind: "failed"; message: string }
  | { kind: "skipped" };

/** The policy's rules, and what its accounts may be. */
export type ExplainRules = PolicyRules & { accountTypesOf: FindAccountTypes };

/** @param now milliseconds since the epoch */
export async function explain(
  body: string,
  rules: ExplainRules,
  askLedger: (personId: string) => Promise<AskedLedger>,
  now: number,
): Promise<Explanation> {
  const event = explainScope(body, rules, now);
  const { steps, decision, outcome } = event;
  if (decision === undefined) return { steps, ...(outcome && { fate: { kind: "outcome", outcome } }) };
  const asked = await askLedger(decision.personId);
  if (outcome !== undefined) return { decision, asked, steps, fate: { kind: "outcome", outcome } };
  return { decision, asked, ...(await explainTheRest(event, rules, asked, now)) };
}

async function explainTheRest(
  { steps, decision, ready }: ExplainedScope,
  rules: ExplainRules,
  asked: AskedLedger,
  now: number,
): Promise<Pick<Explanation, "steps" | "fate">> {
  if (ready === undefined || decision === undefined)
    throw new Error("expected an event without an outcome to be ready for the ledger");
  const call = withTrial(
    explainCall(ready, rules.accountTypesOf(ready.accountId), rules, now),
    rules.findTrial(ready),
  );
  const isCalled = call.fate.kind === "call" && call.fate.operations.length > 0;
  const follows = isCalled ? explainFollowUp(decision, ready, rules, now) : [];
  if (asked.kind !== "read") {
    const order: Step = { question: "order", answer: "unknown", text: whyUnknown[asked.kind] };
    return { steps: [...steps, order, ...call.steps, ...follows] };
  }
  const { step, outcome } = await explainOrder(ready, asked.value, now);
  if (outcome !== undefined) return { steps: [...steps, step], fate: { kind: "outcome", outcome } };
  const all = [...steps, step, ...call.steps];
  const { safeguard, value: history } = asked;
  const isLimited = isSuspension(call.fate) && safeguard !== undefined;
  const limited = isLimited ? explainLimit(ready, history, safeguard, now) : undefined;
  return limited?.outcome === undefined
    ? { steps: [...all, ...(limited === undefined ? [] : [limited.step]), ...follows], fate: call.fate }
    : { steps: [...all, limited.step], fate: { kind: "outcome", outcome: limited.outcome } };
}

function isSuspension(fate: Fate): boolean {
  return fate.kind === "call" && fate.operations.includes("suspend");
}

/** In a trial the calls are told, and none is made. */
function withTrial(call: ReturnType<typeof explainCall>, trial: Trial | undefined): typeof call {
  if (trial === undefined || call.fate.kind !== "call") return call;
  const text = "it is decided and journalled, and nothing is called";
  const rule = `observe: ${trial.name}`;
  const would = call.fate.operations.join(" or ") || "no call";
  return {
    steps: [...call.steps, { question: "trial", answer: "no", text, rule }],
    fate: { kind: "outcome", outcome: { kind: "observed", would } },
  };
}

const whyUnknown: Record<Exclude<AskedLedger["kind"], "read">, string> = {
  failed: "the ledger could not be read",
  skipped: "the ledger was not asked",
};

/** How far an event comes without the ledger and the directory. */
export interface ExplainedScope {
  steps: Step[];
  /** Where it could be read. */
  decision?: Decision;
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
  // A source's trial observes a decision as it comes, whenever its day is.
  const [putOff] = takeTrialsOfSources(splitByEffectiveDate([scoped], now).later, rules).waiting;
  const rule = effectRule(body);
  if (putOff === undefined) return { decision, ready: scoped, steps: [...steps, effective(scoped, rule)] };
  const { deferred: outcome } = putOff;
  const later: Step = { question: "effective", answer: "no", text: outcomeText(outcome), rule };
  return { decision, outcome, steps: [...steps, later] };
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

function aboutText({ eventId, personId, intent, occurredAt }: Decision): string {
  return `${eventId} about ${personId}, decided ${timeText(occurredAt)}, for the ${intent} pipeline`;
}

function outOfScope(outcome: Outcome): Step {
  const step = { question: "in scope", answer: "no" } as const;
  return outcome.kind === "excluded"
    ? { ...step, text: "left alone", rule: outcome.rule }
    : { ...step, text: outcomeText(outcome) };
}

/** Which rules of the policy put a decision in scope. Asks the rules that `screen` asks. */
function scopeSteps(decision: Decision, scoped: ScopedDecision, rules: PolicyRules): Step[] {
  const { email, attributes, intent } = decision;
  const account = rules.findAccount(email, attributes);
  const names = Object.keys(account?.attributes ?? {});
  const asked = names.length === 0 ? "" : `, attributes: ${names.join(", ")}`;
  const steps: Step[] = [
    { question: "in scope", answer: "yes", text: "the policy excludes nobody like this" },
    {
      question: "account",
      answer: "yes",
      text: scoped.accountId,
      rule: `accounts: ${scoped.accountId}, domains: ${domainOf(email)}${asked}`,
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

function toReport(
  { steps, fate, decision, asked }: Explanation,
  redact: Redact,
  now: number,
): Omit<ExplanationReport, "table"> {
  return {
    steps: steps.map(({ text, rule, ...step }) => ({
      ...step,
      text: redact(text),
      ...(rule !== undefined && { rule: redact(rule) }),
    })),
    fate: fate === undefined ? null : { kind: kindOf(fate), text: redact(fateText(fate)) },
    ledger:
      decision !== undefined && asked?.kind === "read"
        ? toMemoryReport(asked.value, decision.eventId, redact, now)
        : null,
  };
}

function kindOf(fate: Fate): OutcomeKind | "call" {
  return fate.kind === "call" ? "call" : fate.outcome.kind;
}

function fateText(fate: Fate): string {
  if (fate.kind === "outcome") return outcomeText(fate.outcome);
  const unless = fate.operations.includes("suspend") ? " or the safeguard holds it" : "";
  return `a call, unless the directory has it so already${unless}`;
}

/** What the ledger remembers of one event; `null` where it knows nothing of the kind. */
export interface MemoryReport {
  decision: DecisionReport | null;
  waiting: WaitingReport | null;
  held: HeldReport | null;
}

function toMemoryReport(
  history: PersonHistory | undefined,
  eventId: string,
  redact: Redact,
  now: number,
): MemoryReport {
  const isIt = (one: { eventId: string }) => one.eventId === eventId;
  const entry = history?.entries.find(isIt);
  const waiting = history?.waiting.find(isIt);
  const held = history?.held.find(isIt);
  return {
    decision: entry === undefined ? null : toDecisionReport(entry, redact),
    waiting: waiting === undefined ? null : toWaitingReport(waiting, redact, now),
    held: held === undefined ? null : toHeldReport(held, redact, now),
  };
}
