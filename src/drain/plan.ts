import type { BatchOperation } from "../directory/directory.ts";
import { coalesce, type PlannedCall } from "./coalesce.ts";
import type { Group } from "./collapse.ts";
import { decide, type Wish } from "./decide.ts";
import type { Outcome } from "./outcome.ts";
import type { ResolvedPerson } from "./person.ts";
import type { ScopedDecision } from "./screen.ts";
import { carriesUrgent, isUrgent, urgentFirst } from "./urgentFirst.ts";

/** A group that needs no call: its leader's outcome. */
export interface Verdict {
  group: Group<ScopedDecision>;
  outcome: Outcome;
}

/**
 * People in, the fewest valid calls out. Pure: the same people and limits give the same calls. Urgent decisions
 * travel in the first calls, the others in the order of their messages.
 */
export function plan(
  people: readonly ResolvedPerson[],
  limits: Readonly<Record<BatchOperation, number>>,
  now: number,
): { calls: readonly PlannedCall[]; verdicts: Verdict[] } {
  const verdicts: Verdict[] = [];
  const wishes: Wish[] = [];
  // People first, so that the urgent share calls; then calls, because each account and operation has its own.
  for (const person of urgentFirst(people, ({ group }) => isUrgent(group))) {
    const decided = decide(person, now);
    if ("kind" in decided) verdicts.push({ group: person.group, outcome: decided });
    else wishes.push(decided);
  }
  const { calls, superseded } = coalesce(wishes, limits);
  for (const { wish, by } of superseded)
    verdicts.push({ group: wish.group, outcome: { kind: "superseded", by } });
  return { calls: urgentFirst(calls, carriesUrgent), verdicts };
}
