import type { BatchOperation } from "../directory/directory.ts";
import type { FindAfterSuspension } from "../policy/afterSuspension.ts";
import { closingsOf } from "./closingsOf.ts";
import { coalesce, type PlannedCall } from "./coalesce.ts";
import type { Group } from "./collapse.ts";
import { targetOf, type Wish } from "./decide.ts";
import type { Outcome } from "./outcome.ts";
import type { ResolvedPerson } from "./person.ts";
import type { Verdict } from "./plan.ts";
import type { ScopedDecision } from "./screen.ts";
import { carriesUrgent, urgentFirst } from "./urgentFirst.ts";

/**
 * People and what was done about them in, the calls that follow out: sign-outs before PINs, urgent ones before all others.
 *
 * Whoever was suspended already is among them: an earlier try may have died between the suspension and what follows it,
 * and nobody can tell that from a user whom somebody else has suspended. A call too many signs nobody in.
 */
export function planClosings(
  people: readonly ResolvedPerson[],
  verdicts: readonly Verdict[],
  findAfterSuspension: FindAfterSuspension,
  limits: Readonly<Record<BatchOperation, number>>,
): readonly PlannedCall[] {
  const asked: Wish[] = [];
  for (const person of people) addWishes(asked, person, findAfterSuspension);
  if (asked.length === 0) return [];
  const outcomes = new Map<Group<ScopedDecision>, Outcome>(
    verdicts.map(({ group, outcome }) => [group, outcome]),
  );
  const wishes = asked.filter(({ group }) => isDone(outcomes.get(group)));
  const signOuts = wishes.filter(({ operation }) => operation === "signOut");
  const others = wishes.filter(({ operation }) => operation !== "signOut");
  return urgentFirst(coalesce([...signOuts, ...others], limits).calls, carriesUrgent);
}

function isDone(outcome: Outcome | undefined): boolean {
  return outcome?.kind === "applied" || (outcome?.kind === "unchanged" && outcome.because === "alreadySo");
}

function addWishes(
  wishes: Wish[],
  { group, account, user }: ResolvedPerson,
  findAfterSuspension: FindAfterSuspension,
): void {
  if (account.kind === "failed") return;
  const { accountId, intent } = group.leader;
  for (const operation of closingsOf(account.value, intent, findAfterSuspension(accountId))) {
    const target = targetOf(operation, group.leader, user);
    if (target !== undefined) wishes.push({ group, operation, accountId, target });
  }
}
