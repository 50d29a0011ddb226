import { openOutcomes } from "../../../src/ledger/ledger.ts";
import { journalKey } from "../../../src/ledger/memory/memoryLedger.ts";
import { newestDecisions } from "./oracle.ts";
import { type HrDecision, userIdOf } from "./scenario.ts";
import type { Violation } from "./violation.ts";
import type { World } from "./world.ts";

/** What a run has left undone or wrong once it is over. */
export function endViolations(world: World): Violation[] {
  const { decisions } = world.scenario;
  return [
    ...decisions.flatMap((decision) => ofEachDecision(world, decision)),
    ...newestDecisions(decisions).flatMap((decision) => ofTheNewest(world, decision)),
  ];
}

/** Each copy of an event that was sent has left the queue, and the journal tells what became of the event. */
function ofEachDecision({ history, scenario, store }: World, decision: HrDecision): Violation[] {
  const { id, personId } = decision;
  const sent = scenario.deliveries.filter((delivery) => delivery.decision === decision).length;
  const ended = history.facts.filter((fact) => fact.kind === "ended" && fact.decision === decision).length;
  const violations: Violation[] = [];
  if (ended < sent)
    violations.push({ kind: "lost", text: `${ended} of ${sent} copies of ${id} came to an end` });
  if (!store.journal.has(journalKey({ personId, eventId: id })))
    violations.push({ kind: "lost", text: `the journal knows nothing of ${id}` });
  return violations;
}

/** The newest decision about a person and aspect stands, unless the directory refused it for good. */
function ofTheNewest(world: World, decision: HrDecision): Violation[] {
  const { id, personId } = decision;
  const settled = world.history.facts.findLast(
    (fact) => fact.kind === "settled" && fact.decision === decision,
  );
  if (settled?.kind !== "settled")
    return [{ kind: "lost", text: `${id} is the newest and was never settled` }];
  if (settled.as === "rejected") return [];
  const violations: Violation[] = [];
  if (!isSo(world, decision))
    violations.push({ kind: "wrong", text: `${id} is the newest, and the directory shows otherwise` });
  const outcome = world.store.journal.get(journalKey({ personId, eventId: id }))?.outcome;
  if (outcome === undefined || outcome === "superseded" || openOutcomes.includes(outcome))
    violations.push({ kind: "wrong", text: `${id} stands, and is journalled as ${outcome}` });
  return violations;
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
