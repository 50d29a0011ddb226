import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { StoredHeldDecision } from "../../src/ledger/pendingStore.ts";
import { collect } from "../events/collect.ts";
import {
  claimOf,
  entryOf,
  heldFor,
  leaseOf,
  leaseOver,
  stand,
  type Told,
  timeOf,
  waitingFor,
} from "./decisions.ts";
import type { LedgerWorld } from "./ledgerWorld.ts";

const older: Told = { eventId: "older", minute: 1 };
const newer: Told = { eventId: "newer", minute: 2 };
const back: Told = { eventId: "back", minute: 3, intent: "reinstate" };
const approval = { by: "grace", now: timeOf(30), note: "checked with HR" };
const changed = { kind: "changed" };

/** Decisions that the safeguard holds, and what an operator does about them. */
export function heldContract(open: () => Promise<LedgerWorld>): void {
  describe("a held decision", () => {
    let world: LedgerWorld;
    let invocations = 0;
    beforeEach(async () => {
      world = await open();
    });
    afterEach(() => world.close());
    const nextLease = () => {
      invocations += 1;
      return leaseOf(`invocation-${invocations}`, invocations * leaseOver);
    };
    /** As the drain does it: claims, holds, and lets go with an entry. */
    const hold = async (told: Told, minute = 10) => {
      const lease = nextLease();
      await world.ledger.claim([claimOf(told)], lease);
      await world.pending.defer([heldFor(told, minute)]);
      await world.ledger.conclude(
        [{ kind: "release", claim: claimOf(told), entry: entryOf(told, "held") }],
        lease,
      );
    };
    const claim = async (told: Told) => (await world.ledger.claim([claimOf(told)], nextLease()))[0];
    const held = () => collect(world.held.list());
    const due = () => collect(world.pending.list());
    const ids = (decisions: readonly { eventId: string }[]) => decisions.map(({ eventId }) => eventId);
    const sole = async (): Promise<StoredHeldDecision> => {
      const [decision] = await held();
      if (decision === undefined) throw new Error("expected a held decision; there is none");
      return decision;
    };
    const outcomeOf = async (eventId: string) => {
      const { outcome, by, note } = (await world.entryOf("ada", eventId)) ?? {};
      return { outcome, by, note };
    };

    it("is listed as it was held, and not among those that wait for a day", async () => {
      await hold(older);
      const { token, ...decision } = await sole();
      expect({ token: typeof token, decision, due: await due() }).toEqual({
        token: "string",
        decision: heldFor(older, 10),
        due: [],
      });
    });

    it("is listed in the order in which it was held, however many there are", async () => {
      for (const [index, minute] of [30, 5, 100].entries())
        await hold({ eventId: `held-${minute}`, minute: 1, personId: `${index}` }, minute);
      expect(ids(await held())).toEqual(["held-5", "held-30", "held-100"]);
    });

    it("gives way to a newer one of its kind, held or put off", async () => {
      await hold(older);
      await hold(newer);
      const first = ids(await held());
      await world.pending.defer([waitingFor({ eventId: "newest", minute: 9 }, 60)]);
      expect([first, ids(await held()), ids(await due())]).toEqual([["newer"], [], ["newest"]]);
    });

    it("does not give way to an older one", async () => {
      await hold(newer);
      const [answer] = await world.pending.defer([heldFor(older, 20)]);
      expect([answer, ids(await held())]).toEqual([{ kind: "superseded", by: "newer" }, ["newer"]]);
    });

    it("is cancelled by a newer decision that stands: whoever has returned need not be suspended", async () => {
      await hold(older);
      const lease = nextLease();
      const [granted] = await world.ledger.claim([claimOf(back)], lease);
      const kinds = granted?.kind === "granted" ? granted.pending : [];
      await world.ledger.conclude([stand(back, "applied", kinds)], lease);
      expect([kinds, await held()]).toEqual([["offboard"], []]);
    });

    it("is due when it is released, and its claim knows who approved of it", async () => {
      await hold(older);
      const before = await claim(older);
      const answer = await world.held.release(await sole(), approval);
      const [released] = await due();
      expect({
        before,
        answer,
        held: await held(),
        released: { eventId: released?.eventId, because: released?.because, dueAt: released?.dueAt },
        event: released?.event,
        journal: await outcomeOf("older"),
        claim: await claim(older),
      }).toEqual({
        before: { kind: "granted", interrupted: false, pending: ["offboard"] },
        answer: { kind: "released" },
        held: [],
        released: { eventId: "older", because: "released", dueAt: approval.now },
        event: "older",
        journal: { outcome: "held", by: "grace", note: "checked with HR" },
        claim: { kind: "granted", interrupted: true, pending: ["offboard"], approvedBy: "grace" },
      });
    });

    it("that is released is not held again by a late copy of its event", async () => {
      await hold(older);
      await world.held.release(await sole(), approval);
      const [answer] = await world.pending.defer([heldFor(older, 40)]);
      expect([answer, ids(await held()), ids(await due())]).toEqual([{ kind: "deferred" }, [], ["older"]]);
    });

    it("is removed like any other when it was published, and not twice due", async () => {
      await hold(older);
      await world.held.release(await sole(), approval);
      for (const decision of await due()) await world.pending.remove(decision);
      expect([await due(), await held()]).toEqual([[], []]);
    });

    it("keeps its approval until it stands, through retries, and not beyond", async () => {
      await hold(older);
      await world.held.release(await sole(), approval);
      const tries = [nextLease(), nextLease(), nextLease()];
      const seen: unknown[] = [];
      for (const [index, lease] of tries.entries()) {
        const [answer] = await world.ledger.claim([claimOf(older)], lease);
        seen.push(answer?.kind === "granted" ? answer.approvedBy : answer);
        const stands = { ...stand(older, "rejected"), approvedBy: "grace" };
        await world.ledger.conclude(
          [index === 0 ? { kind: "release", claim: claimOf(older) } : stands],
          lease,
        );
      }
      expect(seen).toEqual(["grace", "grace", undefined]);
    });

    it("that is released approves of no other decision about its person, and outlives one that is older", async () => {
      await hold(newer);
      await world.held.release(await sole(), approval);
      const lease = nextLease();
      const [ofOlder] = await world.ledger.claim([claimOf(older)], lease);
      await world.ledger.conclude([stand(older)], lease);
      const ofNewer = await claim(newer);
      expect([ofOlder, ofNewer]).toMatchObject([
        { kind: "granted" },
        { kind: "granted", approvedBy: "grace" },
      ]);
      expect(ofOlder).not.toHaveProperty("approvedBy");
    });

    it("cannot be released once a newer decision stands", async () => {
      await hold(older);
      const decision = await sole();
      const lease = nextLease();
      await world.ledger.claim([claimOf(back)], lease);
      await world.ledger.conclude([stand(back, "applied", ["offboard"])], lease);
      expect([await world.held.release(decision, approval), await due()]).toEqual([changed, []]);
    });

    it("cannot be released as it was read before it was held anew", async () => {
      await hold(older);
      const before = await sole();
      await hold(older, 20);
      expect([await world.held.release(before, approval), ids(await held())]).toEqual([changed, ["older"]]);
    });

    it("cannot be released before its entry is written: its message comes again", async () => {
      await world.pending.defer([heldFor(older, 10)]);
      expect([await world.held.release(await sole(), approval), await claim(older)]).toEqual([
        changed,
        { kind: "granted", interrupted: false, pending: ["offboard"] },
      ]);
    });

    it("that is discarded is gone, with who did it and why in the journal", async () => {
      await hold(older);
      const answer = await world.held.discard(await sole(), approval);
      const entry = await world.entryOf("ada", "older");
      expect({ answer, held: await held(), journal: await outcomeOf("older"), at: entry?.settledAt }).toEqual(
        {
          answer: { kind: "discarded" },
          held: [],
          journal: { outcome: "discarded", by: "grace", note: "checked with HR" },
          at: new Date(approval.now).toISOString(),
        },
      );
    });

    it("that is discarded is settled for a late copy of its event, and for no other decision", async () => {
      await hold(newer);
      await world.held.discard(await sole(), { by: "grace", now: timeOf(30) });
      const copy = await claim(newer);
      const others = [
        await claim({ eventId: "newest", minute: 9 }),
        await claim({ ...older, personId: "bob" }),
      ];
      expect([copy, others]).toMatchObject([{ kind: "settled" }, [{ kind: "granted" }, { kind: "granted" }]]);
    });

    it("cannot be discarded once it was released and has been carried out", async () => {
      await hold(older);
      const decision = await sole();
      const lease = nextLease();
      await world.ledger.claim([claimOf(older)], lease);
      await world.ledger.conclude([stand(older, "applied", ["offboard"])], lease);
      expect([await world.held.discard(decision, approval), await outcomeOf("older")]).toEqual([
        changed,
        { outcome: "applied", by: undefined, note: undefined },
      ]);
    });
  });
}
