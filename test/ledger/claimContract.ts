import { describe, expect, it } from "vitest";
import type { ClaimAnswer, ClaimResult, Lease } from "../../src/ledger/ledger.ts";
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

const oldest: TestDecision = { eventId: "oldest", minute: 0 };
const older: TestDecision = { eventId: "older", minute: 1 };
const newer: TestDecision = { eventId: "newer", minute: 2 };
const newest: TestDecision = { eventId: "newest", minute: 3 };
const laterReturn: TestDecision = { ...newer, intent: "reinstate" };
/** It stands over older ones, and nobody was suspended or let in by it. */
const withoutEffect = (decision: TestDecision): ReturnType<typeof stand> => {
  const { carriedOut: _, ...result } = stand(decision);
  return { ...result, entry: entryOf(decision, "superseded") };
};
const granted: ClaimAnswer = { kind: "granted", interrupted: false, pending: [] };
const interrupted: ClaimAnswer = { ...granted, interrupted: true };
const duplicate: ClaimAnswer = { kind: "duplicate" };
const busy: ClaimAnswer = { kind: "busy", until: start + leaseMilliseconds };
const one = leaseOf("one");
const another = leaseOf("another");
const anotherLater = leaseOf("another", leaseOver);

/** Which decision may be acted on: the order, duplicates, and the lease of the invocation that acts. */
export function claimContract(world: LedgerWorld): void {
  describe("a claim", () => {
    const claim = async (decision: TestDecision, lease: Lease) =>
      (await world.ledger.claim([claimOf(decision)], lease))[0];
    const carryOut = async (decision: TestDecision, as?: "applied" | "rejected") => {
      await claim(decision, one);
      await commit(stand(decision, as));
    };
    const commit = (result: ClaimResult, lease = one) => world.ledger.commit([result], lease);

    it("on a person of whom nothing is known is granted", async () => {
      expect(await claim(older, one)).toEqual(granted);
    });

    it("is granted for a decision newer than the one that stands", async () => {
      await carryOut(older);
      expect(await claim(newer, another)).toEqual({ ...granted, leftBefore: true });
    });

    it.each([
      ["a leave that was carried out", "offboard", "applied", { ...granted, leftBefore: true }],
      ["a leave that was rejected", "offboard", "rejected", granted],
      ["a return", "reinstate", "applied", granted],
    ] as const)("says whether the person has left before, where %s stands", async (_, intent, as, answer) => {
      await carryOut({ ...older, intent }, as);
      expect(await claim(newer, another)).toEqual(answer);
    });

    it.each([
      ["a later return that was rejected", { ...stand(laterReturn, "rejected") }, true],
      ["a later leave that was superseded", withoutEffect(newer), true],
      ["a later return that was carried out", stand(laterReturn), undefined],
      [
        "a later return that was carried out, but for its license",
        { ...stand(laterReturn, "rejected"), carriedOut: true },
        undefined,
      ],
    ] as const)(
      "says that the person has left before, whatever stands since: %s",
      async (_, result, leftBefore) => {
        await carryOut(older);
        await world.ledger.claim([result.claim], one);
        await commit(result);
        const answer = await claim(newest, another);
        expect(answer?.kind === "granted" && answer.leftBefore).toBe(leftBefore);
      },
    );

    it.each([
      ["was superseded as it was claimed", withoutEffect(older), granted],
      [
        "was carried out, and was rejected for its sign-out",
        { ...stand(older, "rejected"), carriedOut: true },
        { ...granted, leftBefore: true },
      ],
    ] as const)(
      "says whether the person has left before, where a leave stands that %s",
      async (_, result, answer) => {
        await claim(older, one);
        await commit(result);
        expect(await claim(newer, another)).toEqual(answer);
      },
    );

    it("is superseded for a decision older than the one that stands, which it names", async () => {
      await carryOut(newer);
      expect(await claim(older, another)).toEqual({ kind: "superseded", by: "newer" });
    });

    it.each([
      ["newer", older, newer],
      ["older", newer, older],
    ])(
      "is ambiguous for a %s decision about an address that nothing connects with what stands",
      async (_, first, second) => {
        await carryOut(first);
        const asked = { ...claimOf(second), email: "other@example.com" };
        const answers = await Promise.all([
          world.ledger.claim([asked], another),
          world.ledger.claim([{ ...asked, previousEmails: ["ada@example.com"] }], another),
        ]);
        expect(answers.map(([answer]) => answer?.kind)).toEqual([
          "ambiguous",
          second === newer ? "granted" : "superseded",
        ]);
      },
    );

    it("is ambiguous where decisions that share it are about addresses that nothing connects", async () => {
      const beside = [["other@example.com"]];
      const [answer] = await world.ledger.claim([{ ...claimOf(older), beside }], one);
      const named = { ...claimOf(older), beside: [["other@example.com", "ada@example.com"]] };
      expect([answer, ...(await world.ledger.claim([named], one))]).toEqual([{ kind: "ambiguous" }, granted]);
    });

    it("is not ambiguous beside what was rejected: its address may have been wrong", async () => {
      await carryOut(older, "rejected");
      const [answer] = await world.ledger.claim([{ ...claimOf(newer), email: "right@example.com" }], another);
      expect(answer).toEqual(granted);
    });

    it("is a duplicate for a decision that stands already", async () => {
      await carryOut(newer);
      expect(await claim(newer, another)).toEqual(duplicate);
    });

    it("is a duplicate, by the journal, for an event that was applied before a newer one came", async () => {
      await carryOut(older);
      await carryOut(newer);
      expect(await claim(older, another)).toEqual(duplicate);
    });

    it.each(["deferred", "held", "excluded", "rejected"] as const)(
      "is superseded for an older event that the journal has as %s: that was not its end",
      async (outcome) => {
        await world.ledger.record([entryOf(older, outcome)]);
        await carryOut(newer);
        expect(await claim(older, another)).toEqual({ kind: "superseded", by: "newer" });
      },
    );

    it("is granted for the decision that stands as rejected: it is tried again", async () => {
      await carryOut(older, "rejected");
      expect(await claim(older, another)).toEqual(granted);
    });

    it("is superseded by a newer decision that was rejected", async () => {
      await carryOut(newer, "rejected");
      expect(await claim(older, another)).toEqual({ kind: "superseded", by: "newer" });
    });

    it("is busy for a rejected decision that another invocation tries again", async () => {
      await carryOut(older, "rejected");
      await claim(older, one);
      expect(await claim(older, another)).toEqual(busy);
    });

    it("for the more restrictive of two decisions made at the same time wins", async () => {
      const leave: TestDecision = { eventId: "leave", minute: 1, intent: "offboard" };
      const hire: TestDecision = { eventId: "zz", minute: 1, intent: "onboard" };
      await carryOut(hire);
      const leaveAfterHire = await claim(leave, one);
      await commit(stand(leave));
      const hireAfterLeave = await claim({ ...hire, eventId: "zzz" }, one);
      const tie = "moreRestrictive";
      expect([leaveAfterHire, hireAfterLeave]).toEqual([
        { ...granted, tie },
        { kind: "superseded", by: "leave", tie },
      ]);
    });

    it("does not mix up aspects and people", async () => {
      const people = ["ada", "Ada", "ada#head#access", 'a"da', "アダ", "ada "];
      const decisions = people.flatMap((personId): TestDecision[] => [
        { ...older, personId },
        { ...older, personId, intent: "relicense" },
      ]);
      expect(await world.ledger.claim(decisions.map(claimOf), one)).toEqual(decisions.map(() => granted));
    });

    it("is answered in the order of the claims", async () => {
      await carryOut({ ...older, personId: "duplicate" });
      await carryOut({ ...newer, personId: "superseded" });
      await claim({ ...older, personId: "busy" }, one);
      const people = ["busy", "duplicate", "granted", "superseded"];
      const claims = people.map((personId) => claimOf({ ...older, personId }));
      const answers = await world.ledger.claim(claims, another);
      expect(answers.map(({ kind }) => kind)).toEqual(people);
    });

    it("has one winner of 200 who claim at the same time", async () => {
      const owners = Array.from({ length: 200 }, (_, index) => leaseOf(`owner-${index}`));
      const kinds = await Promise.all(owners.map(async (lease) => (await claim(older, lease))?.kind));
      expect([
        kinds.filter((kind) => kind === "granted").length,
        kinds.filter((kind) => kind === "busy").length,
      ]).toEqual([1, 199]);
    });

    it("is no duplicate by an entry whose worker died before the head moved, while an older decision is acted on", async () => {
      await world.ledger.record([entryOf(newer, "applied")]);
      await claim(older, one);
      const meanwhile = await claim(newer, another);
      await commit(stand(older));
      expect([meanwhile, await claim(newer, another)]).toEqual([busy, { ...granted, leftBefore: true }]);
    });

    it.each([
      ["the same", older, older],
      ["a newer", older, newer],
      ["an older", newer, older],
    ])("is busy while another invocation acts, for %s decision", async (_, first, second) => {
      await claim(first, one);
      expect(await claim(second, another)).toEqual(busy);
    });

    it("is busy up to the last millisecond of another's lease, and granted after it", async () => {
      await claim(older, one);
      const atTheEnd = await claim(newer, leaseOf("another", leaseMilliseconds));
      expect([atTheEnd, await claim(newer, anotherLater)]).toEqual([busy, granted]);
    });

    it("by a worker whose clock is behind is busy still", async () => {
      await claim(older, one);
      expect(await claim(newer, leaseOf("another", -60_000))).toEqual(busy);
    });

    it.each([
      ["applied", { ...interrupted, carriedOut: true }],
      ["rejected", interrupted],
    ] as const)(
      "says of one that was interrupted what its journal entry tells of the carrying out: %s",
      async (as, answer) => {
        await claim(newer, one);
        await world.ledger.record([entryOf(newer, as)]);
        expect(await claim(newer, anotherLater)).toEqual(answer);
      },
    );

    describe("of an event whose id came to its end under another time", () => {
      const corrected: TestDecision = { eventId: "older", minute: 5 };

      it.each(["applied", "unchanged", "superseded", "discarded"] as const)(
        "has ended, as %s, and holds nobody up",
        async (as) => {
          await carryOut(newer);
          await world.ledger.record([entryOf(older, as)]);
          expect([await claim(corrected, one), await claim(newest, another)]).toEqual([
            { kind: "ended" },
            { ...granted, leftBefore: true },
          ]);
        },
      );

      it("leaves open what it found open", async () => {
        await carryOut(oldest);
        await world.ledger.record([entryOf(older, "applied")]);
        await claim(newer, one);
        const ended = await claim(corrected, anotherLater);
        const afterwards = { ...interrupted, leftBefore: true };
        expect([ended, await claim(newer, anotherLater)]).toEqual([{ kind: "ended" }, afterwards]);
      });

      it.each(["rejected", "excluded", "held", "deferred"] as const)(
        "is granted where that end was none: %s",
        async (as) => {
          await carryOut(newer);
          await world.ledger.record([entryOf(older, as)]);
          expect(await claim(corrected, one)).toEqual({ ...granted, leftBefore: true });
        },
      );

      it("is granted where that event asked for something else, so that no leave is taken for a hire", async () => {
        await carryOut({ ...newer, intent: "reinstate" });
        await world.ledger.record([entryOf({ ...older, intent: "reinstate" }, "applied")]);
        expect(await claim(corrected, one)).toEqual(granted);
      });
    });

    it("after a lease that ran out says that the same decision was interrupted", async () => {
      await claim(older, one);
      expect(await claim(older, anotherLater)).toEqual(interrupted);
    });

    it("is busy for a decision older than one whose worker died, after that lease too, until the newer one has ended", async () => {
      await claim(newer, one);
      const open = (await claim(older, anotherLater))?.kind;
      await claim(newer, anotherLater);
      await commit(stand(newer), anotherLater);
      expect([open, await claim(older, anotherLater)]).toEqual(["busy", { kind: "superseded", by: "newer" }]);
    });

    it("whose worker died stays open when a newer one is let go to be tried again", async () => {
      await claim(newer, one);
      await claim(newest, anotherLater);
      await commit({ kind: "release", claim: claimOf(newest) }, anotherLater);
      const third = leaseOf("third", leaseOver);
      expect([(await claim(older, third))?.kind, await claim(newer, third)]).toEqual(["busy", interrupted]);
    });

    it("whose worker died stays open when the same one is let go to be tried again", async () => {
      await claim(newer, one);
      await claim(newer, anotherLater);
      await commit({ kind: "release", claim: claimOf(newer), interrupted: true }, anotherLater);
      expect(await claim(newer, leaseOf("third", leaseOver))).toEqual(interrupted);
    });

    it("whose worker died is open still when a newer one, whose worker died too, is let go or deferred", async () => {
      await claim(newer, one);
      await claim(newest, anotherLater);
      const third = leaseOf("third", 2 * leaseOver);
      await claim(newest, third);
      await commit({ kind: "release", claim: claimOf(newest), interrupted: true }, third);
      const open = [(await claim(newer, third))?.kind, await claim(newest, third)];
      await commit(
        {
          kind: "release",
          claim: claimOf(newest),
          entry: entryOf(newest, "deferred"),
          interrupted: true,
        },
        third,
      );
      expect([open, (await claim(older, third))?.kind, await claim(newer, third)]).toEqual([
        ["busy", interrupted],
        "busy",
        interrupted,
      ]);
    });

    it.each([
      ["is open still when a newer one is deferred or held: its message comes again soon", [], "busy"],
      ["is open no longer when it ends with a newer one that is deferred or held", [newer], "granted"],
    ] as const)("whose worker died %s", async (_, ended, kind) => {
      await claim(newer, one);
      await claim(newest, anotherLater);
      const older = ended.map((decision) => claimOf(decision).version);
      const entry = entryOf(newest, "deferred");
      await commit({ kind: "release", claim: claimOf(newest), entry, older }, anotherLater);
      expect((await claim(oldest, leaseOf("third", leaseOver)))?.kind).toBe(kind);
    });

    it("whose worker died is open still when two newer ones, whose workers died too, are deferred one by one", async () => {
      for (const [index, decision] of [older, newer, newest].entries())
        await claim(decision, leaseOf(`dead-${index}`, index * leaseOver));
      const later = leaseOf("later", 3 * leaseOver);
      const interruptedOnes = [];
      for (const decision of [newest, newer]) {
        interruptedOnes.push(await claim(decision, later));
        const entry = entryOf(decision, "deferred");
        await commit({ kind: "release", claim: claimOf(decision), entry, interrupted: true }, later);
      }
      expect([interruptedOnes, (await claim(oldest, later))?.kind, await claim(older, later)]).toEqual([
        [interrupted, interrupted],
        "busy",
        interrupted,
      ]);
    });

    it("knows each that came with it as its own, whichever worker died over it", async () => {
      await claim(older, one);
      await claim(newer, anotherLater);
      const third = leaseOf("third", 2 * leaseOver);
      const asked = { ...claimOf(newest), older: [claimOf(older).version] };
      expect(await world.ledger.claim([asked], third)).toEqual([interrupted]);
    });

    it("on one's own lease is granted again", async () => {
      await claim(older, one);
      expect(await claim(older, one)).toEqual(interrupted);
    });

    it("is granted at once after a release, and the released try is forgotten", async () => {
      await claim(older, one);
      await commit({ kind: "release", claim: claimOf(older) });
      expect(await claim(older, another)).toEqual(granted);
    });

    it("is busy after a claim that was kept, until that lease is over", async () => {
      await claim(older, one);
      const answers = await commit({ kind: "keep", claim: claimOf(older) });
      const claims = [await claim(older, another), await claim(older, anotherLater)];
      expect({ answers, claims }).toEqual({ answers: [{ kind: "done" }], claims: [busy, interrupted] });
    });
  });
}
