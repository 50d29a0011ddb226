import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { claimOf, heldFor, stand, type Told, waitingFor } from "./decisions.ts";
import { heldSteps, ids } from "./heldSteps.ts";
import type { LedgerWorld } from "./ledgerWorld.ts";

const older: Told = { eventId: "older", minute: 1 };
const newer: Told = { eventId: "newer", minute: 2 };
const back: Told = { eventId: "back", minute: 3, intent: "reinstate" };

/** Decisions that the safeguard holds. */
export function heldContract(open: () => Promise<LedgerWorld>): void {
  describe("a held decision", () => {
    let world: LedgerWorld;
    let steps: ReturnType<typeof heldSteps>;
    beforeEach(async () => {
      world = await open();
      steps = heldSteps(world);
    });
    afterEach(() => world.close());

    it("is listed as it was held, and not among those that wait for a day", async () => {
      await steps.hold(older);
      const { token, ...decision } = await steps.sole();
      expect({ token: typeof token, decision, due: await steps.due() }).toEqual({
        token: "string",
        decision: heldFor(older, 10),
        due: [],
      });
    });

    it("is listed in the order in which it was held, however many there are", async () => {
      for (const [index, minute] of [30, 5, 100].entries())
        await steps.hold({ eventId: `held-${minute}`, minute: 1, personId: `${index}` }, minute);
      expect(ids(await steps.held())).toEqual(["held-5", "held-30", "held-100"]);
    });

    it("gives way to a newer one of its kind, held or put off", async () => {
      await steps.hold(older);
      await steps.hold(newer);
      const first = ids(await steps.held());
      await world.pending.defer([waitingFor({ eventId: "newest", minute: 9 }, 60)]);
      expect([first, ids(await steps.held()), ids(await steps.due())]).toEqual([["newer"], [], ["newest"]]);
    });

    it("does not give way to an older one", async () => {
      await steps.hold(newer);
      const [answer] = await world.pending.defer([heldFor(older, 20)]);
      expect([answer, ids(await steps.held())]).toEqual([{ kind: "superseded", by: "newer" }, ["newer"]]);
    });

    it("is cancelled by a newer decision that stands: whoever has returned need not be suspended", async () => {
      await steps.hold(older);
      const lease = steps.nextLease();
      const [granted] = await world.ledger.claim([claimOf(back)], lease);
      const kinds = granted?.kind === "granted" ? granted.pending : [];
      await world.ledger.commit([stand(back, "applied", kinds)], lease);
      expect([kinds, await steps.held()]).toEqual([["offboard"], []]);
    });
  });
}
