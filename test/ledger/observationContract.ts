import { describe, expect, it } from "vitest";
import type { ClaimAnswer } from "../../src/ledger/ledger.ts";
import type { ObserveAnswer } from "../../src/ledger/trialObservations.ts";
import { claimOf, entryOf, leaseOf, leaseOver, stand, type TestDecision } from "./decisions.ts";
import type { LedgerWorld } from "./ledgerWorld.ts";

/** Of Hibob, a source under observation; of the payroll system, which is not; both about an account that is not. */
const hibob = { origin: "hibob", accountId: "team" };
const payroll = { origin: "payroll", accountId: "team" };

const older: TestDecision = { eventId: "older", minute: 5 };
const newer: TestDecision = { eventId: "newer", minute: 20 };

/** A part of the contract of a ledger: what a trial observes stands in the way of its own older decisions, and of no others. */
export function observationContract(world: LedgerWorld): void {
  describe("what a trial observes", () => {
    let invocations = 0;
    const nextLease = () => {
      invocations += 1;
      return leaseOf(`observer-${invocations}`, invocations * leaseOver);
    };
    const observe = async (decision: TestDecision, trial = "source hibob", belongs: object = hibob) =>
      (await world.observations.observe([{ ...claimOf(decision), ...belongs, trial }]))[0];
    const claim = async (decision: TestDecision, belongs: object = hibob): Promise<ClaimAnswer | undefined> =>
      (await world.ledger.claim([{ ...claimOf(decision), ...belongs }], nextLease()))[0];
    const observed: ObserveAnswer = { kind: "observed" };

    it("can be carried out later, by the very event and by a newer one", async () => {
      expect(await observe(older)).toEqual(observed);
      expect(await claim(older)).toMatchObject({ kind: "granted", interrupted: false });
    });

    it("keeps older decisions of its own source out for good, because HR has decided otherwise since", async () => {
      await observe(newer);
      expect(await claim(older)).toEqual({ kind: "superseded", by: "newer" });
      expect(await observe(older)).toEqual({ kind: "superseded", by: "newer" });
    });

    it("stands in no way of another source's decisions, which are carried out", async () => {
      await observe(newer);
      expect(await claim(older, payroll)).toMatchObject({ kind: "granted" });
    });

    it("keeps older decisions of every source out where the whole account was observed", async () => {
      await observe(newer, "account team", hibob);
      expect(await claim(older, payroll)).toEqual({ kind: "superseded", by: "newer" });
      expect(await claim(older, { origin: "payroll", accountId: "lwa" })).toMatchObject({ kind: "granted" });
    });

    it("is superseded by a newer decision that was carried out, and the very decision that was is a duplicate", async () => {
      const lease = nextLease();
      await world.ledger.claim([claimOf(newer)], lease);
      await world.ledger.commit([stand(newer)], lease);
      expect(await observe(older)).toEqual({ kind: "superseded", by: "newer" });
      expect(await observe(newer)).toEqual({ kind: "duplicate" });
    });

    it("leaves a claim and its lease as they are", async () => {
      const lease = nextLease();
      await world.ledger.claim([{ ...claimOf(older), ...payroll }], lease);
      expect(await observe(newer)).toEqual(observed);
      expect(await world.ledger.commit([stand(older)], lease)).toEqual([{ kind: "done" }]);
      expect(await claim(older, payroll)).toEqual({ kind: "duplicate" });
    });

    it("may be observed again, because its worker may have died before the journal had it", async () => {
      expect([await observe(older), await observe(older)]).toEqual([observed, observed]);
    });

    it("is each trial's own", async () => {
      await observe(newer, "source hibob");
      expect(await observe(older, "source okta", { origin: "okta", accountId: "team" })).toEqual(observed);
      expect(await observe(older)).toEqual({ kind: "superseded", by: "newer" });
    });

    it("has an entry that its copy leaves alone and that the real outcome replaces", async () => {
      const record = (outcome: "observed" | "applied", minute: number) => {
        const settledAt = `2026-05-14T09:${String(minute).padStart(2, "0")}:00.000Z`;
        const code = outcome === "observed" ? { code: "suspend" } : {};
        return world.ledger.record([{ ...entryOf(older, outcome), ...code, settledAt }]);
      };
      await record("observed", 1);
      await record("observed", 2);
      await record("applied", 3);
      expect((await world.entryOf("ada", "older"))?.outcome).toBe("applied");
      const trail = (await world.trailOf("ada", "older")) ?? [];
      expect(trail.map(({ step, code, at }) => [step, code, at.slice(14, 16)])).toEqual([
        ["received", undefined, "05"],
        ["observed", "suspend", "01"],
        ["applied", undefined, "03"],
      ]);
    });
  });
}
