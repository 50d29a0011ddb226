import type { HrDecision, Scenario } from "./scenario.ts";

/** A scenario in lines: who there is, what HR decided, and in which order the events lie in their queues. */
export function tellScenario({ people, decisions, deliveries }: Scenario): string[] {
  return [
    ...people.map(({ personId, accountId, status }) => `${personId}, ${status} in account ${accountId}`),
    ...decisions.map(tellDecision),
    `sent in this order: ${deliveries.map(({ decision }) => decision.id).join(", ")}`,
  ];
}

function tellDecision({ id, type, personId, occurredAt, effectiveAt, licenseType }: HrDecision): string {
  const what = licenseType === undefined ? type : `${type} to ${licenseType}`;
  const when = effectiveAt === undefined ? "" : `, in effect at ${timeOfDay(effectiveAt)}`;
  return `${id}: ${what} of ${personId}, decided at ${timeOfDay(occurredAt)}${when}`;
}

function timeOfDay(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(11, 16);
}
