import { describe, expect, it } from "vitest";
import type { Ledger } from "../../src/ledger/ledger.ts";
import { type MemoryStore, memoryLedger } from "../../src/ledger/memory/memoryLedger.ts";
import type { Faults } from "../directory/fakeDirectory.ts";
import { counted, leavers, limitedService, personOf } from "./limitedService.ts";
import { aRecord } from "./records.ts";
import { timeFor } from "./runBatch.ts";
import { aFailure, noon } from "./samples.ts";

const noAnswer = aFailure("transient", { mayStillHappen: true });

describe("the count of suspensions", () => {
  it("does not count who is suspended already", async () => {
    const { run, admissions } = limitedService();
    await run(leavers(5));
    const again = leavers(5).map((_, index) =>
      aRecord("EmployeeLeft", {
        ...personOf(index),
        id: `again-${index}`,
        occurredAt: "2026-05-14T11:30:00Z",
      }),
    );
    expect([await run(again), await counted(admissions)]).toEqual([{ unchanged: 5 }, 5]);
  });

  it("does not count twice who is looked up and tried once more", async () => {
    const { run, admissions } = limitedService();
    const wrongId = leavers(4).map((_, index) =>
      aRecord("EmployeeLeft", { ...personOf(index), id: `e-${index}`, data: { userId: `gone-${index}` } }),
    );
    expect([await run(wrongId), await counted(admissions)]).toEqual([{ applied: 4 }, 4]);
  });

  it("takes off the count who was refused, throttled or not reached, but nobody of whom it is not sure", async () => {
    const failing: Faults = {
      target: (target) => (target === "team-0" ? aFailure("permanent") : undefined),
    };
    const refused = limitedService(failing);
    await refused.run(leavers(4));
    const throttled = limitedService({
      call: ({ operation }) => (operation === "suspend" ? aFailure("throttled") : undefined),
    });
    await throttled.run(leavers(4));
    const outOfTime = limitedService();
    await outOfTime.run(leavers(4), { budget: timeFor(1) });
    const lost = limitedService({
      call: ({ operation }) =>
        operation === "suspend"
          ? { afterEffect: aFailure("transient", { mayStillHappen: true }) }
          : undefined,
    });
    await lost.run(leavers(4));
    const leftOut = limitedService({ target: () => "leftOut" });
    await leftOut.run(leavers(4));
    const unclear = limitedService({ target: () => aFailure("unknown") });
    await unclear.run(leavers(4));
    const counts = await Promise.all(
      [refused, throttled, outOfTime, lost, leftOut, unclear].map((one) => counted(one.admissions)),
    );
    expect(counts).toEqual([3, 0, 0, 4, 4, 4]);
  });

  it.each<[string, Faults]>([
    ["never answered", { call: ({ operation }) => (operation === "suspend" ? noAnswer : undefined) }],
    ["answered by nothing that anybody understands", { target: () => aFailure("unknown") }],
  ])("counts once who is tried again and again and %s: an outage closes no latch", async (_, faults) => {
    const service = limitedService(faults);
    const tries = [];
    for (let attempt = 0; attempt < 5; attempt += 1) tries.push(await service.run(leavers(8)));
    service.directory.faults = {};
    const after = await service.run(leavers(8));
    expect([tries, await counted(service.admissions), after]).toEqual([
      Array(5).fill({ "retry Code": 8 }),
      8,
      { applied: 8 },
    ]);
  });

  it("does not hold who was suspended by a try that died before its claim ended, so that no older return is let through", async () => {
    const { run, store } = limitedService();
    await run(leavers(1), { ledger: dyingAfterTheJournal(store) });
    await run(leavers(20, { from: 1 }));
    const later = { now: noon + 60_000 };
    const outcome = await run(leavers(1), later);
    const before = aRecord("EmployeeReturned", {
      ...personOf(0),
      id: "back-before",
      occurredAt: "2026-05-14T07:00:00Z",
    });
    const older = await run([before], { ...later, intent: "reinstate" });
    expect([outcome, older]).toEqual([{ applied: 1 }, { superseded: 1 }]);
  });

  it("does not hold who was suspended by an older leave whose claim is open, and which comes with the newer one", async () => {
    const { run, store } = limitedService();
    await run(leavers(1), { ledger: { ...memoryLedger(store), commit: faultOfEach } });
    await run(leavers(20, { from: 1 }));
    const again = aRecord("EmployeeLeft", {
      ...personOf(0),
      id: "left-again",
      occurredAt: "2026-05-14T11:30:00Z",
      data: { userId: "team-0" },
    });
    const later = { now: noon + 60_000 };
    const both = await run([...leavers(1), again], later);
    const back = { ...personOf(0), id: "back-before", occurredAt: "2026-05-14T07:00:00Z" };
    const older = await run([aRecord("EmployeeReturned", back)], { ...later, intent: "reinstate" });
    expect([both, older]).toEqual([{ superseded: 1, unchanged: 1 }, { superseded: 1 }]);
  });

  it("leaves no id remembered of whom it holds: until the release the address may become another user's", async () => {
    const { run, store } = limitedService();
    const byAddress = Array.from({ length: 22 }, (_, index) =>
      aRecord("EmployeeLeft", { ...personOf(index), id: `left-${index}` }),
    );
    const outcomes = await run(byAddress);
    expect([outcomes, store.identities.size]).toEqual([{ "held SuspensionLimit": 22 }, 0]);
  });

  it("does not hold who was suspended by a try that died before the journal knew, but holds whom it had not reached", async () => {
    const { run, store, directory } = limitedService();
    const dying = { ledger: { ...memoryLedger(store), commit: faultOfEach } };
    await run(leavers(1), dying);
    directory.faults = { call: ({ operation }) => (operation === "suspend" ? noAnswer : undefined) };
    await run(leavers(1, { from: 1 }), dying);
    directory.faults = {};
    await run(leavers(20, { from: 2 }));
    expect(await run(leavers(2), { now: noon + 60_000 })).toEqual({
      unchanged: 1,
      "held SuspensionLatch": 1,
    });
  });
});

/** The worker is killed before anything of its results is kept. */
const faultOfEach: Ledger["commit"] = async (results) =>
  results.map(() => ({ kind: "fault", reason: "killed" }));

/** The worker is killed when the journal has its entries, before the heads move. */
function dyingAfterTheJournal(store: MemoryStore): Ledger {
  const ledger = memoryLedger(store);
  const commit: Ledger["commit"] = async (results) => {
    await ledger.record(results.flatMap((result) => ("entry" in result ? (result.entry ?? []) : [])));
    return results.map(() => ({ kind: "fault", reason: "killed" }));
  };
  return { ...ledger, commit };
}
