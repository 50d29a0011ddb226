import { UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { inject } from "vitest";
import { limitBackOffs } from "../../dev/chaos/disturbances.ts";
import { readDeadLetters } from "../../dev/service/readOutcomes.ts";
import {
  type ServiceStack,
  type ServiceStackOptions,
  startServiceStack,
} from "../../dev/service/serviceStack.ts";
import { handTimer } from "../../packages/aws-local/eventbridge/scheduler.ts";
import type { FaultPlan } from "../../packages/chime-simulator/scriptedFault.ts";
import type { PopulatedAccount } from "../../packages/chime-simulator/seedDirectory.ts";
import type { DetailType } from "../../src/events/hrEvent.ts";
import { dynamoPendingStore } from "../../src/ledger/dynamo/dynamoPendingStore.ts";
import { dueIndex } from "../../src/ledger/dynamo/ledgerTable.ts";
import { placeKey } from "../../src/ledger/dynamo/pendingItems.ts";
import { type WaitingKind, waitingKind } from "../../src/ledger/pendingStore.ts";
import { collect } from "../events/collect.ts";
import { inQuickMotion } from "./inQuickMotion.ts";

export const team = "team-0001";
export const lwa = "lwa-0001";

/** An event as a producer sends it; a test names what it is about. */
export interface TestEvent {
  type: DetailType;
  id: string;
  data: Record<string, unknown>;
  occurredAt?: string;
}

/** A leaver for whom nothing else matters. */
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
  /** For tests about the back-offs: they take their time. */
  keepsBackOffs?: boolean;
}

/** How long a message waits for its next try, whatever its back-off: a test would only wait for it. */
const longestBackOffSeconds = 0.5;

/** The packaged service in quick motion, on a directory of these people. */
export async function startTestStack({
  people = {},
  accounts = [
    { id: team, type: "Team", people: people.team ?? [] },
    { id: lwa, type: "EnterpriseLWA", people: people.lwa ?? [] },
  ],
  faults,
  keepsBackOffs = false,
  onInvocation = () => undefined,
  ...options
}: TestStackOptions): Promise<ServiceStack> {
  const backOffs = limitBackOffs(keepsBackOffs ? Number.POSITIVE_INFINITY : longestBackOffSeconds);
  const stack = await startServiceStack({
    packageDirectory: inject("packagedService"),
    adjust: inQuickMotion,
    // What a test does not ask about is not to hold its leavers.
    adjustPolicy: (policy) => ({ ...policy, safeguard: { suspensions: { atLeast: 50 } } }),
    // On a busy machine a test takes longer than the minute after which the schedule would run in the middle of it.
    timer: handTimer(),
    onProblem: () => undefined,
    ...options,
    onInvocation: (started) => {
      backOffs.onInvocation(started);
      onInvocation(started);
    },
    chime: { ...(faults && { faults }), accounts },
  });
  const callingUp = setInterval(() => void backOffs.makeVisible(stack), 200);
  return {
    ...stack,
    close: () => {
      clearInterval(callingUp);
      return stack.close();
    },
  };
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

/** Brings the day of a decision that waits forward to now: where it lies in the table, and in the event. */
export async function makeDue(
  { dynamo: { client }, model }: ServiceStack,
  personId: string,
  kind: WaitingKind,
): Promise<void> {
  const tableName = String(model.tables[0]?.name);
  const waiting = await collect(dynamoPendingStore({ dynamo: client, tableName }).list());
  const decision = waiting.find((each) => each.personId === personId && waitingKind(each) === kind);
  if (decision === undefined) throw new Error(`expected a waiting ${kind} of ${personId}; there is none`);
  const effectiveAt = new Date().toISOString();
  const event = decision.event.replace(/"effectiveAt":"[^"]+"/, `"effectiveAt":"${effectiveAt}"`);
  await client.send(
    new UpdateItemCommand({
      TableName: tableName,
      Key: placeKey(decision),
      UpdateExpression: `SET ${dueIndex.sort} = :now, event = :event`,
      ExpressionAttributeValues: { ":now": { N: String(Date.now()) }, ":event": { S: event } },
    }),
  );
}

/** Where a user stands: `Registered`, `Suspended`, `Unregistered` (invited) or undefined. */
export function stateOf({ chime }: ServiceStack, accountId: string, email: string) {
  return chime.directory.user(accountId, email)?.registration;
}

/** `queue: reason`, in the order of their names. */
export async function deadLetterReasons(stack: ServiceStack): Promise<string[]> {
  const letters = await readDeadLetters(stack);
  return letters.map(({ queue, reason }) => `${queue}: ${reason}`).toSorted();
}
