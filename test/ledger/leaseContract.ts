import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ClaimAnswer, ClaimResult, Lease } from "../../src/ledger/ledger.ts";
import {
  claimOf,
  entryOf,
  leaseMilliseconds,
  leaseOf,
  leaseOver,
  stand,
  start,
  type Told,
} from "./decisions.ts";
import type { LedgerWorld } from "./ledgerWorld.ts";

const older: Told = { eventId: "older", minute: 1 };
const newer: Told = { eventId: "newer", minute: 2 };
const newest: Told = { eventId: "newest", minute: 3 };
const granted: ClaimAnswer = { kind: "granted", interrupted: false, pending: [] };
const interrupted: ClaimAnswer = { ...granted, interrupted: true };
const busy: ClaimAnswer = { kind: "busy", until: start + leaseMilliseconds };
const one = leaseOf("one");
const another = leaseOf("another");
const anotherLater = leaseOf("another", leaseOver);

/** Who acts, for how long, and what is left of a worker that died. */
export function leaseContract(open: () => Promise<LedgerWorld>): void {
  describe("a claim", () => {
    let world: LedgerWorld;
    beforeEach(async () => {
      world = await open();
    });
    afterEach(() => world.close());
    const claim = async (told: Told, lease: Lease) => (await world.ledger.claim([claimOf(told)], lease))[0];
    const conclude = (conclusion: ClaimResult, lease = one) => world.ledger.commit([conclusion], lease);

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

    it("after a lease that ran out tells that the same decision was interrupted", async () => {
      await claim(older, one);
      expect(await claim(older, anotherLater)).toEqual(interrupted);
    });

    it("is busy for a decision older than one whose worker died, after that lease too, until the newer one has ended", async () => {
      await claim(newer, one);
      const open = (await claim(older, anotherLater))?.kind;
      await claim(newer, anotherLater);
      await conclude(stand(newer), anotherLater);
      expect([open, await claim(older, anotherLater)]).toEqual(["busy", { kind: "superseded", by: "newer" }]);
    });

    it("whose worker died stays open when a newer one is let go to be tried again", async () => {
      await claim(newer, one);
      await claim(newest, anotherLater);
      await conclude({ kind: "release", claim: claimOf(newest) }, anotherLater);
      const third = leaseOf("third", leaseOver);
      expect([(await claim(older, third))?.kind, await claim(newer, third)]).toEqual(["busy", interrupted]);
    });

    it("whose worker died stays open when the same one is let go to be tried again", async () => {
      await claim(newer, one);
      await claim(newer, anotherLater);
      await conclude({ kind: "release", claim: claimOf(newer) }, anotherLater);
      expect(await claim(newer, leaseOf("third", leaseOver))).toEqual(interrupted);
    });

    it("whose worker died is open no longer when a newer one is put off: nobody waits for that long", async () => {
      await claim(newer, one);
      await claim(newest, anotherLater);
      const entry = entryOf(newest, "deferred");
      await conclude({ kind: "release", claim: claimOf(newest), entry }, anotherLater);
      expect(await claim(older, leaseOf("third", leaseOver))).toEqual(granted);
    });

    it("on one's own lease is granted again", async () => {
      await claim(older, one);
      expect(await claim(older, one)).toEqual(interrupted);
    });

    it("is granted at once after a release, and the released try is forgotten", async () => {
      await claim(older, one);
      await conclude({ kind: "release", claim: claimOf(older) });
      expect(await claim(older, another)).toEqual(granted);
    });

    it("is busy after a claim that was kept, until that lease is over", async () => {
      await claim(older, one);
      const answers = await conclude({ kind: "keep", claim: claimOf(older) });
      const claims = [await claim(older, another), await claim(older, anotherLater)];
      expect({ answers, claims }).toEqual({ answers: [{ kind: "done" }], claims: [busy, interrupted] });
    });
  });
}
