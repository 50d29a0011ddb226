import type { Fact } from "./history.ts";
import { isAboutTheSame, isNewer } from "./oracle.ts";
import type { HrDecision } from "./scenario.ts";

/**
 * Safety. Once a decision is settled no older one takes effect; once it is settled as applied it does not take effect
 * again; and it does so twice before that only if its worker died or an answer was lost.
 */
export function effectViolations(facts: readonly Fact[]): string[] {
  const settled = new Map<HrDecision, "applied" | "rejected">();
  const effects = new Map<HrDecision, number>();
  const excuses = new Map<HrDecision, number>();
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
        excuses.set(decision, (excuses.get(decision) ?? 0) + 1);
        break;
      case "effect": {
        violations.push(...judge(decision, settled));
        if (fact.operation !== "invite") break;
        const count = (effects.get(decision) ?? 0) + 1;
        effects.set(decision, count);
        if (count > 1 + (excuses.get(decision) ?? 0))
          violations.push(`twice: ${decision.id} sent ${count} invitations, without a kill or a lost answer`);
      }
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
