import { beforeEach, describe, expect, it } from "vitest";
import { memoryStore } from "../../src/ledger/memory/memoryLedger.ts";
import { memoryPendingStore } from "../../src/ledger/memory/memoryPorts.ts";
import type { PendingStore } from "../../src/ledger/pendingStore.ts";
import { listPending, type PendingFilter } from "../../src/operations/waitingDecisions.ts";
import { leaver } from "../events/eventLines.ts";
import { timeOf, waitingFor } from "../ledger/decisions.ts";

describe("listPending", () => {
  let store: PendingStore;
  beforeEach(async () => {
    store = memoryPendingStore(memoryStore());
    await store.defer([
      waitingFor({ eventId: "third", minute: 0, personId: "ada" }, 30, leaver("third")),
      waitingFor({ eventId: "first", minute: 0, personId: "bob" }, 10),
      waitingFor({ eventId: "second", minute: 0, personId: "cleo" }, 20, leaver("second")),
    ]);
  });

  it.each<[string, PendingFilter, string[]]>([
    ["everything", {}, ["first", "second", "third"]],
    ["what is due by a moment, that moment included", { until: timeOf(20) }, ["first", "second"]],
    ["what is due before that", { until: timeOf(20) - 1 }, ["first"]],
    ["one person's", { person: "bob" }, ["first"]],
    ["nobody's, by an id in another case", { person: "Bob" }, []],
    ["everyone's at an address, whatever its case", { person: "ADA@example.com" }, ["second", "third"]],
    ["what is left by both", { person: "ada@example.com", until: timeOf(20) }, ["second"]],
  ])("lists %s, by the due date", async (_, filter, ids) => {
    const { pending } = await listPending(filter, { pending: store, table: "t", now: () => 0 });
    expect(pending.map(({ eventId }) => eventId)).toEqual(ids);
  });
});
