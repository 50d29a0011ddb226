import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { FollowUpKind, PendingDecision, WaitingKind } from "../../src/ledger/pendingStore.ts";
import { collect } from "../events/collect.ts";
import { claimOf, entryOf, leaseOf, stand, type Told, waitingFor } from "./decisions.ts";
import type { LedgerWorld } from "./ledgerWorld.ts";

const leave: Told = { eventId: "leave", minute: 1 };
const back: Told = { eventId: "back", minute: 2, intent: "reinstate" };
const one = leaseOf("one");

/** The license that follows from the decision: it waits beside HR's own, for as long as the decision stands. */
function following(told: Told, followUp: FollowUpKind = "licenseAfterLeaving"): PendingDecision {
  return { ...waitingFor(told, 60), intent: "relicense", followUp, because: "follows" };
}

/** What waits because it follows from a decision about access, and what such a decision is asked by. */
export function followUpContract(open: () => Promise<LedgerWorld>): void {
  describe("a license that follows from a decision", () => {
    let world: LedgerWorld;
    beforeEach(async () => {
      world = await open();
    });
    afterEach(() => world.close());
    const claim = async (told: Told) => (await world.ledger.claim([claimOf(told)], one))[0];
    const waiting = async () => (await collect(world.pending.list())).map(({ token, ...rest }) => rest);
    const settle = async (told: Told) => {
      const granted = await claim(told);
      const kinds: readonly WaitingKind[] = granted?.kind === "granted" ? granted.pending : [];
      await world.ledger.commit([stand(told, "applied", kinds)], one);
      return kinds;
    };

    it("waits beside a license that HR names itself, and beside the other kind, and is removed alone", async () => {
      const own = waitingFor({ ...leave, intent: "relicense" }, 60);
      await world.pending.defer([own, following(leave), following(leave, "licenseAfterJoining")]);
      const all = await waiting();
      for (const decision of await collect(world.pending.list()))
        if (decision.followUp === "licenseAfterLeaving") await world.pending.remove(decision);
      expect({ all: all.length, left: (await waiting()).map(({ followUp }) => followUp).sort() }).toEqual({
        all: 3,
        left: ["licenseAfterJoining", undefined],
      });
    });

    it("is listed as it was put off", async () => {
      await world.pending.defer([following(leave)]);
      expect(await waiting()).toEqual([following(leave)]);
    });

    it("is cancelled by a newer decision about access, and not by one about the license", async () => {
      await world.pending.defer([following(leave)]);
      await settle({ eventId: "pro", minute: 3, intent: "relicense" });
      const before = await waiting();
      const kinds = await settle(back);
      expect({ before: before.length, kinds, after: await waiting() }).toEqual({
        before: 1,
        kinds: ["licenseAfterLeaving"],
        after: [],
      });
    });

    it("does not give way to what follows from an older decision", async () => {
      await world.pending.defer([following({ ...leave, minute: 5 })]);
      expect(await world.pending.defer([following(leave)])).toEqual([{ kind: "superseded", by: "leave" }]);
    });
  });

  describe("what stands", () => {
    let world: LedgerWorld;
    beforeEach(async () => {
      world = await open();
    });
    afterEach(() => world.close());
    const { personId } = claimOf(leave);
    const standing = () =>
      world.ledger.standing([
        { personId, aspect: "access" },
        { personId, aspect: "license" },
      ]);
    const nothing = { kind: "stands", eventId: undefined };

    it("is nothing for a person of whom nothing is known", async () => {
      expect(await standing()).toEqual([nothing, nothing]);
    });

    it("is the newest decision that was concluded, in its own aspect", async () => {
      for (const told of [leave, back]) {
        await world.ledger.claim([claimOf(told)], one);
        await world.ledger.commit([stand(told)], one);
      }
      expect(await standing()).toEqual([{ kind: "stands", eventId: "back" }, nothing]);
    });

    it("is open while a decision is being carried out, and no more once it was let go", async () => {
      await world.ledger.claim([claimOf(leave)], one);
      const during = await standing();
      await world.ledger.commit([{ kind: "release", claim: claimOf(leave) }], one);
      expect([during, await standing()]).toEqual([
        [{ kind: "open" }, nothing],
        [nothing, nothing],
      ]);
    });

    it("is not changed by a decision that waits, whether for its day or as what follows", async () => {
      await world.ledger.claim([claimOf(leave)], one);
      await world.ledger.commit([stand(leave)], one);
      await world.pending.defer([following(leave), waitingFor(back, 60)]);
      await world.ledger.record([entryOf(back, "deferred")]);
      expect((await standing())[0]).toEqual({ kind: "stands", eventId: "leave" });
    });
  });
}
