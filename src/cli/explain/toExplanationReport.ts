import type { OutcomeKind } from "../../provisioning/outcome.ts";
import type { ShowText } from "../ledger/shownText.ts";
import type { Explanation } from "./explain.ts";
import { outcomeText } from "./outcomeText.ts";
import type { Fate, Step } from "./step.ts";
import { type MemoryReport, toMemoryReport } from "./toMemoryReport.ts";

/** What is told of one event: for programs as it is, for people laid out. */
export interface ExplanationReport {
  steps: Step[];
  /** What would become of the event if it came now; `null` if that depends on the ledger, which was not asked. */
  fate: { kind: OutcomeKind | "call"; text: string } | null;
  /** `null` if the ledger was not asked. */
  ledger: MemoryReport | null;
}

/** @param now milliseconds since the epoch */
export function toExplanationReport(
  { steps, fate, decision, asked }: Explanation,
  show: ShowText,
  now: number,
): ExplanationReport {
  return {
    steps: steps.map(({ text, rule, ...step }) => ({
      ...step,
      text: show(text),
      ...(rule !== undefined && { rule: show(rule) }),
    })),
    fate: fate === undefined ? null : { kind: kindOf(fate), text: show(fateText(fate)) },
    ledger:
      decision !== undefined && asked?.kind === "read"
        ? toMemoryReport(asked.value, decision.eventId, show, now)
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
