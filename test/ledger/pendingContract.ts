import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { StoredDecision, WaitingKind } from "../../src/ledger/pendingStore.ts";
import { collect } from "../events/collect.ts";
import { claimOf, leaseOf, stand, type Told, timeOf, waitingFor } from "./decisions.ts";
import type { LedgerWorld } from "./ledgerWorld.ts";

const older: Told = { eventId: "older", minute: 1 };
const newer: Told = { eventId: "newer", minute: 2 };
const one = leaseOf("one");
const deferred = { kind: "deferred" };

/** Decisions that wait for their day. */
export function pendingContract(open: () => Promise<LedgerWorld>): void {
  describe("a waiting decision", () => {
    let world: LedgerWorld;
    beforeEach(async () => {
      world = await open();
    });
    afterEach(() => world.close());
    const defer = async (told: Told, dueMinute = 60) =>
      (await world.pending.defer([waitingFor(told, dueMinute)]))[0];
    const list = (until?: number) => collect(world.pending.list(until));
    const ids = async (until?: number) => (await list(until)).map(({ eventId }) => eventId);
    const sole = async (): Promise<StoredDecision> => {
      const [decision] = await list();
      if (decision === undefined) throw new Error("expected a waiting decision; there is none");
      return decision;
    };
    const pendingOf = async (told: Told): Promise<readonly WaitingKind[] | undefined> => {
      const [answer] = await world.ledger.claim([claimOf(told)], one);
      return answer?.kind === "granted" ? answer.pending : undefined;
    };
    const standOver = (told: Told, kinds: readonly WaitingKind[]) =>
      world.ledger.commit([stand(told, "applied", kinds)], one);

    it("is listed as it was put off", async () => {
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

    it("does not give way to an older one, which is told who came over it", async () => {
      await defer(newer);
      const answer = await defer(older);
      expect({ answer, ids: await ids() }).toEqual({
        answer: { kind: "superseded", by: "newer" },
        ids: ["newer"],
      });
    });

    it("may be put off anew: the due date and the token change", async () => {
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

    it("is not removed by whoever has it as it lay there before it was put off anew", async () => {
      await defer(older);
      const before = await sole();
      await defer(older);
      await world.pending.remove(before);
      expect(await ids()).toEqual(["older"]);
    });

    it("is told to whoever claims the same aspect of its person", async () => {
      await defer({ ...older, intent: "reinstate" });
      await defer({ ...older, intent: "offboard" });
      const told = [
        await pendingOf({ eventId: "x", minute: 5 }),
        await pendingOf({ eventId: "x", minute: 5, intent: "relicense" }),
        await pendingOf({ eventId: "x", minute: 5, personId: "bob" }),
      ];
      expect(told.map((kinds) => kinds?.toSorted())).toEqual([["offboard", "reinstate"], [], []]);
    });

    it("is cancelled by a newer decision that stands, and not by one that is older", async () => {
      const leave: Told = { eventId: "leave", minute: 3 };
      const back: Told = { eventId: "back", minute: 9, intent: "reinstate" };
      await defer(leave);
      await defer(back);
      const now: Told = { eventId: "now", minute: 5, intent: "onboard" };
      const kinds = (await pendingOf(now)) ?? [];
      await standOver(now, kinds);
      const left = { ids: await ids(), told: await pendingOf({ eventId: "later", minute: 10 }) };
      expect(left).toEqual({ ids: ["back"], told: ["reinstate"] });
    });

    it("is cancelled by itself, when it was published and carried out before it could be removed", async () => {
      await defer(older);
      const published = await sole();
      await standOver(older, (await pendingOf(older)) ?? []);
      await world.pending.remove(published);
      expect({ ids: await ids(), told: await pendingOf(newer) }).toEqual({ ids: [], told: [] });
    });

    it("that is gone already does not keep a decision from standing", async () => {
      await defer(older);
      const kinds = (await pendingOf(newer)) ?? [];
      await world.pending.remove(await sole());
      const answers = await standOver(newer, kinds);
      expect({ kinds, answers, told: await pendingOf({ eventId: "x", minute: 5 }) }).toEqual({
        kinds: ["offboard"],
        answers: [{ kind: "done" }],
        told: [],
      });
    });

    it("outlives a claim that is released", async () => {
      await defer(older);
      await pendingOf(newer);
      await world.ledger.commit([{ kind: "release", claim: claimOf(newer) }], one);
      expect({ ids: await ids(), told: await pendingOf(newer) }).toEqual({
        ids: ["older"],
        told: ["offboard"],
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
}
