import type { Fact } from "./history.ts";
import { isAboutTheSame, isNewer } from "./oracle.ts";
import type { HrDecision } from "./scenario.ts";

/**
 * Safety. Once a decision has taken effect or is settled no older one takes effect; once it is settled as applied it
 * does not take effect again; and nobody is invited twice without need.
 */
export function effectViolations(facts: readonly Fact[]): string[] {
  const seen: Seen = { settled: new Map(), inEffect: new Set(), acted: new Set(), excused: new Set() };
  return facts.flatMap((fact) => {
    const violations = fact.kind === "effect" ? judge(fact, seen) : [];
    note(fact, seen);
    return violations;
  });
}

/** What was seen so far. */
interface Seen {
  settled: Map<HrDecision, "applied" | "rejected">;
  inEffect: Set<HrDecision>;
  acted: Set<HrDecision>;
  excused: Set<HrDecision>;
}

function note(fact: Fact, { settled, inEffect, acted, excused }: Seen): void {
  const { decision } = fact;
  switch (fact.kind) {
    case "effect":
      inEffect.add(decision);
      acted.add(decision);
      break;
    case "disowned":
      inEffect.delete(decision);
      break;
    case "settled":
      settled.set(decision, fact.as);
      break;
    case "ended":
      if (fact.outcome.kind === "applied") settled.set(decision, "applied");
      break;
    case "excused":
      excused.add(decision);
  }
}

function judge(
  { decision, isNeedlessInvitation, receives }: Extract<Fact, { kind: "effect" }>,
  { settled, inEffect, acted, excused }: Seen,
): string[] {
  const { id } = decision;
  const isOlder = (other: HrDecision) => isAboutTheSame(other, decision) && isNewer(other, decision);
  const newer = [...settled.keys()].find(isOlder);
  const done = [...inEffect].find(isOlder);
  const isAgain = isNeedlessInvitation && acted.has(decision);
  const isExcused = excused.has(decision) && receives === 1;
  return [
    ...(newer === undefined ? [] : [`regression: ${id} took effect after the newer ${newer.id} was settled`]),
    ...(newer !== undefined || done === undefined
      ? []
      : [`regression: ${id} took effect after the newer ${done.id} had`]),
    ...(settled.get(decision) === "applied" ? [`twice: ${id} took effect again after it was settled`] : []),
    ...(isAgain && !isExcused ? [`twice: ${id} invited again, and need not have`] : []),
  ];
}
