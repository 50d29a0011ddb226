import { beforeEach, describe, expect, it } from "vitest";
import type { EventBus } from "../../src/events/eventBus.ts";
import { type MemoryStore, memoryStore } from "../../src/ledger/memory/memoryLedger.ts";
import { memoryPendingStore } from "../../src/ledger/memory/memoryPorts.ts";
import type { PendingStore } from "../../src/ledger/pendingStore.ts";
import { publishDue } from "../../src/ledger/publishDue.ts";
import { toPendingLine } from "../../src/provisioning/deferDecisions.ts";
import { fakeDirectory } from "../directory/fakeDirectory.ts";
import { collect } from "../events/collect.ts";
import { leaver } from "../events/eventLines.ts";
import { denied, invalid, recordingBus } from "../events/recordingBus.ts";
import { aRecord } from "../provisioning/records.ts";
import { runBatch } from "../provisioning/runBatch.ts";
import { timeOf, waitingFor } from "./decisions.ts";

describe("what is due", () => {
  let store: MemoryStore;
  let pending: PendingStore;
  beforeEach(() => {
    store = memoryStore();
    pending = memoryPendingStore(store);
  });
  const put = (eventId: string, dueMinute: number, event = leaver(eventId)) =>
    pending.defer([waitingFor({ eventId, minute: 1, personId: `person-of-${eventId}` }, dueMinute, event)]);
  const waiting = async () => (await collect(pending.list())).map(({ eventId }) => eventId);
  const publish = (
    bus: EventBus,
    given: { minute?: number; pending?: PendingStore; signal?: AbortSignal } = {},
  ) => {
    const { minute = 10, ...context } = given;
    const dependencies = { sleep: async () => undefined, random: () => 0 };
    return publishDue({ pending, bus, now: timeOf(minute), ...dependencies, ...context });
  };

  it("is published and removed, and what is not due stays", async () => {
    await put("late", 11);
    await put("on time", 10);
    await put("overdue", 2);
    const bus = recordingBus();
    const result = await publish(bus);
    expect({ result, calls: bus.calls, waiting: await waiting() }).toEqual({
      result: { published: 2, followUps: 0, unpublished: [] },
      calls: [["overdue", "on time"]],
      waiting: ["late"],
    });
  });

  it("makes no call if there is nothing", async () => {
    await put("late", 11);
    const bus = recordingBus();
    const result = await publish(bus);
    expect({ result, calls: bus.calls }).toEqual({
      result: { published: 0, followUps: 0, unpublished: [] },
      calls: [],
    });
  });

  it("goes to the bus as the event came, under its own source", async () => {
    const detail = { metadata: { id: "e" }, data: { more: [1] }, extra: null };
    await put("e", 1, JSON.stringify({ source: "acme.hr", "detail-type": "EmployeeHired", detail }));
    const entries: unknown[] = [];
    await publish({
      put: async (batch) => {
        entries.push(...batch);
        return { kind: "answered", entries: batch.map(() => ({ kind: "accepted", eventId: "x" })) };
      },
    });
    expect(entries).toEqual([
      { source: "acme.hr", detailType: "EmployeeHired", detail: JSON.stringify(detail) },
    ]);
  });

  it("stays if the bus refuses it, and the rest goes on", async () => {
    await put("a", 1);
    await put("b", 2);
    await put("c", 3);
    const result = await publish(recordingBus(() => ({ entries: { b: invalid } })));
    expect({ result, waiting: await waiting() }).toEqual({
      result: {
        published: 2,
        followUps: 0,
        unpublished: [{ eventId: "b", reason: "InvalidArgument: not like this" }],
      },
      waiting: ["b"],
    });
  });

  it("stays if the bus fails as a whole, and is published by the next run", async () => {
    await put("a", 1);
    const failed = await publish(recordingBus(() => ({ call: denied })));
    const between = await waiting();
    const healthy = await publish(recordingBus());
    expect({ failed, between, healthy, after: await waiting() }).toEqual({
      failed: {
        published: 0,
        followUps: 0,
        unpublished: [{ eventId: "a", reason: "AccessDeniedException: no permission" }],
      },
      between: ["a"],
      healthy: { published: 1, followUps: 0, unpublished: [] },
      after: [],
    });
  });

  it("stays if it is no event that a rule would match, and says so", async () => {
    await put("a", 1, "not JSON");
    const { unpublished } = await publish(recordingBus());
    expect({ ids: unpublished.map(({ eventId }) => eventId), waiting: await waiting() }).toEqual({
      ids: ["a"],
      waiting: ["a"],
    });
  });

  it("stays if the run is over before its turn", async () => {
    await put("a", 1);
    const bus = recordingBus();
    const result = await publish(bus, { signal: AbortSignal.abort("the time is over") });
    expect({ result, calls: bus.calls, waiting: await waiting() }).toEqual({
      result: { published: 0, followUps: 0, unpublished: [{ eventId: "a", reason: "the time is over" }] },
      calls: [],
      waiting: ["a"],
    });
  });

  it("is kept if it is deferred anew while it is being published", async () => {
    await put("a", 1);
    await put("b", 2);
    const bus = recordingBus();
    const slowBus: EventBus = {
      put: async (entries) => {
        const answer = await bus.put(entries);
        await put("a", 90);
        return answer;
      },
    };
    const result = await publish(slowBus);
    expect({ result, waiting: await waiting() }).toEqual({
      result: { published: 2, followUps: 0, unpublished: [] },
      waiting: ["a"],
    });
  });

  it("is published a second time if the process dies before it is removed", async () => {
    await put("a", 1);
    const bus = recordingBus();
    const dying: PendingStore = { ...pending, remove: () => Promise.reject(new Error("killed")) };
    await expect(publish(bus, { pending: dying })).rejects.toThrow("killed");
    await publish(bus);
    expect({ calls: bus.calls, waiting: await waiting() }).toEqual({ calls: [["a"], ["a"]], waiting: [] });
  });

  it("is not published if it was put off or removed since the index listed it", async () => {
    await put("put off", 1);
    await put("removed", 1);
    const listed = await collect(pending.list());
    await put("put off", 90);
    for (const decision of listed) if (decision.eventId === "removed") await pending.remove(decision);
    const bus = recordingBus();
    const lagging = {
      ...pending,
      async *list() {
        yield* listed;
      },
    };
    const { published } = await publish(bus, { pending: lagging });
    expect([published, bus.calls, await waiting()]).toEqual([0, [], ["put off"]]);
  });

  it("is carried out once, however often it is published", async () => {
    const user = {
      userId: "u",
      email: "ada@team.example",
      state: "active",
      license: "Basic",
      type: "person",
    } as const;
    const directory = fakeDirectory([{ accountId: "team", type: "Team", users: [user] }]);
    const effectiveAt = "2026-05-14T11:30:00Z";
    const { body, ...record } = aRecord("EmployeeLeft", { data: { effectiveAt, userId: "u" } });
    const republished = { ...record, body: toPendingLine(body, { receivedAt: 0 }) };
    const outcomes = [];
    for (let delivery = 0; delivery < 3; delivery += 1) {
      const result = await runBatch([republished], { intent: "offboard", directory, store });
      outcomes.push(...result.outcomes);
    }
    expect({ outcomes, suspended: directory.carried("suspend") }).toEqual({
      outcomes: [
        { kind: "applied", requestId: "fake-request" },
        { kind: "unchanged", because: "duplicate" },
        { kind: "unchanged", because: "duplicate" },
      ],
      suspended: [["u"]],
    });
  });
});
