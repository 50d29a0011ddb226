import type { Fact } from "./history.ts";
import { isAboutTheSame, isNewer } from "./oracle.ts";
import type { HrDecision } from "./scenario.ts";

/**
 * Safety. Once a decision is settled no older one takes effect; once it is settled as applied it does not take effect
 * again; and it invites somebody twice only if a worker died or an answer was lost.
 */
export function effectViolations(facts: readonly Fact[]): string[] {
  const settled = new Map<HrDecision, "applied" | "rejected">();
  const effects = new Set<HrDecision>();
  const excused = new Set<HrDecision>();
  const violations: string[] = [];
  for (const fact of facts) {
    const { decision } = fact;
    switch (fact.kind) {
      case "settled":
        settled.set(decision, fact.as);
        break;
      case "ended":
        if (fact.outcome.kind === "applied") settled.set(decision, "applied");
        break;
      case "excused":
        excused.add(decision);
        break;
      case "effect":
        violations.push(...judge(decision, settled));
        if (
          fact.isNeedlessInvitation &&
          effects.has(decision) &&
          (fact.receives > 1 || !excused.has(decision))
        )
          violations.push(`twice: ${decision.id} invited again, and need not have`);
        effects.add(decision);
    }
  }
  return violations;
}

function judge(decision: HrDecision, settled: ReadonlyMap<HrDecision, "applied" | "rejected">): string[] {
  const newer = [...settled.keys()].find(
    (other) => isAboutTheSame(other, decision) && isNewer(other, decision),
  );
  return [
    ...(newer === undefined
      ? []
      : [`regression: ${decision.id} took effect after the newer ${newer.id} was settled`]),
    ...(settled.get(decision) === "applied"
      ? [`twice: ${decision.id} took effect again after it was settled`]
      : []),
  ];
}
