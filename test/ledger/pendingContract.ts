import { describe, expect, it } from "vitest";
import type {
  FollowUpKind,
  PendingDecision,
  StoredDecision,
  WaitingKind,
} from "../../src/ledger/pendingStore.ts";
import { versionKey } from "../../src/provisioning/decision.ts";
import { collect } from "../events/collect.ts";
import {
  claimOf,
  entryOf,
  heldFor,
  leaseOf,
  stand,
  type TestDecision,
  timeOf,
  waitingFor,
} from "./decisions.ts";
import { approval, type LedgerWorld } from "./ledgerWorld.ts";

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

  describe("a dated decision about access", () => {
    interface Dated extends TestDecision {
      day: number;
    }
    const june: Dated = { eventId: "june", minute: 1, day: 60 };
    const september: Dated = { eventId: "september", minute: 2, intent: "reinstate", day: 90 };
    const december: Dated = { eventId: "december", minute: 3, day: 120 };
    const claimOfDated = ({ minute, day, ...decision }: Dated) => {
      const intent = decision.intent ?? "offboard";
      const times = { occurredAt: timeOf(minute), effectiveAt: timeOf(day) };
      return {
        ...claimOf({ ...decision, minute }),
        version: versionKey({ ...times, intent, eventId: decision.eventId }),
      };
    };
    const defer = async (...dated: Dated[]) => {
      for (const each of dated) {
        const { version, email } = claimOfDated(each);
        const event = JSON.stringify({ detail: { metadata: {}, data: { email } } });
        await world.pending.defer([{ ...waitingFor(each, each.day, event), version, hasOwnPlace: true }]);
        await world.ledger.record([{ ...entryOf(each, "deferred"), version }]);
      }
    };
    const claim = async (dated: Dated, minute: number) =>
      (await world.ledger.claim([claimOfDated(dated)], leaseOf("one", minute * 60_000)))[0];
    const ids = async () => (await collect(world.pending.list())).map(({ eventId }) => eventId);

    it("waits beside the others of its kind, and is removed alone", async () => {
      await defer(december, june, september, june);
      const all = await ids();
      for (const decision of await collect(world.pending.list()))
        if (decision.eventId === "june") await world.pending.remove(decision);
      expect([all, await ids()]).toEqual([
        ["june", "september", "december"],
        ["september", "december"],
      ]);
    });

    it.each([
      ["is superseded by a newer one that puts it off", [december], june, 60, "superseded"],
      ["comes on its day if the person returns in between", [december, september], june, 60, "granted"],
      [
        "comes on its day if the one for a later day is older",
        [june],
        { ...december, day: 60 },
        60,
        "granted",
      ],
      ["is superseded by none that is due by now", [december], { ...june, day: 5 }, 120, "granted"],
      ["is superseded by none that asks for the opposite", [september], june, 60, "granted"],
    ] as const)("%s", async (_, waiting, due, minute, kind) => {
      await defer(...waiting);
      expect((await claim(due, minute))?.kind).toBe(kind);
    });

    it("that waits under its own id with a newer time is that event, so that its entry stays open", async () => {
      await defer(june, { ...december, eventId: "june" });
      expect(await claim(june, 60)).toEqual({ kind: "ended" });
    });

    it("that was begun is finished all the same, and keeps nothing waiting for the day of that copy", async () => {
      await claim(june, 60);
      await defer({ ...december, eventId: "june" });
      expect(await claim(june, 70)).toMatchObject({ kind: "granted", interrupted: true });
    });

    it("of another address under one id supersedes nobody", async () => {
      await defer(december);
      const other = { ...claimOfDated(june), email: "bob@example.com" };
      expect(await world.ledger.claim([other], one)).toEqual([{ kind: "ambiguous" }]);
    });

    const now = { eventId: "now", minute: 4, day: 4 };
    const announced: Dated = { ...december, minute: 1 };
    const leave: Dated = { ...now, eventId: "leave", minute: 2, day: 2 };
    const back: Dated = { ...now, intent: "reinstate" };
    const standing = async (dated: Dated): Promise<void> => {
      const lease = leaseOf("one", 300_000);
      const [granted] = await world.ledger.claim([claimOfDated(dated)], lease);
      if (granted?.kind !== "granted") throw new Error(`expected a grant; got ${granted?.kind}`);
      const { orderedAs, replaces = [] } = granted;
      const named = { ...claimOfDated(dated), ...orderedAs };
      await world.ledger.commit([{ ...stand(dated), claim: named, replaces }], lease);
    };
    const entryTexts = (...ids: string[]) =>
      Promise.all(
        ids.map(async (id) => {
          const entry = await world.entryOf("ada", id);
          return [entry?.outcome, entry?.code];
        }),
      );

    it("to return is replaced by a newer leave, and the journal says so; a leave of a later day goes on waiting", async () => {
      await defer(september, december);
      await standing(now);
      expect([await ids(), await entryTexts("september", "december")]).toEqual([
        ["december"],
        [
          ["superseded", "now"],
          ["deferred", undefined],
        ],
      ]);
    });

    it.each<[string, Dated[], boolean]>([
      ["is cancelled by a newer return that had no leave to end", [back], false],
      ["comes on its day after a newer return that has ended another leave", [leave, back], true],
      ["comes also if that leave came only after the return", [back, leave], true],
    ])("%s", async (_, decisions, comes) => {
      await defer(announced);
      for (const decision of decisions)
        if (decision === leave && decisions[0] === back)
          await world.ledger.claim([claimOfDated(leave)], leaseOf("one", 300_000));
        else await standing(decision);
      const later = leaseOf("one", 121 * 60_000);
      const copy = { ...claimOfDated(announced), busTime: 7 };
      const [answer] = await world.ledger.claim([copy], later);
      expect(answer).toMatchObject(comes ? { kind: "granted" } : { kind: "superseded", by: "now" });
      if (answer?.kind !== "granted") return;
      const done = { ...stand(announced), claim: { ...copy, ...answer.orderedAs }, replaces: [] };
      const answers = await world.ledger.commit([done], later);
      const copies = await world.ledger.claim([copy, claimOfDated(back)], later);
      expect([answers, copies]).toEqual([[{ kind: "done" }], [{ kind: "duplicate" }, { kind: "duplicate" }]]);
    });

    it("comes also if that leave came only after the return, and itself only after both", async () => {
      await standing(back);
      await world.ledger.claim([claimOfDated(leave)], leaseOf("two", 300_000));
      await defer(announced);
      expect(await claim(announced, 121)).toMatchObject({ kind: "granted" });
    });

    it("comes also as a copy of its event with another day, which HR made before the return", async () => {
      await defer(announced);
      for (const decision of [leave, back]) await standing(decision);
      const copy = { ...announced, minute: 3, day: 125 };
      await defer(copy);
      expect(await claim(copy, 126)).toMatchObject({ kind: "granted" });
    });

    it("stays cancelled when a leave comes once more that a return has ended before it was announced", async () => {
      const absent = { ...claimOfDated({ ...leave, minute: 1 }), isIgnoredLeave: true as const };
      await world.ledger.abandon([absent], leaseOf("two", 300_000));
      for (const decision of [leave, back]) await standing(decision);
      await defer({ ...announced, minute: 5 });
      await standing({ ...back, eventId: "off", minute: 6, day: 6 });
      const again = leaseOf("two", 400_000);
      const copies = await world.ledger.claim([claimOfDated(leave)], again);
      await world.ledger.abandon([absent], again);
      expect([copies, await claim({ ...announced, minute: 5 }, 121)]).toEqual([
        [{ kind: "duplicate" }],
        { kind: "superseded", by: "off" },
      ]);
    });

    it("comes also after a return from one of two leaves of absence that are ignored, of which the other is still to come", async () => {
      const ofAbsence = (dated: Dated) => ({ ...claimOfDated(dated), isIgnoredLeave: true as const });
      const [sick, parental] = [
        ofAbsence(leave),
        ofAbsence({ ...leave, eventId: "parental", minute: 3, day: 90 }),
      ];
      for (const each of [parental, sick]) await world.ledger.abandon([each], leaseOf("two", 300_000));
      await defer(announced);
      await standing(back);
      const first = await claim(announced, 60);
      await world.ledger.abandon([claimOfDated(announced)], leaseOf("one", 121 * 60_000));
      await standing({ ...back, eventId: "again", minute: 100, day: 100 });
      expect([first?.kind, (await claim(announced, 121))?.kind]).toEqual(["granted", "granted"]);
    });

    it("comes also after a return that corrects a rejected one, from a leave of absence that is ignored", async () => {
      await defer(announced);
      await world.ledger.abandon([{ ...claimOfDated(leave), isIgnoredLeave: true }], leaseOf("two", 300_000));
      const lease = leaseOf("one", 300_000);
      await world.ledger.claim([claimOfDated(back)], lease);
      await world.ledger.commit([{ ...stand(back, "rejected"), claim: claimOfDated(back) }], lease);
      await standing({ ...back, eventId: "corrected", minute: 5, day: 5 });
      expect(await claim(announced, 121)).toMatchObject({ kind: "granted" });
    });

    it("is observed by a trial on its day after a newer return that has ended another leave", async () => {
      await defer(announced);
      for (const decision of [leave, back]) await standing(decision);
      const observed = { ...claimOfDated(announced), trial: "source hibob", origin: "hibob" };
      expect(await world.observations.observe([observed])).toEqual([{ kind: "observed" }]);
    });

    it("is released and discarded by its own version, though a newer return has left it waiting since it was held", async () => {
      const results = [];
      for (const personId of ["ada", "bob"]) {
        const of = (dated: Dated) => ({ ...dated, personId });
        const { version, email } = claimOfDated(of(announced));
        const event = JSON.stringify({ detail: { metadata: {}, data: { email } } });
        await world.pending.defer([{ ...heldFor(of(announced), 120), version, event, hasOwnPlace: true }]);
        await world.ledger.record([{ ...entryOf(of(announced), "held"), version }]);
        const absent = { ...claimOfDated(of(leave)), isIgnoredLeave: true as const };
        await world.ledger.abandon([absent], leaseOf("two", 300_000));
        await standing(of(back));
        const [held] = await collect(world.held.list());
        if (held === undefined) throw new Error("expected a held decision; there is none");
        const lease = leaseOf("three", 121 * 60_000);
        const signed = { ...approval, now: timeOf(121) };
        if (personId === "ada") results.push(await world.held.release(held, signed));
        const [granted] = await world.ledger.claim([claimOfDated(of(announced))], lease);
        results.push(granted);
        if (personId === "bob") results.push(await world.held.discard(held, signed));
      }
      expect(results).toMatchObject([
        { kind: "released" },
        { kind: "granted", approvedBy: "grace" },
        { kind: "granted" },
        { kind: "busy" },
      ]);
    });

    it("of another address under one id is not replaced: on its day it is told that two people may share the id", async () => {
      const { version } = claimOfDated(september);
      const event = JSON.stringify({ detail: { metadata: {}, data: { email: "bob@example.com" } } });
      await world.pending.defer([
        { ...waitingFor(september, september.day, event), version, hasOwnPlace: true },
      ]);
      await standing(now);
      const due = { ...claimOfDated(september), email: "bob@example.com", version };
      const newer = { ...due, ...claimOfDated({ ...september, minute: 9 }), email: "bob@example.com" };
      const lease = leaseOf("one", 91 * 60_000);
      expect([await ids(), await world.ledger.claim([due, newer], lease)]).toEqual([
        ["september"],
        [{ kind: "ambiguous" }, { kind: "ambiguous" }],
      ]);
    });

    it("gives way to what is newer than that return, though HR made both at one time", async () => {
      await defer(announced);
      for (const decision of [leave, back, { ...now, eventId: "at once" }]) await standing(decision);
      const [answer] = await world.ledger.claim([claimOfDated(announced)], leaseOf("one", 121 * 60_000));
      expect(answer).toMatchObject({ kind: "superseded", by: "at once" });
    });

    it("comes after a return from a leave of absence that is ignored, whichever of the two comes first", async () => {
      const absent = { ...claimOfDated(leave), isIgnoredLeave: true as const };
      for (const [personId, isLate] of [
        ["ada", false],
        ["bob", true],
      ] as const) {
        const of = (dated: Dated) => ({ ...dated, personId });
        await defer(of(announced));
        if (isLate) await standing(of(back));
        await world.ledger.abandon(
          [{ ...absent, personId, email: claimOf(of(leave)).email }],
          leaseOf("two", 300_000),
        );
        if (!isLate) await standing(of(back));
        const [answer] = await world.ledger.claim(
          [claimOfDated(of(announced))],
          leaseOf("three", 121 * 60_000),
        );
        expect([personId, answer?.kind]).toEqual([personId, "granted"]);
      }
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
