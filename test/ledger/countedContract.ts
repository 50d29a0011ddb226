import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ClaimAnswer, ClaimResult } from "../../src/ledger/ledger.ts";
import { claimOf, leaseOf, leaseOver, stand, type Told } from "./decisions.ts";
import type { LedgerWorld } from "./ledgerWorld.ts";

const leaver: Told = { eventId: "leaver", minute: 1 };
const newer: Told = { eventId: "newer", minute: 2 };
const granted: ClaimAnswer = { kind: "granted", interrupted: false, pending: [] };
const inDoubt: ClaimAnswer = { ...granted, interrupted: true };

/** Which decision the safeguard counts already, although it has not come to its end. */
export function countedContract(open: () => Promise<LedgerWorld>): void {
  describe("a decision that the safeguard counts", () => {
    let world: LedgerWorld;
    beforeEach(async () => {
      world = await open();
    });
    afterEach(() => world.close());
    const claim = async (told: Told, after = 0) =>
      (await world.ledger.claim([claimOf(told)], leaseOf("one", after)))[0];
    const conclude = async (conclusion: ClaimResult, owner = "one") =>
      (await world.ledger.commit([conclusion], leaseOf(owner)))[0];
    const letGo = (told: Told, kind: "keep" | "release", counted: boolean): ClaimResult => ({
      kind,
      claim: claimOf(told),
      counted,
    });

    it.each([
      ["let go", "release", granted],
      ["kept in doubt", "keep", inDoubt],
    ] as const)("is known as such by its next claim, when it was %s", async (_, kind, answer) => {
      await claim(leaver);
      const concluded = await conclude(letGo(leaver, kind, true));
      expect([concluded, await claim(leaver, leaseOver)]).toEqual([
        { kind: "done" },
        { ...answer, counted: true },
      ]);
    });

    it("stays known over a try that is not counted again", async () => {
      await claim(leaver);
      await conclude(letGo(leaver, "release", true));
      await claim(leaver);
      await conclude(letGo(leaver, "release", false));
      expect(await claim(leaver)).toEqual({ ...granted, counted: true });
    });

    it("says nothing of another decision about the person, and of none that was not counted", async () => {
      await claim(leaver);
      await conclude(letGo(leaver, "release", true));
      const another = await claim(newer);
      await conclude(stand(newer));
      await claim({ ...leaver, personId: "bob" });
      await conclude({ ...letGo({ ...leaver, personId: "bob" }, "release", false) });
      expect([another, await claim({ ...leaver, personId: "bob" })]).toEqual([granted, granted]);
    });

    it("is forgotten when a decision stands, so that a rejected one is counted anew when it is tried again", async () => {
      await claim(leaver);
      await conclude(letGo(leaver, "release", true));
      await claim(leaver);
      await conclude(stand(leaver, "rejected"));
      expect(await claim(leaver)).toEqual(granted);
    });

    it("stays known if it was carried out, and stands as rejected for what was to be done besides", async () => {
      await claim(leaver);
      await conclude({ ...stand(leaver, "rejected"), counted: true });
      expect(await claim(leaver)).toEqual({ ...granted, counted: true });
    });

    it("is not noted by whoever has lost the lease", async () => {
      await claim(leaver);
      const lost = { kind: "fault", reason: "the lease ended before the decision was settled" };
      expect([
        await conclude(letGo(leaver, "keep", true), "another"),
        await conclude(letGo({ ...leaver, personId: "never claimed" }, "keep", true)),
      ]).toEqual([lost, lost]);
    });

    it("is not noted by a worker that acts on a newer one by now", async () => {
      await claim(leaver);
      await claim(newer);
      expect(await conclude(letGo(leaver, "keep", true))).toMatchObject({ kind: "fault" });
      expect(await claim(newer)).toEqual(inDoubt);
    });
  });
}
