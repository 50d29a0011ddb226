import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ClaimAnswer, ClaimResult, Lease } from "../../src/ledger/ledger.ts";
import { claimOf, entryOf, leaseMilliseconds, leaseOf, stand, start, type Told } from "./decisions.ts";
import type { LedgerWorld } from "./ledgerWorld.ts";

const older: Told = { eventId: "older", minute: 1 };
const newer: Told = { eventId: "newer", minute: 2 };
const granted: ClaimAnswer = { kind: "granted", interrupted: false, pending: [] };
const settled: ClaimAnswer = { kind: "settled" };
const busy: ClaimAnswer = { kind: "busy", until: start + leaseMilliseconds };
const one = leaseOf("one");
const another = leaseOf("another");

/** Which decision may be acted on: the order, and what is settled. */
export function claimContract(open: () => Promise<LedgerWorld>): void {
  describe("a claim", () => {
    let world: LedgerWorld;
    beforeEach(async () => {
      world = await open();
    });
    afterEach(() => world.close());
    const claim = async (told: Told, lease: Lease) => (await world.ledger.claim([claimOf(told)], lease))[0];
    const settle = async (told: Told, as?: "applied" | "rejected") => {
      await claim(told, one);
      await conclude(stand(told, as));
    };
    const conclude = (conclusion: ClaimResult, lease = one) => world.ledger.commit([conclusion], lease);

    it("on a person of whom nothing is known is granted", async () => {
      expect(await claim(older, one)).toEqual(granted);
    });

    it("is granted for a decision newer than the one that stands", async () => {
      await settle(older);
      expect(await claim(newer, another)).toEqual(granted);
    });

    it("is superseded for a decision older than the one that stands, which it names", async () => {
      await settle(newer);
      expect(await claim(older, another)).toEqual({ kind: "superseded", by: "newer" });
    });

    it("is settled for a decision that stands already", async () => {
      await settle(newer);
      expect(await claim(newer, another)).toEqual(settled);
    });

    it("is settled, by the journal, for an event that was applied before a newer one came", async () => {
      await settle(older);
      await settle(newer);
      expect(await claim(older, another)).toEqual(settled);
    });

    it.each(["deferred", "held", "excluded", "rejected"] as const)(
      "is superseded for an older event that the journal has as %s: that was not its end",
      async (outcome) => {
        await world.ledger.record([entryOf(older, outcome)]);
        await settle(newer);
        expect(await claim(older, another)).toEqual({ kind: "superseded", by: "newer" });
      },
    );

    it("is granted for the decision that stands as rejected: it is tried again", async () => {
      await settle(older, "rejected");
      expect(await claim(older, another)).toEqual(granted);
    });

    it("is superseded by a newer decision that was rejected", async () => {
      await settle(newer, "rejected");
      expect(await claim(older, another)).toEqual({ kind: "superseded", by: "newer" });
    });

    it("is busy for a rejected decision that another invocation tries again", async () => {
      await settle(older, "rejected");
      await claim(older, one);
      expect(await claim(older, another)).toEqual(busy);
    });

    it("for the more restrictive of two decisions made at the same time wins", async () => {
      const leave: Told = { eventId: "leave", minute: 1, intent: "offboard" };
      const hire: Told = { eventId: "zz", minute: 1, intent: "onboard" };
      await settle(hire);
      const leaveAfterHire = await claim(leave, one);
      await conclude(stand(leave));
      const hireAfterLeave = await claim({ ...hire, eventId: "zzz" }, one);
      expect([leaveAfterHire, hireAfterLeave]).toEqual([granted, { kind: "superseded", by: "leave" }]);
    });

    it("does not mix up aspects and people", async () => {
      const people = ["ada", "Ada", "ada#head#access", 'a"da', "アダ", "ada "];
      const tolds = people.flatMap((personId): Told[] => [
        { ...older, personId },
        { ...older, personId, intent: "relicense" },
      ]);
      expect(await world.ledger.claim(tolds.map(claimOf), one)).toEqual(tolds.map(() => granted));
    });

    it("is answered in the order of the claims", async () => {
      await settle({ ...older, personId: "settled" });
      await settle({ ...newer, personId: "superseded" });
      await claim({ ...older, personId: "busy" }, one);
      const people = ["busy", "granted", "settled", "superseded"];
      const claims = people.map((personId) => claimOf({ ...older, personId }));
      const answers = await world.ledger.claim(claims, another);
      expect(answers.map(({ kind }) => kind)).toEqual(people);
    });

    it("has one winner of 200 who claim at the same time", async () => {
      const owners = Array.from({ length: 200 }, (_, index) => leaseOf(`owner-${index}`));
      const kinds = await Promise.all(owners.map(async (lease) => (await claim(older, lease))?.kind));
      expect([
        kinds.filter((kind) => kind === "granted").length,
        kinds.filter((kind) => kind === "busy").length,
      ]).toEqual([1, 199]);
    });

    it("is not settled by an entry whose worker died before the head moved, while an older decision is acted on", async () => {
      await world.ledger.record([entryOf(newer, "applied")]);
      await claim(older, one);
      const meanwhile = await claim(newer, another);
      await conclude(stand(older));
      expect([meanwhile, await claim(newer, another)]).toEqual([busy, granted]);
    });
  });
}
