import { expect, it } from "vitest";
import { readStatus } from "../../src/operations/readStatus.ts";
import { memoryPauseStore } from "../../src/safeguard/pauses.ts";
import { memorySafeguardStore } from "../../src/safeguard/safeguard.ts";

const now = Date.parse("2026-05-14T12:00:00Z");
const minute = 60_000;

async function* listed<T>(...items: T[]): AsyncGenerator<T> {
  yield* items;
}

const nothing = {
  pauses: memoryPauseStore(),
  queues: { read: async () => [] },
  held: { list: () => listed<never>() },
  pending: { list: () => listed<never>() },
  safeguard: memorySafeguardStore(),
  table: "rollcall-prod-ledger",
  stack: "rollcall-prod",
  now: () => now,
};

it("a stack that does nothing has nothing to tell", async () => {
  expect(await readStatus(nothing)).toEqual({
    table: "rollcall-prod-ledger",
    stack: "rollcall-prod",
    readAt: "2026-05-14T12:00:00.000Z",
    paused: [],
    queues: [],
    held: [],
    accounts: [],
    latchesClosed: [],
    waiting: { count: 0, byReason: {}, overdue: 0, nextDueAt: null, next: [] },
  });
});

it("tells what is paused, queued, held and waiting, and names nobody", async () => {
  const pauses = memoryPauseStore();
  await pauses.add({ pipeline: "offboard", since: now - minute, by: "eve@example.com", note: "a drill" });
  const latch = { closedAt: now - 2 * minute, asked: 9, passed: 1, limit: 5 };
  const depth = { pipeline: "offboard", visible: 3, inFlight: 2, delayed: 1, deadLetters: 4 } as const;
  const waitingFor = (dueAt: number) => ({ ...decision, because: "effectiveLater" as const, dueAt });
  const report = await readStatus({
    ...nothing,
    pauses,
    queues: { read: async () => [depth] },
    held: {
      list: () =>
        listed({
          ...decision,
          because: "held",
          accountId: "team",
          heldAt: now - minute,
          rule: "SuspensionLimit",
        }),
    },
    pending: { list: () => listed(waitingFor(now - 6 * minute), waitingFor(now + minute)) },
    safeguard: memorySafeguardStore(
      new Map([
        ["team", { admissions: [], acts: [], latch }],
        ["lwa", { admissions: [], acts: [], activeUsers: { count: 1204, countedAt: now - 6 * minute } }],
      ]),
    ),
  });
  expect(report).toMatchObject({
    paused: [
      {
        pipeline: "offboard",
        account: null,
        since: "2026-05-14T11:59:00.000Z",
        by: "e***@example.com",
        note: "a drill",
      },
    ],
    queues: [depth],
    held: [
      { accountId: "team", people: 1, byRule: { SuspensionLimit: 1 }, since: "2026-05-14T11:59:00.000Z" },
    ],
    accounts: [
      {
        accountId: "lwa",
        latch: "open",
        held: 0,
        activeUsers: { count: 1204, countedAt: "2026-05-14T11:54:00.000Z", ageSeconds: 360 },
      },
      { accountId: "team", latch: "closed", held: 1, activeUsers: null },
    ],
    latchesClosed: [{ accountId: "team", since: "2026-05-14T11:58:00.000Z" }],
    waiting: {
      count: 2,
      byReason: { effectiveLater: 2 },
      overdue: 1,
      nextDueAt: "2026-05-14T11:54:00.000Z",
      next: [
        {
          personId: "P-1",
          eventId: "hr-1",
          intent: "offboard",
          because: "effectiveLater",
          dueAt: "2026-05-14T11:54:00.000Z",
          dueInSeconds: -360,
        },
        { personId: "P-1", dueAt: "2026-05-14T12:01:00.000Z", dueInSeconds: 60 },
      ],
    },
  });
});

const decision = {
  personId: "P-1",
  aspect: "access",
  intent: "offboard",
  eventId: "hr-1",
  version: "v",
  event: "{}",
  token: "t",
} as const;
