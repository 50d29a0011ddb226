import { describe, expect, it } from "vitest";
import { drawDecisions, toArrivalOrder } from "../../../../dev/chaos/drawDecisions.ts";
import { scheduleDigest } from "../../../../dev/chaos/faults/scheduleDigest.ts";
import { createPopulation } from "../../../../dev/chaos/population.ts";
import { permanentCode, poisonOf, transientFault } from "../../../../dev/directories/chimeFaults.ts";

function digestOf(
  seed: number,
  { events = 200, startedAt = Date.parse("2026-02-03T04:05:06Z"), scim = false } = {},
): string {
  const everybody = createPopulation(events, { scim });
  return scheduleDigest(
    seed,
    toArrivalOrder(drawDecisions(everybody, { seed, events, startedAt }), seed),
    everybody,
  );
}

describe("the digest of a run's schedule", () => {
  const digest = digestOf(7);

  it("is the same whenever the run is started", () => {
    expect(digestOf(7, { startedAt: Date.parse("2026-05-14T08:00:00Z") })).toBe(digest);
  });

  it("covers who is poisonous", () => {
    const operations = [
      "BatchSuspendUser",
      "BatchUnsuspendUser",
      "BatchUpdateUser",
      "InviteUsers",
      "LogoutUser",
      "ResetPersonalPIN",
    ];
    const hasNoOtherFault = (email: string) =>
      operations.every(
        (each) => (permanentCode(7, each, email) ?? transientFault(7, each, email, 1)) === undefined,
      );
    const emails = Array.from({ length: 2000 }, (_, index) => `p${index}@example.com`).filter(
      hasNoOtherFault,
    );
    const alone = (email = "") =>
      scheduleDigest(7, [], { people: [{ personId: "p", accountId: "a", email }], atScim: [] });
    const fine = emails.filter((email) => poisonOf(7, email) === undefined);
    const poisonous = emails.find((email) => poisonOf(7, email) !== undefined);
    expect([alone(fine[0]) === alone(fine[1]), alone(fine[0]) === alone(poisonous)]).toEqual([true, false]);
  });

  it("is another for another seed, for another number of events, and with people at a SCIM target", () => {
    const others = [digestOf(8), digestOf(7, { events: 201 }), digestOf(7, { scim: true })];
    expect(others.includes(digest)).toBe(false);
  });
});
