import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { claimOf, stand, type Told } from "./decisions.ts";
import { approval, heldSteps, ids } from "./heldSteps.ts";
import type { LedgerWorld } from "./ledgerWorld.ts";

const older: Told = { eventId: "older", minute: 1 };
const newer: Told = { eventId: "newer", minute: 2 };
const rival = { ...approval, by: "alan" };
const changed = { kind: "changed" };

/** Two operators at a time, each with the list of a moment ago; and what an earlier end has left on the head. */
export function rivalOperatorsContract(open: () => Promise<LedgerWorld>): void {
  describe("a held decision", () => {
    let world: LedgerWorld;
    let steps: ReturnType<typeof heldSteps>;
    beforeEach(async () => {
      world = await open();
      steps = heldSteps(world);
    });
    afterEach(() => world.close());

    it("that one operator has released is not discarded by another who read it before", async () => {
      await steps.hold(older);
      const before = await steps.sole();
      await world.held.release(before, approval);
      expect([
        await world.held.discard(before, rival),
        await steps.journalOf("older"),
        ids(await steps.due()),
        await steps.claim(older),
      ]).toMatchObject([
        changed,
        { outcome: "held", by: "grace" },
        ["older"],
        { kind: "granted", approvedBy: "grace" },
      ]);
    });

    it("that one operator has discarded is not released by another who read it before", async () => {
      await steps.hold(older);
      const before = await steps.sole();
      await world.held.discard(before, approval);
      expect([await world.held.release(before, rival), await steps.due(), await steps.claim(older)]).toEqual([
        changed,
        [],
        { kind: "discarded" },
      ]);
    });

    it("keeps its approval when another operator releases an older one, read before", async () => {
      await steps.hold(older);
      const before = await steps.sole();
      await steps.hold(newer);
      await world.held.release(await steps.sole(), approval);
      expect([await world.held.release(before, rival), await steps.claim(newer)]).toMatchObject([
        changed,
        { kind: "granted", approvedBy: "grace" },
      ]);
    });

    it("can be released though it stood as rejected before it was redriven and held", async () => {
      const lease = steps.nextLease();
      await world.ledger.claim([claimOf(older)], lease);
      await world.ledger.conclude([stand(older, "rejected")], lease);
      await steps.hold(older);
      expect([
        await world.held.release(await steps.sole(), approval),
        await steps.claim(older),
      ]).toMatchObject([{ kind: "released" }, { kind: "granted", approvedBy: "grace" }]);
    });
  });
}
