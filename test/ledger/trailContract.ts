import { describe, expect, it } from "vitest";
import type { JournalEntry, JournalOutcome } from "../../src/ledger/ledger.ts";
import { entryOf, type TestDecision, timeOf } from "./decisions.ts";
import { approval, heldSteps, type LedgerWorld } from "./ledgerWorld.ts";

const left: TestDecision = { eventId: "left", minute: 1 };
const iso = (minute: number) => new Date(timeOf(minute)).toISOString();
const received = { at: iso(1), step: "received" };

/** What happened to an event: nothing of it is overwritten. */
export function trailContract(world: LedgerWorld): void {
  describe("the trail of an event", () => {
    const record = (outcome: JournalOutcome, minute: number, given: Partial<JournalEntry> = {}) =>
      world.ledger.record([{ ...entryOf(left, outcome), settledAt: iso(minute), ...given }]);
    const trail = () => world.trailOf("ada", "left");

    it("has a step for each outcome, the earlier ones too", async () => {
      await record("deferred", 2, { code: "notRegistered" });
      await record("rejected", 3, { code: "UserNotFound", requestId: "r1", receives: 4 });
      await record("applied", 4, { receivedAt: iso(3) });
      expect(await trail()).toEqual([
        received,
        { at: iso(2), step: "deferred", code: "notRegistered" },
        { at: iso(3), step: "rejected", code: "UserNotFound", requestId: "r1", receives: 4 },
        { at: iso(3), step: "received" },
        { at: iso(4), step: "applied" },
      ]);
    });

    it("takes nothing more after the end, and no step twice", async () => {
      await record("deferred", 2);
      await record("deferred", 2);
      await record("applied", 3);
      await record("superseded", 4);
      expect(await trail()).toEqual([
        received,
        { at: iso(2), step: "deferred" },
        { at: iso(3), step: "applied" },
      ]);
    });

    it("keeps by which rule it was held, and who released it and why", async () => {
      const steps = heldSteps(world);
      await steps.hold(left);
      await world.held.release(await steps.sole(), approval);
      await record("applied", 40, { by: "grace", note: "checked with HR" });
      expect(await trail()).toEqual([
        received,
        { at: "2026-05-14T09:00:00.000Z", step: "held" },
        { at: iso(30), step: "released", by: "grace", note: "checked with HR" },
        { at: iso(40), step: "applied" },
      ]);
    });

    it("keeps who discarded what was held", async () => {
      const steps = heldSteps(world);
      await steps.hold(left);
      await world.held.discard(await steps.sole(), approval);
      expect((await trail())?.at(-1)).toEqual({
        at: iso(30),
        step: "discarded",
        by: "grace",
        note: "checked with HR",
      });
    });

    it("has the first step and the latest ones of an event that is put off again and again", async () => {
      for (let minute = 2; minute <= 121; minute += 1) await record("deferred", minute);
      const steps = (await trail()) ?? [];
      expect([steps.length, steps[0], steps.at(-1)]).toEqual([
        100,
        received,
        { at: iso(121), step: "deferred" },
      ]);
    });
  });
}
