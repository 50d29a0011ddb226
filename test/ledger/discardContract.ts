import { describe, expect, it } from "vitest";
import type { JournalOutcome, Lease } from "../../src/ledger/ledger.ts";
import {
  claimOf,
  entryOf,
  leaseMilliseconds,
  leaseOf,
  leaseOver,
  stand,
  start,
  type TestDecision,
} from "./decisions.ts";
import type { LedgerWorld } from "./ledgerWorld.ts";

const older: TestDecision = { eventId: "older", minute: 1 };
const newer: TestDecision = { eventId: "newer", minute: 2 };
const newest: TestDecision = { eventId: "newest", minute: 3 };
const one = leaseOf("one");
const another = leaseOf("another", leaseOver);
const done = { kind: "done" };
const final = { kind: "settled" };

/** What it means that an operator discards an event. The world's clock stands at the start. */
export function discardContract(world: LedgerWorld): void {
  describe("a discarded event", () => {
    const claim = async (decision: TestDecision, lease: Lease = one) =>
      (await world.ledger.claim([claimOf(decision)], lease))[0]?.kind;
    const discard = (decision: TestDecision) =>
      world.discards.discard({ ...entryOf(decision, "discarded"), by: "eve", note: "a wrong feed" });
    const outcome = async (decision: TestDecision) => (await world.entryOf("ada", decision.eventId))?.outcome;
    const carryOut = async (decision: TestDecision, as: "applied" | "rejected" = "applied") => {
      await claim(decision);
      await world.ledger.commit([stand(decision, as)], one);
    };

    it("is journalled with who did it and why, every field of it", async () => {
      const full = {
        ...entryOf(older, "discarded"),
        code: "UserNotFound",
        requestId: "r",
        by: "eve",
        note: "a wrong feed",
      };
      const answer = await world.discards.discard(full);
      expect({ answer, entry: await world.entryOf("ada", "older") }).toEqual({ answer: done, entry: full });
    });

    it("is carried out by no copy that still comes, whether it stood as rejected or never was claimed", async () => {
      await carryOut(older, "rejected");
      const answers = [await discard(older), await discard(newer)];
      expect({ answers, claims: [await claim(older), await claim(newer)] }).toEqual({
        answers: [done, done],
        claims: ["discarded", "discarded"],
      });
    });

    it("stays discarded in the journal, whatever a copy would write", async () => {
      await discard(older);
      const later: JournalOutcome[] = ["applied", "rejected", "deferred", "superseded"];
      await world.ledger.record(later.map((each) => entryOf(older, each)));
      expect(await outcome(older)).toEqual("discarded");
    });

    it("lets older decisions through, as if it had never come", async () => {
      await discard(newer);
      expect(await claim(older)).toEqual("granted");
    });

    it("stands over older ones if it did so as rejected: it has superseded them before", async () => {
      await carryOut(newer, "rejected");
      await discard(newer);
      expect(await claim(older)).toEqual("superseded");
    });

    it("is in the way of no newer decision", async () => {
      await discard(older);
      await carryOut(newer);
      expect([await outcome(newer), await claim(older)]).toEqual(["applied", "discarded"]);
    });

    it("keeps its end if another copy came to one: applied, or superseded", async () => {
      await carryOut(older);
      const applied = await discard(older);
      await world.ledger.record([entryOf(newer, "superseded")]);
      const superseded = await discard(newer);
      expect({ applied, superseded, outcomes: [await outcome(older), await outcome(newer)] }).toEqual({
        applied: final,
        superseded: final,
        outcomes: ["applied", "superseded"],
      });
    });

    it("is no discarded one where it was applied before: a copy of it is a duplicate, as ever", async () => {
      await carryOut(older);
      await discard(older);
      expect(await claim(older, another)).toEqual("duplicate");
    });

    it("leaves alone the claim of another decision that an invocation acts on", async () => {
      await claim(newer);
      const answer = await discard(older);
      expect([answer, await world.ledger.commit([stand(newer)], one)]).toEqual([done, [done]]);
    });

    it("lets go of its claim that lies open since a newer one was let go", async () => {
      await claim(newer, leaseOf("killed", -2 * leaseOver));
      const letGo = leaseOf("let go", -leaseOver);
      await claim(newest, letGo);
      await world.ledger.commit([{ kind: "release", claim: claimOf(newest) }], letGo);
      expect([await claim(older), await discard(newer), await claim(older)]).toEqual([
        "busy",
        done,
        "granted",
      ]);
    });

    it("is not one while an invocation acts on it, and nothing is written", async () => {
      await claim(older);
      const answer = await discard(older);
      const committed = await world.ledger.commit([stand(older)], one);
      expect({ answer, committed, outcome: await outcome(older) }).toEqual({
        answer: { kind: "busy", until: start + leaseMilliseconds },
        committed: [done],
        outcome: "applied",
      });
    });

    it.each([
      ["its last millisecond", 0, { kind: "busy", until: start }],
      ["the first millisecond after that", -1, done],
    ])("is one only once that invocation's lease is over: at %s", async (_, after, answer) => {
      await claim(older, leaseOf("one", after - leaseMilliseconds));
      expect(await discard(older)).toEqual(answer);
    });

    it("is not one below another claim while that one's lease runs, to its last millisecond", async () => {
      await claim(newer, leaseOf("killed", -3 * leaseOver));
      await claim(newest, leaseOf("acts", -leaseMilliseconds));
      expect(await discard(newer)).toEqual({ kind: "busy", until: start });
    });

    it("lets go of the claim of a worker that it killed, so that older decisions need not wait for it", async () => {
      await claim(newer, leaseOf("killed", -leaseOver));
      expect([await discard(newer), await claim(older)]).toEqual([done, "granted"]);
    });

    it("lets go of its claim below the claim of another worker that died, too", async () => {
      await claim(newer, leaseOf("killed", -2 * leaseOver));
      await claim(newest, leaseOf("killed too", -leaseOver));
      const answers = [await discard(newer), await discard(newest)];
      expect([...answers, await claim(older)]).toEqual([done, done, "granted"]);
    });

    it("opens the older claim again that it found, whose message comes again", async () => {
      await claim(older, leaseOf("killed", -2 * leaseOver));
      await claim(newest, leaseOf("killed too", -leaseOver));
      await discard(newest);
      const between = await claim({ eventId: "oldest", minute: 0 }, another);
      expect([between, await claim(older, another)]).toEqual(["busy", "granted"]);
    });

    it("may be discarded again, by whoever was interrupted", async () => {
      expect([await discard(older), await discard(older)]).toEqual([done, final]);
    });

    it("is that of one person and aspect only", async () => {
      await discard(older);
      const others: TestDecision[] = [
        { ...older, personId: "bob" },
        { ...older, intent: "relicense" },
      ];
      expect(await Promise.all(others.map((decision) => claim(decision)))).toEqual(["granted", "granted"]);
    });
  });
}
