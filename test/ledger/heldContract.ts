import { beforeEach, describe, expect, it } from "vitest";
import { claimOf, entryOf, heldFor, stand, type TestDecision, timeOf, waitingFor } from "./decisions.ts";
import { approval, heldSteps, ids, type LedgerWorld } from "./ledgerWorld.ts";

const older: TestDecision = { eventId: "older", minute: 1 };
const newer: TestDecision = { eventId: "newer", minute: 2 };
const back: TestDecision = { eventId: "back", minute: 3, intent: "reinstate" };
const approved = { approvedBy: "grace", approvalNote: "checked with HR" };
const changed = { kind: "changed" };

/** Decisions that the safeguard holds, until an operator releases or discards them. */
export function heldContract(world: LedgerWorld): void {
  describe("a held decision", () => {
    let steps: ReturnType<typeof heldSteps>;
    beforeEach(() => {
      steps = heldSteps(world);
    });

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

    it("gives way to a newer one of its kind, held or deferred", async () => {
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

    it("beside another one of its person is released and discarded alone, and replaced by the other once that stands", async () => {
      for (const personId of ["ada", "bob"])
        for (const decision of [older, newer]) {
          const own = { ...decision, personId };
          const event = JSON.stringify({
            detail: { metadata: {}, data: { email: claimOf(own).email } },
          });
          await world.pending.defer([{ ...heldFor(own, 10), hasOwnPlace: true, event }]);
          await world.ledger.record([entryOf(own, "held")]);
        }
      const held = await steps.held();
      for (const decision of held)
        if (decision.eventId === "newer")
          await (decision.personId === "ada" ? world.held.discard : world.held.release)(decision, approval);
      const left = (await steps.held()).map(({ personId, eventId }) => `${personId} ${eventId}`);
      const lease = steps.nextLease();
      const released = { ...newer, personId: "bob" };
      const [granted] = await world.ledger.claim([claimOf(released)], lease);
      const replaces = granted?.kind === "granted" ? (granted.replaces ?? []) : [];
      await world.ledger.commit([{ ...stand(released), replaces }], lease);
      expect({
        held: held.length,
        left: left.toSorted(),
        after: (await steps.held()).map(({ personId }) => personId),
        replaced: (await world.entryOf("bob", "older"))?.outcome,
      }).toEqual({ held: 4, left: ["ada older", "bob older"], after: ["ada"], replaced: "superseded" });
    });

    it("is due when it is released, and its claim knows who approved of it", async () => {
      await steps.hold(older);
      const before = await steps.claim(older);
      const answer = await world.held.release(await steps.sole(), approval);
      const [released] = await steps.due();
      expect({
        before,
        answer,
        held: await steps.held(),
        released: { eventId: released?.eventId, because: released?.because, dueAt: released?.dueAt },
        event: released?.event,
        journal: await steps.journalOf("older"),
        claim: await steps.claim(older),
      }).toEqual({
        before: { kind: "granted", interrupted: false, pending: ["offboard"] },
        answer: { kind: "released" },
        held: [],
        released: { eventId: "older", because: "released", dueAt: approval.now },
        event: "older",
        journal: { outcome: "held", by: "grace", note: "checked with HR" },
        claim: { kind: "granted", interrupted: true, pending: ["offboard"], ...approved },
      });
    });

    it("that is released is not held again by a late copy of its event", async () => {
      await steps.hold(older);
      await world.held.release(await steps.sole(), approval);
      const [answer] = await world.pending.defer([heldFor(older, 40)]);
      expect([answer, ids(await steps.held()), ids(await steps.due())]).toEqual([
        { kind: "deferred" },
        [],
        ["older"],
      ]);
    });

    it("that is released waits for its day after all, if its event comes again with one", async () => {
      await steps.hold(older);
      await world.held.release(await steps.sole(), approval);
      await world.pending.defer([waitingFor(older, 60)]);
      const due = (await steps.due()).map(({ because, dueAt }) => ({ because, dueAt }));
      expect(due).toEqual([{ because: "effectiveLater", dueAt: timeOf(60) }]);
    });

    it("is removed like any other when it was published, and not twice due", async () => {
      await steps.hold(older);
      await world.held.release(await steps.sole(), approval);
      for (const decision of await steps.due()) await world.pending.remove(decision);
      expect([await steps.due(), await steps.held()]).toEqual([[], []]);
    });

    it("keeps its approval until it stands, through retries, and not beyond", async () => {
      await steps.hold(older);
      await world.held.release(await steps.sole(), approval);
      const tries = [steps.nextLease(), steps.nextLease(), steps.nextLease()];
      const seen: unknown[] = [];
      for (const [index, lease] of tries.entries()) {
        const [answer] = await world.ledger.claim([claimOf(older)], lease);
        seen.push(answer?.kind === "granted" ? answer.approvedBy : answer);
        const stands = { ...stand(older, "rejected"), approvedBy: "grace" };
        await world.ledger.commit([index === 0 ? { kind: "release", claim: claimOf(older) } : stands], lease);
      }
      expect(seen).toEqual(["grace", "grace", undefined]);
    });

    it("that is released approves of no other decision about its person, and outlives one that is older", async () => {
      await steps.hold(newer);
      await world.held.release(await steps.sole(), approval);
      const lease = steps.nextLease();
      const [ofOlder] = await world.ledger.claim([claimOf(older)], lease);
      await world.ledger.commit([stand(older)], lease);
      const ofNewer = await steps.claim(newer);
      expect([ofOlder, ofNewer]).toMatchObject([
        { kind: "granted" },
        { kind: "granted", approvedBy: "grace" },
      ]);
      expect(ofOlder).not.toHaveProperty("approvedBy");
    });

    it("cannot be released once a newer decision stands", async () => {
      await steps.hold(older);
      const decision = await steps.sole();
      const lease = steps.nextLease();
      await world.ledger.claim([claimOf(back)], lease);
      await world.ledger.commit([stand(back, "applied", ["offboard"])], lease);
      expect([await world.held.release(decision, approval), await steps.due()]).toEqual([changed, []]);
    });

    it("cannot be released as it was read before it was held anew", async () => {
      await steps.hold(older);
      const before = await steps.sole();
      await steps.hold(older, 20);
      expect([await world.held.release(before, approval), ids(await steps.held())]).toEqual([
        changed,
        ["older"],
      ]);
    });

    it("cannot be released before its entry is written: its message comes again", async () => {
      await world.pending.defer([heldFor(older, 10)]);
      expect([await world.held.release(await steps.sole(), approval), await steps.claim(older)]).toEqual([
        changed,
        { kind: "granted", interrupted: false, pending: ["offboard"] },
      ]);
    });

    it("that is discarded is gone, with who did it and why in the journal", async () => {
      await steps.hold(older);
      const answer = await world.held.discard(await steps.sole(), approval);
      const entry = await world.entryOf("ada", "older");
      expect({
        answer,
        held: await steps.held(),
        journal: await steps.journalOf("older"),
        at: entry?.settledAt,
      }).toEqual({
        answer: { kind: "discarded" },
        held: [],
        journal: { outcome: "discarded", by: "grace", note: "checked with HR" },
        at: new Date(approval.now).toISOString(),
      });
    });

    it("that is discarded is over for a late copy of its event, and for no other decision", async () => {
      await steps.hold(newer);
      await world.held.discard(await steps.sole(), { by: "grace", now: timeOf(30) });
      const copy = await steps.claim(newer);
      const others = [
        await steps.claim({ eventId: "newest", minute: 9 }),
        await steps.claim({ ...older, personId: "bob" }),
      ];
      expect([copy, others]).toMatchObject([
        { kind: "discarded" },
        [{ kind: "granted" }, { kind: "granted" }],
      ]);
    });

    it.each(["release", "discard"] as const)(
      "that a fault has left behind, though it was carried out, is held no more after a %s",
      async (action) => {
        await steps.hold(older);
        const decision = await steps.sole();
        const lease = steps.nextLease();
        await world.ledger.claim([claimOf(older)], lease);
        await world.ledger.commit([stand(older)], lease);
        expect([await world.held[action](decision, approval), await steps.held()]).toEqual([changed, []]);
      },
    );

    it.each(["release", "discard"] as const)(
      "whose event came again and was superseded is held no more after a %s, and stays superseded",
      async (action) => {
        await steps.hold(older);
        await world.ledger.record([entryOf(older, "superseded")]);
        const answer = await world.held[action](await steps.sole(), approval);
        const { outcome } = await steps.journalOf("older");
        expect([answer, await steps.held(), await steps.due(), outcome]).toEqual([
          changed,
          [],
          [],
          "superseded",
        ]);
      },
    );

    it("that was held anew since it was read stays, whatever was over before", async () => {
      await steps.hold(older);
      const before = await steps.sole();
      const lease = steps.nextLease();
      await world.ledger.claim([claimOf(older)], lease);
      await world.ledger.commit([stand(older)], lease);
      await steps.hold(newer);
      expect([await world.held.release(before, approval), ids(await steps.held())]).toEqual([
        changed,
        ["newer"],
      ]);
    });

    const afterReturn = "that a fault has left behind, though a return stands over it, is held no more";
    it(`${afterReturn} after a release`, () => endAfterReturn("release"));
    it(`${afterReturn} after a discard`, () => endAfterReturn("discard"));

    async function endAfterReturn(action: "release" | "discard") {
      await steps.hold(older);
      const decision = await steps.sole();
      const lease = steps.nextLease();
      await world.ledger.claim([claimOf(back)], lease);
      await world.ledger.commit([stand(back)], lease);
      const answer = await world.held[action](decision, approval);
      expect([answer.kind === "released", await steps.held()]).toEqual([false, []]);
    }

    it("cannot be discarded once it was released and has been carried out", async () => {
      await steps.hold(older);
      const decision = await steps.sole();
      const lease = steps.nextLease();
      await world.ledger.claim([claimOf(older)], lease);
      await world.ledger.commit([stand(older, "applied", ["offboard"])], lease);
      expect([await world.held.discard(decision, approval), await steps.journalOf("older")]).toEqual([
        changed,
        { outcome: "applied", by: undefined, note: undefined },
      ]);
    });
  });
}
