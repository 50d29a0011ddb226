import { openOutcomes } from "../../../src/ledger/journalEntry.ts";
import { journalKey } from "../../../src/ledger/memory/memoryStore.ts";
import { effectViolations } from "./effectViolations.ts";
import { newestDecisions } from "./oracle.ts";
import { type HrDecision, userIdOf } from "./scenario.ts";
import type { World } from "./world.ts";

/** What a run did that it must not do, and what it left undone; each a sentence. `isDone`: it came to its end. */
export function findViolations(world: World, isDone: boolean): string[] {
  const { history, defects, scenario } = world;
  return [
    ...defects.map((error) => `an invocation ended with a defect: ${String(error)}`),
    ...effectViolations(history.facts),
    ...(isDone ? [] : ["stuck: messages go round without an end"]),
    ...(isDone ? scenario.decisions.flatMap((decision) => endViolations(world, decision)) : []),
    ...(isDone ? newestDecisions(scenario.decisions).flatMap((decision) => standing(world, decision)) : []),
  ];
}

/** Each copy of an event that was sent, and each that was published when it was due, has left the queue once. */
function endViolations({ history, scenario, store }: World, decision: HrDecision): string[] {
  const { id } = decision;
  const sent = scenario.deliveries.filter((delivery) => delivery.decision === decision).length;
  const ended = history.facts.filter((fact) => fact.kind === "ended" && fact.decision === decision).length;
  const journalled = store.journal.has(journalKey({ personId: decision.personId, eventId: id }));
  return [
    ...(ended < sent ? [`lost: ${sent} copies of ${id} were sent, and ${ended} came to an end`] : []),
    ...(journalled ? [] : [`lost: the journal knows nothing of ${id}`]),
  ];
}

/** The newest decision about a person and aspect is what the directory shows, unless it was refused for good. */
function standing(world: World, decision: HrDecision): string[] {
  const { id, personId } = decision;
  const settled = world.history.facts.findLast(
    (fact) => fact.kind === "settled" && fact.decision === decision,
  );
  if (settled?.kind !== "settled") return [`lost: ${id} is the newest and was never settled`];
  if (settled.as === "rejected") return [];
  const outcome = world.store.journal.get(journalKey({ personId, eventId: id }))?.outcome;
  return [
    ...(isSo(world, decision) ? [] : [`wrong state: ${id} is the newest, and the directory shows otherwise`]),
    ...(outcome === undefined || outcome === "superseded" || openOutcomes.includes(outcome)
      ? [`wrong journal: ${id} stands, and is journalled as ${outcome}`]
      : []),
  ];
}

function isSo({ directory, person }: World, { intent, personId, licenseType }: HrDecision): boolean {
  const { accountId, email } = person(personId);
  const user = directory.account(accountId).users.get(userIdOf(email));
  switch (intent) {
    case "offboard":
      return user?.status === "suspended";
    case "onboard":
    case "reinstate":
      return user?.status === "registered" || user?.status === "invited";
    case "relicense":
      return user?.licenseType === licenseType;
  }
}
