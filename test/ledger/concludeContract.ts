import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ClaimResult, JournalOutcome, Lease } from "../../src/ledger/ledger.ts";
import { claimOf, entryOf, leaseOf, leaseOver, stand, type Told } from "./decisions.ts";
import type { LedgerWorld } from "./ledgerWorld.ts";

const older: Told = { eventId: "older", minute: 1 };
const newer: Told = { eventId: "newer", minute: 2 };
const one = leaseOf("one");
const another = leaseOf("another", leaseOver);
const done = { kind: "done" };
const lost = { kind: "fault", reason: "the lease ended before the decision was settled" };

/** How a claim ends, and what the journal keeps of it. */
export function concludeContract(open: () => Promise<LedgerWorld>): void {
  describe("a conclusion", () => {
    let world: LedgerWorld;
    beforeEach(async () => {
      world = await open();
    });
    afterEach(() => world.close());
    const claim = async (told: Told, lease: Lease) => {
      const [answer] = await world.ledger.claim([claimOf(told)], lease);
      return answer?.kind;
    };
    const conclude = async (conclusion: ClaimResult, lease: Lease) =>
      (await world.ledger.commit([conclusion], lease))[0];
    const release = (told: Told) => ({ kind: "release", claim: claimOf(told) }) as const;
    const entry = (told: Told) => world.entryOf("ada", told.eventId);

    it("that stands is written to the journal, every field of it", async () => {
      const full = {
        ...entryOf(older, "applied"),
        code: "c",
        requestId: "r",
        accountId: "a",
        effectiveAt: "e",
      };
      await claim(older, one);
      const answer = await conclude({ ...stand(older), entry: full }, one);
      expect({ answer, entry: await entry(older) }).toEqual({ answer: done, entry: full });
    });

    it("that releases leaves the order of decisions as it was, and writes the entry that it brings", async () => {
      await claim(newer, one);
      const answer = await conclude({ ...release(newer), entry: entryOf(newer, "deferred") }, one);
      const after = { older: await claim(older, another), entry: await entry(newer) };
      expect({ answer, ...after }).toEqual({
        answer: done,
        older: "granted",
        entry: entryOf(newer, "deferred"),
      });
    });

    it("that keeps the claim writes nothing", async () => {
      await claim(older, one);
      const answer = await conclude({ kind: "keep", claim: claimOf(older) }, one);
      expect({ answer, entry: await entry(older) }).toEqual({ answer: done, entry: undefined });
    });

    it("fails if the lease was taken over, and does not move the head back", async () => {
      await claim(older, one);
      await claim(newer, another);
      await conclude(stand(newer), another);
      const late = await conclude(stand(older), one);
      const again = await claim({ ...older, eventId: "in between" }, another);
      expect({ late, again }).toEqual({ late: lost, again: "superseded" });
    });

    it("fails if another holds the lease now, and leaves that lease alone", async () => {
      await claim(older, one);
      await claim(newer, another);
      const late = [await conclude(stand(older), one), await conclude(release(older), one)];
      const third = await claim(newer, leaseOf("third", leaseOver));
      expect({ late, third, newer: await conclude(stand(newer), another) }).toEqual({
        late: [lost, lost],
        third: "busy",
        newer: done,
      });
    });

    it("fails if another has the lease for the same decision", async () => {
      await claim(older, one);
      await claim(older, another);
      const late = [await conclude(stand(older), one), await conclude(release(older), one)];
      expect(late).toEqual([lost, lost]);
    });

    it("fails for a decision that its own worker has replaced by a newer claim", async () => {
      await claim(older, one);
      await claim(newer, one);
      const answers = [await conclude(stand(older), one), await conclude(stand(newer), one)];
      expect(answers).toEqual([lost, done]);
    });

    it("holds after the lease's end as long as nobody else has claimed", async () => {
      await claim(older, one);
      expect(await conclude(stand(older), { ...one, now: one.until + 60_000 })).toEqual(done);
    });

    it("holds once: a second one finds the claim gone", async () => {
      await claim(older, one);
      const answers = [await conclude(stand(older), one), await conclude(stand(older), one)];
      expect({ answers, again: await claim(older, another) }).toEqual({
        answers: [done, lost],
        again: "settled",
      });
    });

    it("without a claim fails", async () => {
      expect(await conclude(stand(older), one)).toEqual(lost);
    });

    it("lets the head move on from a rejected decision to the same one applied", async () => {
      await claim(older, one);
      await conclude(stand(older, "rejected"), one);
      await claim(older, one);
      await conclude(stand(older), one);
      const after = { entry: (await entry(older))?.outcome, again: await claim(older, another) };
      expect(after).toEqual({ entry: "applied", again: "settled" });
    });

    it("is answered in the order of the conclusions", async () => {
      const told = (personId: string): Told => ({ ...older, personId });
      await world.ledger.claim([claimOf(told("a")), claimOf(told("c"))], one);
      const answers = await world.ledger.commit(
        ["a", "b", "c"].map((person) => stand(told(person))),
        one,
      );
      expect(answers).toEqual([done, lost, done]);
    });
  });

  describe("the journal", () => {
    let world: LedgerWorld;
    beforeEach(async () => {
      world = await open();
    });
    afterEach(() => world.close());
    const record = (outcome: JournalOutcome) => world.ledger.record([entryOf(older, outcome)]);
    const outcome = async () => (await world.entryOf("ada", "older"))?.outcome;

    it("is written even if the lease was lost: the call was made", async () => {
      await world.ledger.claim([claimOf(older)], one);
      await world.ledger.claim([claimOf(newer)], another);
      await world.ledger.commit([stand(older)], one);
      expect(await outcome()).toEqual("applied");
    });

    it.each(["applied", "unchanged", "superseded"] as const)(
      "never loses %s to a redelivery",
      async (first) => {
        await record(first);
        const answers = [await record("superseded"), await record("deferred"), await record("rejected")];
        expect({ answers, outcome: await outcome() }).toEqual({
          answers: [[done], [done], [done]],
          outcome: first,
        });
      },
    );

    it.each(["deferred", "held", "excluded", "rejected"] as const)(
      "takes a new outcome after %s, which was not the end",
      async (first) => {
        await record(first);
        await record("applied");
        expect(await outcome()).toEqual("applied");
      },
    );

    it("keeps the events of different people apart, even under one id", async () => {
      const entries = ["ada", "bob"].map((personId) => entryOf({ ...older, personId }, "applied"));
      const answers = await world.ledger.record(entries);
      const kept = [await world.entryOf("ada", "older"), await world.entryOf("bob", "older")];
      expect({ answers, kept }).toEqual({ answers: [done, done], kept: entries });
    });
  });
}
