import { describe, expect, it } from "vitest";
import type { Faults } from "../directory/fakeDirectory.ts";
import { counted, guardedService, leavers, personOf } from "./guardedService.ts";
import { aRecord } from "./records.ts";
import { timeFor } from "./runDrain.ts";
import { aFailure } from "./samples.ts";

const noAnswer = aFailure("transient", { mayStillHappen: true });

describe("the count of suspensions", () => {
  it("does not count who is suspended already", async () => {
    const { drain, admissions } = guardedService();
    await drain(leavers(5));
    const again = leavers(5).map((_, index) =>
      aRecord("EmployeeLeft", {
        ...personOf(index),
        id: `again-${index}`,
        occurredAt: "2026-05-14T11:30:00Z",
      }),
    );
    expect([await drain(again), await counted(admissions)]).toEqual([{ unchanged: 5 }, 5]);
  });

  it("does not count twice who is looked up and tried once more", async () => {
    const { drain, admissions } = guardedService();
    const wrongId = leavers(4).map((_, index) =>
      aRecord("EmployeeLeft", { ...personOf(index), id: `e-${index}`, data: { userId: `gone-${index}` } }),
    );
    expect([await drain(wrongId), await counted(admissions)]).toEqual([{ applied: 4 }, 4]);
  });

  it("takes off the count who was refused, throttled or not reached, but nobody of whom it is not sure", async () => {
    const failing: Faults = {
      target: (target) => (target === "team-0" ? aFailure("permanent") : undefined),
    };
    const refused = guardedService(failing);
    await refused.drain(leavers(4));
    const throttled = guardedService({
      call: ({ operation }) => (operation === "suspend" ? aFailure("throttled") : undefined),
    });
    await throttled.drain(leavers(4));
    const outOfTime = guardedService();
    await outOfTime.drain(leavers(4), { budget: timeFor(1) });
    const lost = guardedService({
      call: ({ operation }) =>
        operation === "suspend"
          ? { afterEffect: aFailure("transient", { mayStillHappen: true }) }
          : undefined,
    });
    await lost.drain(leavers(4));
    const leftOut = guardedService({ target: () => "leftOut" });
    await leftOut.drain(leavers(4));
    const unclear = guardedService({ target: () => aFailure("unknown") });
    await unclear.drain(leavers(4));
    const counts = await Promise.all(
      [refused, throttled, outOfTime, lost, leftOut, unclear].map((one) => counted(one.admissions)),
    );
    expect(counts).toEqual([3, 0, 0, 4, 4, 4]);
  });

  it.each<[string, Faults]>([
    ["never answered", { call: ({ operation }) => (operation === "suspend" ? noAnswer : undefined) }],
    ["answered by nothing that anybody understands", { target: () => aFailure("unknown") }],
  ])("counts once who is tried again and again and %s: an outage closes no latch", async (_, faults) => {
    const service = guardedService(faults);
    const tries = [];
    for (let attempt = 0; attempt < 5; attempt += 1) tries.push(await service.drain(leavers(8)));
    service.directory.faults = {};
    const after = await service.drain(leavers(8));
    expect([tries, await counted(service.admissions), after]).toEqual([
      Array(5).fill({ "retry Code": 8 }),
      8,
      { applied: 8 },
    ]);
  });
});
