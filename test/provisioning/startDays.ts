import type { EventBus } from "../../src/events/eventBus.ts";
import type { FinalReading, Recall } from "../../src/inbound/inboundEvent.ts";
import { publishInboundEvents } from "../../src/inbound/publishInboundEvents.ts";
import { memoryStore } from "../../src/ledger/memory/memoryLedger.ts";
import { memoryPendingStore } from "../../src/ledger/memory/memoryPorts.ts";
import { publishDue } from "../../src/ledger/publishDue.ts";
import { type Intent, pipelines } from "../../src/pipelineSettings.ts";
import type { QueueRecord } from "../../src/provisioning/decision.ts";
import { fakeDirectory } from "../directory/fakeDirectory.ts";
import { aBody } from "./records.ts";
import { runBatch } from "./runBatch.ts";

/**
 * One user, `ada@team.example`, and days that go by: events of a source and due decisions come on the bus,
 * and their batches are processed, as the functions do it. Only the clock is the test's.
 */
export function startDays() {
  const store = memoryStore();
  const user = {
    userId: "u-1",
    email: "ada@team.example",
    state: "active",
    license: "Pro",
    type: "person",
  } as const;
  const directory = fakeDirectory([{ accountId: "team", type: "Team", users: [user] }]);
  const bus = busToQueue();
  const put = { bus, sleep: async () => undefined, random: () => 0, signal: new AbortController().signal };
  return {
    publish: async (readings: readonly (FinalReading | Recall)[]) => {
      await publishInboundEvents(
        readings.flatMap((each) => (each.kind === "event" ? [each.event] : [])),
        put,
      );
    },
    /** The user's state after that minute's work. */
    minuteAt: async (time: string) => {
      const now = Date.parse(time);
      await publishDue({ ...put, pending: memoryPendingStore(store), now });
      for (const intent of ["reinstate", "offboard"] as const)
        await runBatch(bus.take(intent), { intent, directory, store, now });
      return directory.users("team").map(({ state }) => state)[0];
    },
  };
}

/** A bus with a queue for each pipeline, which is emptied whenever it is read. */
function busToQueue(): EventBus & { take: (intent: Intent) => QueueRecord[] } {
  let waiting: { type: string; record: QueueRecord }[] = [];
  return {
    take(intent) {
      const types: readonly string[] = pipelines[intent].detailTypes;
      const taken = waiting.filter(({ type }) => types.includes(type));
      waiting = waiting.filter((each) => !taken.includes(each));
      return taken.map(({ record }) => record);
    },
    async put(entries) {
      for (const { source, detailType: type, detail } of entries) {
        const body = JSON.stringify({ source, "detail-type": type, detail: JSON.parse(detail) });
        waiting.push({ type, record: aBody(body) });
      }
      return { kind: "answered", entries: entries.map(() => ({ kind: "accepted", eventId: "e" })) };
    },
  };
}
