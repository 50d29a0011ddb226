import type { FindAccountTypes } from "../../directory/directoryKind.ts";
import type { History, PersonHistory } from "../../ledger/personHistory.ts";
import type { Trial } from "../../policy/observation.ts";
import type { Policy } from "../../policy/policy.ts";
import { type PolicyRules, toPolicyRules } from "../../policy/policyRules.ts";
import { limitsFinder } from "../../policy/suspensionLimits.ts";
import type { Decision } from "../../provisioning/decision.ts";
import type { OutcomeKind } from "../../provisioning/outcome.ts";
import { findPause, type Pause, type PauseStore } from "../../safeguard/pauses.ts";
import type { SafeguardStore } from "../../safeguard/safeguardState.ts";
import { type Redact, redactForDisplay, timeText } from "../displayText.ts";
import { type DecisionReport, toDecisionReport } from "../inspectPerson.ts";
import { type HeldReport, toHeldReport, toWaitingReport, type WaitingReport } from "../waitingDecisions.ts";
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
import { type ExplainedScope, explainScope } from "./explainScope.ts";

export interface ExplainPorts {
  policy: Policy;
  accountTypesOf: FindAccountTypes;
  /** Asked for the person's history; without it, the order of decisions stays unknown. */
  history?: Pick<History, "ofPerson">;
  /** Asked whether the account's latch is closed. */
  safeguard?: Pick<SafeguardStore, "list">;
  /** Asked whether an operator has paused the pipeline or the account. */
  pauses?: Pick<PauseStore, "list">;
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
  { policy, accountTypesOf, history, safeguard, pauses, table, now, explainFailure }: ExplainPorts,
): Promise<{ report: ExplanationReport; ledgerFailure?: string }> {
  const explainedAt = now();
  const askLedger = async (personId: string): Promise<AskedLedger> => {
    if (history === undefined) return { kind: "skipped" };
    try {
      const [value, accounts = [], inForce = []] = await Promise.all([
        history.ofPerson(personId),
        safeguard?.list(),
        pauses?.list(),
      ]);
      const states = new Map(accounts.map((each) => [each.accountId, each.state]));
      return { kind: "read", value, safeguard: { states, limitsOf: limitsFinder(policy) }, pauses: inForce };
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
  /** The pause that stops it for now: it goes this way once that ends. */
  pause?: Pause;
}

/** The result of asking the ledger about a person. `skipped`: it was not to be asked. */
export type AskedLedger =
  | { kind: "read"; value: PersonHistory | undefined; safeguard?: KnownSafeguard; pauses?: readonly Pause[] }
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
  const pause = pauseOf(event, asked);
  const about = { decision, asked, ...(pause !== undefined && { pause }) };
  if (outcome !== undefined) return { ...about, steps, fate: { kind: "outcome", outcome } };
  return { ...about, ...(await explainTheRest(event, rules, asked, now)) };
}

/** Only what is in scope is stopped: the rest ends as always. */
function pauseOf({ decision, accountId: account }: ExplainedScope, asked: AskedLedger): Pause | undefined {
  if (decision === undefined || account === undefined || asked.kind !== "read") return undefined;
  return findPause(asked.pauses ?? [], { pipeline: decision.intent, account });
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

function toReport(
  { steps, fate, decision, asked, pause }: Explanation,
  redact: Redact,
  now: number,
): Omit<ExplanationReport, "table"> {
  return {
    steps: [...steps, ...(pause === undefined ? [] : [pausedStep(pause)])].map(({ text, rule, ...step }) => ({
      ...step,
      text: redact(text),
      ...(rule !== undefined && { rule: redact(rule) }),
    })),
    fate: fate === undefined ? null : toFateReport(fate, pause, redact),
    ledger:
      decision !== undefined && asked?.kind === "read"
        ? toMemoryReport(asked.value, decision.eventId, redact, now)
        : null,
  };
}

function pausedStep({ pipeline, account, since, by, note }: Pause): Step {
  const scope = [pipeline, account && `account ${account}`].filter(Boolean).join(", ") || "everything";
  const text = `paused since ${timeText(since)} by ${by}: ${note}`;
  return { question: "running", answer: "no", text, rule: `the pause of ${scope}` };
}

function toFateReport(
  fate: Fate,
  pause: Pause | undefined,
  redact: Redact,
): NonNullable<ExplanationReport["fate"]> {
  const text = redact(fateText(fate));
  return pause === undefined
    ? { kind: kindOf(fate), text }
    : { kind: "retry", text: `it waits in its queue until the pause ends; after that: ${text}` };
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
