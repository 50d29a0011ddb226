import { PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { inject } from "vitest";
import { readDeadLetters } from "../../dev/service/readOutcomes.ts";
import {
  type ServiceStack,
  type ServiceStackOptions,
  startServiceStack,
} from "../../dev/service/serviceStack.ts";
import type { FaultPlan } from "../../packages/chime-simulator/scriptedFault.ts";
import type { PopulatedAccount } from "../../packages/chime-simulator/seedDirectory.ts";
import type { DetailType } from "../../src/events/hrEvent.ts";
import { inQuickMotion } from "./inQuickMotion.ts";

export const team = "team-0001";
export const lwa = "lwa-0001";

/** An event as a producer sends it, with the fields that a test needs. */
export interface TestEvent {
  type: DetailType;
  id: string;
  data: Record<string, unknown>;
  occurredAt?: string;
}

/** A leaver without further fields. */
export const adaLeft: TestEvent = {
  type: "EmployeeLeft",
  id: "ada-left",
  data: { personId: "P-ada", email: "ada@example.com" },
};

export interface TestStackOptions extends Partial<Omit<ServiceStackOptions, "chime">> {
  people?: { team?: PopulatedAccount["people"]; lwa?: PopulatedAccount["people"] };
  /** Others than the policy's own. */
  accounts?: readonly PopulatedAccount[];
  /** Of the Chime simulator. */
  faults?: FaultPlan;
}

/** The packaged service in quick motion, on a directory of these people. */
export function startTestStack({
  people = {},
  accounts = [
    { id: team, type: "Team", people: people.team ?? [] },
    { id: lwa, type: "EnterpriseLWA", people: people.lwa ?? [] },
  ],
  faults,
  ...options
}: TestStackOptions): Promise<ServiceStack> {
  return startServiceStack({
    packageDirectory: inject("packagedService"),
    adjust: inQuickMotion,
    // The safeguard is not to hold the leavers of a test that is about something else.
    adjustPolicy: (policy) => ({ ...policy, safeguard: { suspensions: { atLeast: 50 } } }),
    onProblem: () => undefined,
    ...options,
    chime: { ...(faults && { faults }), accounts },
  });
}

/** Puts at most ten events on the stack's bus. */
export async function publish({ eventBridge, model }: ServiceStack, ...events: TestEvent[]): Promise<void> {
  await eventBridge.send(
    new PutEventsCommand({
      Entries: events.map(({ type, id, data, occurredAt = "2026-05-14T08:00:00Z" }) => ({
        EventBusName: model.buses[0]?.name,
        Source: "test",
        DetailType: type,
        Detail: JSON.stringify({ metadata: { id, schemaVersion: "1.0", occurredAt }, data }),
      })),
    }),
  );
}

/** The state of a user: `Registered`, `Suspended`, `Unregistered` (invited) or undefined. */
export function stateOf({ chime }: ServiceStack, accountId: string, email: string) {
  return chime.directory.user(accountId, email)?.registration;
}

/** The dead letters as `queue: reason`, sorted. */
export async function deadLetterReasons(stack: ServiceStack): Promise<string[]> {
  const deadLetters = await readDeadLetters(stack);
  return deadLetters.map(({ queue, reason }) => `${queue}: ${reason}`).toSorted();
}
