import { expect, it } from "vitest";
import { memoryStore } from "../../src/ledger/memory/memoryLedger.ts";
import { fakeDirectory } from "../directory/fakeDirectory.ts";
import { aRecord } from "./records.ts";
import { runBatch } from "./runBatch.ts";
import { noon } from "./samples.ts";

it("a worker that goes on after the end of its lease stores nothing that waits, and its message comes again", async () => {
  const leave = aRecord("EmployeeLeft", {
    personId: "ada",
    email: "ada@team.example",
    data: { effectiveAt: "2026-06-01T00:00:00Z" },
  });
  const outcomeAt = async (end: number) => {
    const store = memoryStore();
    const times = [noon];
    const { outcomes } = await runBatch([leave], {
      intent: "offboard",
      directory: fakeDirectory([]),
      store,
      // The process is frozen once the batch has begun.
      clock: () => times.pop() ?? end,
    });
    return [outcomes[0]?.kind, store.pending.size, [...store.heads.values()].length];
  };
  const lease = 1000;
  expect([await outcomeAt(noon + lease - 1), await outcomeAt(noon + lease)]).toEqual([
    ["deferred", 1, 1],
    ["retry", 0, 0],
  ]);
});
