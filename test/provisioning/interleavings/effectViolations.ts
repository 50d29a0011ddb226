import type { Fact } from "./history.ts";
import { isAboutTheSame, isNewer } from "./oracle.ts";
import type { HrDecision } from "./scenario.ts";
import type { Violation } from "./violation.ts";

/**
 * Safety. Once a decision has taken effect or is settled no older one takes effect; once it is settled as applied it
 * does not take effect again; and nobody is invited twice without need.
 */
export function effectViolations(facts: readonly Fact[]): Violation[] {
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
): Violation[] {
  const { id } = decision;
  const isOlder = (other: HrDecision) => isAboutTheSame(other, decision) && isNewer(other, decision);
  const newerSettled = [...settled.keys()].find(isOlder);
  const newerInEffect = [...inEffect].find(isOlder);
  const violations: Violation[] = [];
  if (newerSettled !== undefined)
    violations.push({
      kind: "regression",
      text: `${id} took effect after the newer ${newerSettled.id} was settled`,
    });
  else if (newerInEffect !== undefined)
    violations.push({
      kind: "regression",
      text: `${id} took effect after the newer ${newerInEffect.id} had`,
    });
  if (settled.get(decision) === "applied")
    violations.push({ kind: "twice", text: `${id} took effect again after it was settled` });
  const isInvitedAgain = isNeedlessInvitation && acted.has(decision);
  if (isInvitedAgain && !(excused.has(decision) && receives === 1))
    violations.push({ kind: "twice", text: `${id} sent a second invitation, and need not have` });
  return violations;
}
