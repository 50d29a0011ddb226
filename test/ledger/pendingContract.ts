import { describe, expect, it } from "vitest";
import type {
  FollowUpKind,
  PendingDecision,
  StoredDecision,
  WaitingKind,
} from "../../src/ledger/pendingStore.ts";
import { collect } from "../events/collect.ts";
import { claimOf, entryOf, leaseOf, stand, type TestDecision, timeOf, waitingFor } from "./decisions.ts";
import type { LedgerWorld } from "./ledgerWorld.ts";

const older: TestDecision = { eventId: "older", minute: 1 };
const newer: TestDecision = { eventId: "newer", minute: 2 };
const leave: TestDecision = { eventId: "leave", minute: 1 };
const back: TestDecision = { eventId: "back", minute: 2, intent: "reinstate" };
const one = leaseOf("one");
const deferred = { kind: "deferred" };

/** Decisions that wait for their date, follow-ups among them, and the reading of the decision that stands. */
export function pendingContract(world: LedgerWorld): void {
  describe("a waiting decision", () => {
    const defer = async (decision: TestDecision, dueMinute = 60) =>
      (await world.pending.defer([waitingFor(decision, dueMinute)]))[0];
    const list = (until?: number) => collect(world.pending.list(until));
    const ids = async (until?: number) => (await list(until)).map(({ eventId }) => eventId);
    const sole = async (): Promise<StoredDecision> => {
      const [decision] = await list();
      if (decision === undefined) throw new Error("expected a waiting decision; there is none");
      return decision;
    };
    const pendingOf = async (decision: TestDecision): Promise<readonly WaitingKind[] | undefined> => {
      const [answer] = await world.ledger.claim([claimOf(decision)], one);
      return answer?.kind === "granted" ? answer.pending : undefined;
    };
    const standOver = (decision: TestDecision, kinds: readonly WaitingKind[]) =>
      world.ledger.commit([stand(decision, "applied", kinds)], one);

    it("is listed as it was deferred", async () => {
      const answer = await defer(older);
      const { token, ...decision } = await sole();
      expect({ answer, token: typeof token, decision }).toEqual({
        answer: deferred,
        token: "string",
        decision: waitingFor(older, 60),
      });
    });

    it("is listed up to its due date, that moment included, and in the order of due dates", async () => {
      const dueMinutes = [30, 5, 100, 20, 9];
      await world.pending.defer(
        dueMinutes.map((minute) =>
          waitingFor({ eventId: `due-${minute}`, minute: 1, personId: `${minute}` }, minute),
        ),
      );
      expect([await ids(timeOf(20)), await ids(timeOf(5) - 1), await ids()]).toEqual([
        ["due-5", "due-9", "due-20"],
        [],
        ["due-5", "due-9", "due-20", "due-30", "due-100"],
      ]);
    });

    it("gives way to a newer one of its kind, whatever their days", async () => {
      const answers = [await defer(older, 90), await defer(newer, 60)];
      expect({ answers, ids: await ids() }).toEqual({ answers: [deferred, deferred], ids: ["newer"] });
    });

    it("does not give way to an older one, whose answer names the newer one", async () => {
      await defer(newer);
      const answer = await defer(older);
      expect({ answer, ids: await ids() }).toEqual({
        answer: { kind: "superseded", by: "newer" },
        ids: ["newer"],
      });
    });

    it("may be deferred anew: the due date and the token change", async () => {
      await defer(older, 60);
      const before = await sole();
      const answer = await defer(older, 70);
      const after = await sole();
      expect({ answer, dueAt: after.dueAt, isNew: after.token !== before.token }).toEqual({
        answer: deferred,
        dueAt: timeOf(70),
        isNew: true,
      });
    });

    it("stands beside those of other people and kinds", async () => {
      await defer({ ...older, eventId: "a" }, 1);
      await defer({ ...older, eventId: "b", intent: "reinstate" }, 2);
      await defer({ ...older, eventId: "c", intent: "relicense" }, 3);
      await defer({ ...older, eventId: "d", personId: "bob" }, 4);
      expect(await ids()).toEqual(["a", "b", "c", "d"]);
    });

    it("is removed once, by whoever has it as it lies there", async () => {
      await defer(older);
      const decision = await sole();
      await world.pending.remove(decision);
      await world.pending.remove(decision);
      expect(await ids()).toEqual([]);
    });

    it("is not removed by whoever has it as it lay there before it was deferred anew", async () => {
      await defer(older);
      const before = await sole();
      await defer(older);
      await world.pending.remove(before);
      expect(await ids()).toEqual(["older"]);
    });

    it("is known to wait still as it was listed, and no more once it was deferred anew, replaced or removed", async () => {
      const people = ["kept", "anew", "replaced", "removed"];
      const of = (personId: string, eventId = personId) => ({ ...older, eventId, personId });
      await world.pending.defer(people.map((personId, index) => waitingFor(of(personId), index)));
      await world.pending.defer([following(of("kept", "license"))]);
      const listed = await list();
      await defer(of("anew"));
      await defer({ ...newer, personId: "replaced" });
      for (const decision of listed) if (decision.eventId === "removed") await world.pending.remove(decision);
      const still = await world.pending.stillWaiting(listed);
      expect([listed.length, still.map(({ eventId }) => eventId)]).toEqual([5, ["kept", "license"]]);
    });

    it("from the future waits beside all others, is removed alone, and is cancelled by none", async () => {
      const ahead = (eventId: string, dueMinute: number): PendingDecision => ({
        ...waitingFor({ eventId, minute: dueMinute }, dueMinute),
        because: "fromTheFuture",
      });
      await defer(older);
      const waiting = [ahead("a", 70), ahead("b", 80), ahead("b", 80), ahead("b", 90)];
      const answers = await world.pending.defer(waiting);
      const after = await defer(newer, 65);
      expect([answers, after]).toEqual([[deferred, deferred, deferred, deferred], deferred]);
      const now: TestDecision = { eventId: "now", minute: 75, intent: "onboard" };
      const kinds = (await pendingOf(now)) ?? [];
      await standOver(now, kinds);
      const all = await list();
      const still = await world.pending.stillWaiting(all);
      for (const decision of all) if (decision.eventId === "a") await world.pending.remove(decision);
      expect([kinds, still.length, all.map(({ because }) => because), await ids()]).toEqual([
        ["offboard"],
        3,
        ["fromTheFuture", "fromTheFuture", "fromTheFuture"],
        ["b", "b"],
      ]);
    });

    it("is reported to whoever claims the same aspect of its person", async () => {
      await defer({ ...older, intent: "reinstate" });
      await defer({ ...older, intent: "offboard" });
      const decision = [
        await pendingOf({ eventId: "x", minute: 5 }),
        await pendingOf({ eventId: "x", minute: 5, intent: "relicense" }),
        await pendingOf({ eventId: "x", minute: 5, personId: "bob" }),
      ];
      expect(decision.map((kinds) => kinds?.toSorted())).toEqual([["offboard", "reinstate"], [], []]);
    });

    it("is cancelled by a newer decision that stands, and not by one that is older", async () => {
      const leave: TestDecision = { eventId: "leave", minute: 3 };
      const back: TestDecision = { eventId: "back", minute: 9, intent: "reinstate" };
      await defer(leave);
      await defer(back);
      const now: TestDecision = { eventId: "now", minute: 5, intent: "onboard" };
      const kinds = (await pendingOf(now)) ?? [];
      await standOver(now, kinds);
      const left = { ids: await ids(), decision: await pendingOf({ eventId: "later", minute: 10 }) };
      expect(left).toEqual({ ids: ["back"], decision: ["reinstate"] });
    });

    it("is cancelled by itself, when it was published and carried out before it could be removed", async () => {
      await defer(older);
      const published = await sole();
      await standOver(older, (await pendingOf(older)) ?? []);
      await world.pending.remove(published);
      expect({ ids: await ids(), decision: await pendingOf(newer) }).toEqual({ ids: [], decision: [] });
    });

    it("that is gone already does not keep a decision from standing", async () => {
      await defer(older);
      const kinds = (await pendingOf(newer)) ?? [];
      await world.pending.remove(await sole());
      const answers = await standOver(newer, kinds);
      expect({ kinds, answers, decision: await pendingOf({ eventId: "x", minute: 5 }) }).toEqual({
        kinds: ["offboard"],
        answers: [{ kind: "done" }],
        decision: [],
      });
    });

    it("outlives a claim that is released", async () => {
      await defer(older);
      await pendingOf(newer);
      await world.ledger.commit([{ kind: "release", claim: claimOf(newer) }], one);
      expect({ ids: await ids(), decision: await pendingOf(newer) }).toEqual({
        ids: ["older"],
        decision: ["offboard"],
      });
    });

    it("is listed however many there are and however long their events", async () => {
      const event = "x".repeat(150_000);
      const decisions = Array.from({ length: 20 }, (_, index) =>
        waitingFor({ eventId: `${index}`, minute: 1, personId: `${index}` }, index, event),
      );
      await world.pending.defer(decisions.toReversed());
      const listed = (await list()).map(({ token, ...decision }) => decision);
      expect(listed).toEqual(decisions);
    });
  });

  describe("a license that follows from a decision", () => {
    const claim = async (decision: TestDecision) => (await world.ledger.claim([claimOf(decision)], one))[0];
    const waiting = async () => (await collect(world.pending.list())).map(({ token, ...rest }) => rest);
    const carryOut = async (decision: TestDecision) => {
      const granted = await claim(decision);
      const kinds: readonly WaitingKind[] = granted?.kind === "granted" ? granted.pending : [];
      await world.ledger.commit([stand(decision, "applied", kinds)], one);
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

    it("is listed as it was deferred", async () => {
      await world.pending.defer([following(leave)]);
      expect(await waiting()).toEqual([following(leave)]);
    });

    it("is cancelled by a newer decision about access, and not by one about the license", async () => {
      await world.pending.defer([following(leave)]);
      await carryOut({ eventId: "pro", minute: 3, intent: "relicense" });
      const before = await waiting();
      const kinds = await carryOut(back);
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
    const { personId } = claimOf(leave);
    const standing = () =>
      world.ledger.standing([
        { personId, aspect: "access" },
        { personId, aspect: "license" },
      ]);
    const nothing = { kind: "stands", eventId: undefined };
    const addresses = [claimOf(leave).email];

    it("is nothing for a person of whom nothing is known", async () => {
      expect(await standing()).toEqual([nothing, nothing]);
    });

    it("is the newest decision that was committed, in its own aspect", async () => {
      for (const decision of [leave, back]) {
        await world.ledger.claim([claimOf(decision)], one);
        await world.ledger.commit([stand(decision)], one);
      }
      expect(await standing()).toEqual([{ kind: "stands", eventId: "back", addresses }, nothing]);
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
      expect((await standing())[0]).toEqual({ kind: "stands", eventId: "leave", addresses });
    });
  });
}

/** The license that follows from the decision: it waits beside HR's own, for as long as the decision stands. */
function following(decision: TestDecision, followUp: FollowUpKind = "licenseAfterLeaving"): PendingDecision {
  return { ...waitingFor(decision, 60), intent: "relicense", followUp, because: "follows" };
}
