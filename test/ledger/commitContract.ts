import { describe, expect, it } from "vitest";
import type { ClaimAnswer, ClaimResult, JournalOutcome, Lease } from "../../src/ledger/ledger.ts";
import { claimOf, entryOf, leaseOf, leaseOver, stand, type TestDecision } from "./decisions.ts";
import type { LedgerWorld } from "./ledgerWorld.ts";

const older: TestDecision = { eventId: "older", minute: 1 };
const newer: TestDecision = { eventId: "newer", minute: 2 };
const one = leaseOf("one");
const another = leaseOf("another", leaseOver);
const leaver: TestDecision = { eventId: "leaver", minute: 1 };
const granted: ClaimAnswer = { kind: "granted", interrupted: false, pending: [] };
const inDoubt: ClaimAnswer = { ...granted, interrupted: true };
const done = { kind: "done" };
const release = (decision: TestDecision) => ({ kind: "release", claim: claimOf(decision) }) as const;
const lost = { kind: "fault", reason: "the lease ended before the result was committed" };

/** How a claim ends, what the journal keeps of it, and which decisions the safeguard counts already. */
export function commitContract(world: LedgerWorld): void {
  describe("a commit", () => {
    const claim = async (decision: TestDecision, lease: Lease) => {
      const [answer] = await world.ledger.claim([claimOf(decision)], lease);
      return answer?.kind;
    };
    const commit = async (result: ClaimResult, lease: Lease) =>
      (await world.ledger.commit([result], lease))[0];
    const entry = (decision: TestDecision) => world.entryOf("ada", decision.eventId);

    it("that stands is written to the journal, every field of it", async () => {
      const full = {
        ...entryOf(older, "applied"),
        code: "c",
        requestId: "r",
        accountId: "a",
        effectiveAt: "e",
      };
      await claim(older, one);
      const answer = await commit({ ...stand(older), entry: full }, one);
      expect({ answer, entry: await entry(older) }).toEqual({ answer: done, entry: full });
    });

    it("that releases leaves the order of decisions as it was, and writes the entry that it brings", async () => {
      await claim(newer, one);
      const answer = await commit({ ...release(newer), entry: entryOf(newer, "deferred") }, one);
      const after = { older: await claim(older, another), entry: await entry(newer) };
      expect({ answer, ...after }).toEqual({
        answer: done,
        older: "granted",
        entry: entryOf(newer, "deferred"),
      });
    });

    it("that releases a decision which was carried out in part keeps older ones out, and lets it come again at once", async () => {
      await claim(newer, one);
      const answer = await commit({ ...release(newer), staysOpen: true }, one);
      const next = { ...one, owner: "another" };
      const after = [await claim(older, next), await claim(newer, next)];
      expect([answer, after]).toEqual([done, ["busy", "granted"]]);
    });

    it("that ends a try which may have changed the user tells the next one how the first has found the user", async () => {
      const userBefore = { status: "registered", license: "Pro", seenAt: "2026-05-14T08:00:00.000Z" };
      const next = { ...one, owner: "another" };
      await claim(newer, one);
      await commit({ ...release(newer), staysOpen: true, userBefore }, one);
      const second = await world.ledger.claim([claimOf(newer)], next);
      await commit({ ...release(newer), staysOpen: true, userBefore: { status: "suspended" } }, next);
      const third = await world.ledger.claim([claimOf(newer)], one);
      expect([second, third]).toEqual([[{ ...inDoubt, userBefore }], [{ ...inDoubt, userBefore }]]);
    });

    it("that keeps the claim writes nothing", async () => {
      await claim(older, one);
      const answer = await commit({ kind: "keep", claim: claimOf(older) }, one);
      expect({ answer, entry: await entry(older) }).toEqual({ answer: done, entry: undefined });
    });

    it("fails if the lease was taken over, and does not move the head back", async () => {
      await claim(older, one);
      await claim(newer, another);
      await commit(stand(newer), another);
      const late = await commit(stand(older), one);
      const again = await claim({ ...older, eventId: "in between" }, another);
      expect({ late, again }).toEqual({ late: lost, again: "superseded" });
    });

    it("fails if another holds the lease now, and leaves that lease alone", async () => {
      await claim(older, one);
      await claim(newer, another);
      const late = [await commit(stand(older), one), await commit(release(older), one)];
      const third = await claim(newer, leaseOf("third", leaseOver));
      expect({ late, third, newer: await commit(stand(newer), another) }).toEqual({
        late: [lost, lost],
        third: "busy",
        newer: done,
      });
    });

    it("fails if another has the lease for the same decision", async () => {
      await claim(older, one);
      await claim(older, another);
      const late = [await commit(stand(older), one), await commit(release(older), one)];
      expect(late).toEqual([lost, lost]);
    });

    it("fails for a decision that its own worker has replaced by a newer claim", async () => {
      await claim(older, one);
      await claim(newer, one);
      const answers = [await commit(stand(older), one), await commit(stand(newer), one)];
      expect(answers).toEqual([lost, done]);
    });

    it("holds after the lease's end as long as nobody else has claimed", async () => {
      await claim(older, one);
      expect(await commit(stand(older), { ...one, now: one.until + 60_000 })).toEqual(done);
    });

    it("holds once: a second one finds the claim gone", async () => {
      await claim(older, one);
      const answers = [await commit(stand(older), one), await commit(stand(older), one)];
      expect({ answers, again: await claim(older, another) }).toEqual({
        answers: [done, lost],
        again: "duplicate",
      });
    });

    it("without a claim fails", async () => {
      expect(await commit(stand(older), one)).toEqual(lost);
    });

    it("lets the head move on from a rejected decision to the same one applied", async () => {
      await claim(older, one);
      await commit(stand(older, "rejected"), one);
      await claim(older, one);
      await commit(stand(older), one);
      const after = { entry: (await entry(older))?.outcome, again: await claim(older, another) };
      expect(after).toEqual({ entry: "applied", again: "duplicate" });
    });

    it("is answered in the order of the results", async () => {
      const decision = (personId: string): TestDecision => ({ ...older, personId });
      await world.ledger.claim([claimOf(decision("a")), claimOf(decision("c"))], one);
      const answers = await world.ledger.commit(
        ["a", "b", "c"].map((person) => stand(decision(person))),
        one,
      );
      expect(answers).toEqual([done, lost, done]);
    });
  });

  describe("the journal", () => {
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

    it("tells which events have come to their end, in the order in which it is asked", async () => {
      await world.ledger.record([entryOf(older, "superseded"), entryOf(newer, "rejected")]);
      const events = [claimOf(newer), claimOf({ ...older, personId: "bob" }), claimOf(older)];
      const answers = await world.ledger.ended(events);
      expect(answers.map(({ kind }) => kind)).toEqual(["open", "open", "ended"]);
    });

    it("keeps the events of different people apart, even under one id", async () => {
      const entries = ["ada", "bob"].map((personId) => entryOf({ ...older, personId }, "applied"));
      const answers = await world.ledger.record(entries);
      const kept = [await world.entryOf("ada", "older"), await world.entryOf("bob", "older")];
      expect({ answers, kept }).toEqual({ answers: [done, done], kept: entries });
    });
  });

  describe("a claim that is abandoned", () => {
    const claim = async (decision: TestDecision, lease: Lease) =>
      (await world.ledger.claim([claimOf(decision)], lease))[0];
    const abandon = async (decision: TestDecision, lease: Lease) =>
      (await world.ledger.abandon([claimOf(decision)], lease))[0];
    const third = leaseOf("third", 2 * leaseOver);
    const ended = { kind: "done", wasOpen: true };

    it("no longer keeps older decisions waiting", async () => {
      await claim(newer, one);
      const before = (await claim(older, another))?.kind;
      const answer = await abandon(newer, another);
      expect([before, answer, await claim(older, another)]).toEqual(["busy", ended, granted]);
    });

    it("opens the earlier one again that its worker had found open", async () => {
      await claim(older, one);
      await claim(newer, another);
      const answer = await abandon(newer, third);
      expect([answer, await claim(older, third)]).toEqual([ended, inDoubt]);
    });

    it("stays gone when a newer one that had found it is released", async () => {
      await claim(older, one);
      await claim(newer, another);
      await abandon(older, third);
      await world.ledger.commit([release(newer)], another);
      expect(await claim({ eventId: "oldest", minute: 0 }, third)).toEqual(granted);
    });

    it("is refused while its lease runs", async () => {
      await claim(older, one);
      const answer = await abandon(older, leaseOf("another", 1));
      const committed = await world.ledger.commit([stand(older)], one);
      expect([answer?.kind, committed]).toEqual(["fault", [done]]);
    });

    it("needs no claim, and leaves the others", async () => {
      const answers = [await abandon(older, one), await claim(newer, one), await abandon(older, another)];
      const committed = await world.ledger.commit([stand(newer)], one);
      expect([answers, committed]).toEqual([[done, granted, done], [done]]);
    });
  });

  describe("a decision that the safeguard counts", () => {
    const claim = async (decision: TestDecision, after = 0) =>
      (await world.ledger.claim([claimOf(decision)], leaseOf("one", after)))[0];
    const commit = async (result: ClaimResult, owner = "one") =>
      (await world.ledger.commit([result], leaseOf(owner)))[0];
    const letGo = (decision: TestDecision, kind: "keep" | "release", counted: boolean): ClaimResult => ({
      kind,
      claim: claimOf(decision),
      counted,
    });

    it.each([
      ["let go", "release", granted],
      ["kept in doubt", "keep", inDoubt],
    ] as const)("is known as such by its next claim, when it was %s", async (_, kind, answer) => {
      await claim(leaver);
      const committed = await commit(letGo(leaver, kind, true));
      expect([committed, await claim(leaver, leaseOver)]).toEqual([
        { kind: "done" },
        { ...answer, counted: true },
      ]);
    });

    it("stays known over a try that is not counted again", async () => {
      await claim(leaver);
      await commit(letGo(leaver, "release", true));
      await claim(leaver);
      await commit(letGo(leaver, "release", false));
      expect(await claim(leaver)).toEqual({ ...granted, counted: true });
    });

    it("says nothing of another decision about the person, and of none that was not counted", async () => {
      await claim(leaver);
      await commit(letGo(leaver, "release", true));
      const another = await claim(newer);
      await commit(stand(newer));
      await claim({ ...leaver, personId: "bob" });
      await commit({ ...letGo({ ...leaver, personId: "bob" }, "release", false) });
      expect([another, await claim({ ...leaver, personId: "bob" })]).toEqual([granted, granted]);
    });

    it("is forgotten when a decision stands, so that a rejected one is counted anew when it is tried again", async () => {
      await claim(leaver);
      await commit(letGo(leaver, "release", true));
      await claim(leaver);
      await commit(stand(leaver, "rejected"));
      expect(await claim(leaver)).toEqual(granted);
    });

    it("stays known if it was carried out, and stands as rejected for what was to be done besides", async () => {
      await claim(leaver);
      await commit({ ...stand(leaver, "rejected"), carriedOut: true });
      expect(await claim(leaver)).toEqual({ ...granted, counted: true, leftBefore: true });
    });

    it("is not noted by whoever has lost the lease", async () => {
      await claim(leaver);
      expect([
        await commit(letGo(leaver, "keep", true), "another"),
        await commit(letGo({ ...leaver, personId: "never claimed" }, "keep", true)),
      ]).toEqual([lost, lost]);
    });

    it("is not noted by a worker that acts on a newer one by now", async () => {
      await claim(leaver);
      await claim(newer);
      expect(await commit(letGo(leaver, "keep", true))).toEqual(lost);
      expect(await claim(newer)).toEqual(inDoubt);
    });
  });
}
