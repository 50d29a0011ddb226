import pMap from "p-map";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readJournal } from "../../dev/service/readOutcomes.ts";
import type { ServiceStack } from "../../dev/service/serviceStack.ts";
import type { StackModel } from "../../packages/aws-local/cloudformation/stackModel.ts";
import { waitUntilIdle } from "../../packages/aws-local/stack/waitUntilIdle.ts";
import { eventBridgeBus, sleep } from "../../src/events/eventBridge/eventBridgeBus.ts";
import { publishEvents } from "../../src/events/publishEvents.ts";
import { dynamoHeldDecisions } from "../../src/ledger/dynamo/dynamoHeldDecisions.ts";
import { dynamoPendingStore } from "../../src/ledger/dynamo/dynamoPendingStore.ts";
import { dynamoSafeguardStore } from "../../src/safeguard/dynamo/dynamoSafeguardStore.ts";
import { collect } from "../events/collect.ts";
import { inQuickMotion } from "./inQuickMotion.ts";
import { startTestStack, team } from "./testStack.ts";

const users = 2_000;
const leavers = 1_000;
const hires = 100;
const limit = 100;

/** A feed that has lost half of the company, and that says who is new as well. */
describe("a feed of 1,000 leavers in an account of 2,000, with a limit of 5 %", () => {
  let stack: ServiceStack;
  let now = Date.now();
  const wait = () => waitUntilIdle(stack);
  const table = () => ({ dynamo: stack.dynamo.client, tableName: String(stack.model.tables[0]?.name) });

  beforeAll(async () => {
    stack = await startTestStack({
      people: {
        team: Array.from({ length: users }, (_, index) => ({ id: `u-${index}`, email: emailOf(index) })),
      },
      adjust: inSmallBatches,
      adjustPolicy: (policy) => ({ ...policy, safeguard: { suspensions: { atLeast: 50, percent: 5 } } }),
      timer: { now: () => now, after: () => () => undefined },
    });
    await publishFeed(stack);
    await wait();
  });
  afterAll(() => stack.close());

  it("suspends at most 100, holds the rest and invites all hires meanwhile", async () => {
    const suspended = suspendedOf(stack);
    const held = await collect(dynamoHeldDecisions(table()).list());
    expect({
      isWithinLimit: suspended > 0 && suspended <= limit,
      held: held.length,
      invited: stack.chime.directory.tally(team).Unregistered,
      journal: await tallyJournal(stack),
    }).toEqual({
      isWithinLimit: true,
      held: leavers - suspended,
      invited: hires,
      journal: { applied: suspended + hires, held: leavers - suspended },
    });
  });

  it("tells an operator why", async () => {
    const [account] = await dynamoSafeguardStore(table()).list();
    const counted = account?.state.activeUsers?.count ?? 0;
    // A first, small batch may pass before anybody has to be counted.
    expect(counted).toBeGreaterThanOrEqual(users - 50);
    const limit = Math.floor(counted / 20);
    expect(account).toMatchObject({
      accountId: team,
      state: { latch: { limit }, acts: [{ what: "closed", limit }] },
    });
  });

  it("suspends all of them once they are released, with the latch as it is", async () => {
    const store = dynamoHeldDecisions(table());
    const held = await collect(store.list());
    const approval = { by: "grace", now };
    const answers = await pMap(held, (decision) => store.release(decision, approval), { concurrency: 16 });
    // One run of the schedule publishes as many as its time allows.
    const pending = dynamoPendingStore(table());
    do {
      now += 60_000;
      await stack.scheduler.tick();
      await wait();
    } while ((await collect(pending.list())).length > 0);
    expect({
      answers: [...new Set(answers.map(({ kind }) => kind))],
      suspended: suspendedOf(stack),
      held: await collect(store.list()),
      journal: await tallyJournal(stack),
    }).toEqual({
      answers: ["released"],
      suspended: leavers,
      held: [],
      journal: { applied: leavers + hires },
    });
  });
});

const emailOf = (index: number) => `person-${index}@example.com`;

const suspendedOf = ({ chime }: ServiceStack) => chime.directory.tally(team).Suspended;

async function publishFeed({ eventBridge, model }: ServiceStack): Promise<void> {
  const lines = [
    ...Array.from({ length: hires }, (_, index) => lineOf("EmployeeHired", users + index)),
    ...Array.from({ length: leavers }, (_, index) => lineOf("EmployeeLeft", index, { userId: `u-${index}` })),
  ].map((line, index) => ({ number: index + 1, bytes: Buffer.from(JSON.stringify(line)) }));
  const bus = eventBridgeBus(eventBridge, model.buses[0]?.name ?? "");
  const results = await collect(publishEvents(lines, { bus, sleep, random: Math.random }));
  const refused = results.filter(({ status }) => status !== "accepted");
  if (refused.length > 0) throw new Error(`the bus did not take ${refused.length} events`);
}

function lineOf(type: string, index: number, data: object = {}) {
  const metadata = { id: `${type}-${index}`, schemaVersion: "1.0", occurredAt: "2026-05-14T08:00:00Z" };
  const person = { personId: `P-${index}`, email: emailOf(index) };
  return { source: "hr", "detail-type": type, detail: { metadata, data: { ...person, ...data } } };
}

/** The emulator of DynamoDB is slower than the real one, and everything is done by the laptop's two cores. */
function inSmallBatches(model: StackModel): StackModel {
  const quick = inQuickMotion(model);
  return { ...quick, mappings: quick.mappings.map((mapping) => ({ ...mapping, batchSize: 100 })) };
}

async function tallyJournal(stack: ServiceStack): Promise<Record<string, number>> {
  const tally: Record<string, number> = {};
  for (const outcome of (await readJournal(stack)).values()) tally[outcome] = (tally[outcome] ?? 0) + 1;
  return tally;
}
