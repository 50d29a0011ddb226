import { beforeEach, describe, expect, it } from "vitest";
import { claimOf, entryOf, heldFor, stand, type TestDecision } from "./decisions.ts";
import { approval, heldSteps, ids, type LedgerWorld } from "./ledgerWorld.ts";

const older: TestDecision = { eventId: "older", minute: 1 };
const newer: TestDecision = { eventId: "newer", minute: 2 };
const rival = { ...approval, by: "alan" };
const changed = { kind: "changed" };

/** Two operators at a time, each with the list of a moment ago; and what an earlier end has left on the head. */
export function rivalOperatorsContract(world: LedgerWorld): void {
  describe("a held decision", () => {
    let steps: ReturnType<typeof heldSteps>;
    beforeEach(() => {
      steps = heldSteps(world);
    });

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

    it("can be released though an interrupted release has left its approval on the head", async () => {
      await steps.hold(older);
      const before = await steps.sole();
      await steps.hold(older, 20);
      const interrupted = await world.held.release(before, approval);
      expect([
        interrupted,
        await world.held.release(await steps.sole(), rival),
        ids(await steps.due()),
        await steps.claim(older),
      ]).toMatchObject([changed, { kind: "released" }, ["older"], { kind: "granted", approvedBy: "alan" }]);
    });

    it.each(["applied", "rejected"] as const)(
      "is not released over a newer one that stands as %s and did not know of it",
      async (as) => {
        const lease = steps.nextLease();
        await world.ledger.claim([claimOf(newer)], lease);
        await world.pending.defer([heldFor(older, 10)]);
        await world.ledger.record([entryOf(older, "held")]);
        await world.ledger.commit([stand(newer, as)], lease);
        expect([
          await world.held.release(await steps.sole(), approval),
          await steps.due(),
          await steps.claim(older),
        ]).toEqual([changed, [], { kind: "superseded", by: "newer" }]);
      },
    );

    it("can be released though an older one stands, and another older one was released before", async () => {
      const lease = steps.nextLease();
      const oldest: TestDecision = { eventId: "oldest", minute: 0 };
      await world.ledger.claim([claimOf(oldest)], lease);
      await world.ledger.commit([stand(oldest)], lease);
      await steps.hold(older);
      await world.held.release(await steps.sole(), approval);
      await steps.hold(newer);
      expect([
        await world.held.release(await steps.sole(), rival),
        ids(await steps.due()),
        await steps.claim(newer),
      ]).toMatchObject([{ kind: "released" }, ["newer"], { kind: "granted", approvedBy: "alan" }]);
    });

    it("is approved of without a note where the operator gives none", async () => {
      await steps.hold(older);
      await world.held.release(await steps.sole(), { by: "grace", now: approval.now });
      expect([await steps.claim(older), await steps.journalOf("older")]).toStrictEqual([
        { kind: "granted", interrupted: false, pending: ["offboard"], approvedBy: "grace" },
        { outcome: "held", by: "grace", note: undefined },
      ]);
    });

    it("is not discarded once a copy of its event has come to an end", async () => {
      await steps.hold(older);
      await world.ledger.record([entryOf(older, "superseded")]);
      expect([
        await world.held.discard(await steps.sole(), approval),
        await steps.journalOf("older"),
      ]).toEqual([changed, { outcome: "superseded", by: undefined, note: undefined }]);
    });

    it("is discarded by who finds its discarding begun and interrupted", async () => {
      await steps.hold(older);
      await world.discards.discard({ ...entryOf(older, "discarded"), by: "alan" });
      expect([await world.held.discard(await steps.sole(), approval), await steps.held()]).toEqual([
        { kind: "discarded" },
        [],
      ]);
    });

    it("is not discarded while an invocation acts on a copy of it, and stays held as it was", async () => {
      await steps.hold(older);
      const lease = { owner: "copy", now: approval.now, until: approval.now + 60_000 };
      await world.ledger.claim([claimOf(older)], lease);
      const answer = await world.held.discard(await steps.sole(), approval);
      const journalled = await steps.journalOf("older");
      const committed = await world.ledger.commit([stand(older)], lease);
      expect({ answer, journalled, held: ids(await steps.held()), committed }).toEqual({
        answer: { kind: "busy", until: lease.until },
        journalled: { outcome: "held" },
        held: ["older"],
        committed: [{ kind: "done" }],
      });
    });

    it("whose worker died before it wrote an entry is left alone: its message comes again", async () => {
      const lease = steps.nextLease();
      await world.ledger.claim([claimOf(older)], lease);
      await world.pending.defer([heldFor(older, 10)]);
      const answers = [
        await world.held.discard(await steps.sole(), approval),
        await world.held.release(await steps.sole(), approval),
      ];
      expect([answers, await steps.claim(older)]).toMatchObject([[changed, changed], { kind: "granted" }]);
    });

    it("is released and discarded though a copy of its event ended otherwise meanwhile", async () => {
      const other: TestDecision = { eventId: "other", minute: 1, personId: "bob" };
      for (const decision of [older, other]) await steps.hold(decision);
      await world.ledger.record([entryOf(older, "excluded"), entryOf(other, "excluded")]);
      const [first, second] = await steps.held();
      if (first === undefined || second === undefined) throw new Error("expected two held decisions");
      expect([await world.held.release(first, approval), await world.held.discard(second, approval)]).toEqual(
        [{ kind: "released" }, { kind: "discarded" }],
      );
    });

    it("is discarded once that invocation has died, and older decisions need not wait for its claim", async () => {
      await steps.hold(newer);
      await world.ledger.claim([claimOf(newer)], steps.nextLease());
      const answer = await world.held.discard(await steps.sole(), approval);
      expect([answer, await steps.claim(newer), await steps.claim(older)]).toMatchObject([
        { kind: "discarded" },
        { kind: "discarded" },
        { kind: "granted" },
      ]);
    });

    it("is discarded though an invocation acts on another decision about the person", async () => {
      await steps.hold(older);
      const lease = { owner: "other", now: approval.now, until: approval.now + 60_000 };
      await world.ledger.claim([claimOf(newer)], lease);
      expect(await world.held.discard(await steps.sole(), approval)).toEqual({ kind: "discarded" });
    });

    it("cannot be released once its discarding has begun, even if that was interrupted", async () => {
      await steps.hold(older);
      await world.discards.discard({ ...entryOf(older, "discarded"), by: "alan" });
      expect([await world.held.release(await steps.sole(), approval), await steps.due()]).toEqual([
        changed,
        [],
      ]);
    });

    it("can be released though it stood as rejected before it was redriven and held", async () => {
      const lease = steps.nextLease();
      await world.ledger.claim([claimOf(older)], lease);
      await world.ledger.commit([stand(older, "rejected")], lease);
      await steps.hold(older);
      expect([
        await world.held.release(await steps.sole(), approval),
        await steps.claim(older),
      ]).toMatchObject([{ kind: "released" }, { kind: "granted", approvedBy: "grace" }]);
    });
  });
}
