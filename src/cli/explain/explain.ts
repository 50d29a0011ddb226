import type { PersonHistory } from "../../ledger/personHistory.ts";
import type { PolicyRules } from "../../policy/policyRules.ts";
import type { Decision } from "../../provisioning/decision.ts";
import { explainCall } from "./explainCall.ts";
import { type ExplainedEvent, explainEvent } from "./explainEvent.ts";
import { explainFollowUp } from "./explainFollowUp.ts";
import { explainOrder } from "./explainOrder.ts";
import type { Fate, Step } from "./step.ts";

/** The whole way of one event, as far as it would come now. */
export interface Explanation {
  steps: Step[];
  /** Undefined if the way could not be seen to its end. */
  fate?: Fate;
  /** Where the event could be read. */
  decision?: Decision;
  /** What the ledger said of the person; an event that cannot be read is about nobody. */
  asked?: AskedLedger;
}

/** What became of asking the ledger about a person. `skipped`: nobody wanted to know. */
export type AskedLedger =
  | { kind: "read"; value: PersonHistory | undefined }
  | { kind: "failed"; message: string }
  | { kind: "skipped" };

/** @param now milliseconds since the epoch */
export async function explain(
  body: string,
  rules: PolicyRules,
  askLedger: (personId: string) => Promise<AskedLedger>,
  now: number,
): Promise<Explanation> {
  const event = explainEvent(body, rules, now);
  const { steps, decision, outcome } = event;
  if (decision === undefined) return { steps, ...(outcome && { fate: { kind: "outcome", outcome } }) };
  const asked = await askLedger(decision.personId);
  if (outcome !== undefined) return { decision, asked, steps, fate: { kind: "outcome", outcome } };
  return { decision, asked, ...(await explainTheRest(event, rules, asked, now)) };
}

async function explainTheRest(
  { steps, decision, ready }: ExplainedEvent,
  rules: PolicyRules,
  asked: AskedLedger,
  now: number,
): Promise<Pick<Explanation, "steps" | "fate">> {
  if (ready === undefined || decision === undefined)
    throw new Error("expected an event without an outcome to be ready for the ledger");
  const call = explainCall(ready, rules, now);
  const isCalled = call.fate.kind === "call" && call.fate.operations.length > 0;
  const follows = isCalled ? explainFollowUp(decision, ready, rules, now) : [];
  if (asked.kind !== "read") {
    const order: Step = { question: "order", answer: "unknown", text: whyUnknown[asked.kind] };
    return { steps: [...steps, order, ...call.steps, ...follows] };
  }
  const { step, outcome } = await explainOrder(ready, asked.value, now);
  return outcome === undefined
    ? { steps: [...steps, step, ...call.steps, ...follows], fate: call.fate }
    : { steps: [...steps, step], fate: { kind: "outcome", outcome } };
}

const whyUnknown: Record<Exclude<AskedLedger["kind"], "read">, string> = {
  failed: "the ledger could not be read, see below",
  skipped: "the ledger was not asked (--offline)",
};
