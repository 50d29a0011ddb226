import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import type { EventBus } from "../../src/events/eventBus.ts";
import type { DetailType } from "../../src/events/hrEvent.ts";
import type { Ledger } from "../../src/ledger/ledger.ts";
import { type MemoryStore, memoryLedger, memoryStore } from "../../src/ledger/memory/memoryLedger.ts";
import {
  memoryDiscards,
  memoryHeldDecisions,
  memoryPendingStore,
} from "../../src/ledger/memory/memoryPorts.ts";
import type { StoredHeldDecision } from "../../src/ledger/pendingStore.ts";
import { publishDue } from "../../src/ledger/publishDue.ts";
import { type Intent, pipelineNames, pipelines } from "../../src/pipelineSettings.ts";
import { toPolicyRules } from "../../src/policy/policyRules.ts";
import type { SuspensionLimits } from "../../src/policy/suspensionLimits.ts";
import type { QueueRecord } from "../../src/provisioning/decision.ts";
import { toJournalEntry } from "../../src/provisioning/journalEntries.ts";
import type { Outcome } from "../../src/provisioning/outcome.ts";
import { parseRecords } from "../../src/provisioning/parseRecords.ts";
import { type FakeDirectory, fakeDirectory } from "../directory/fakeDirectory.ts";
import { runBatch } from "./runBatch.ts";

/** What a test says of an event about Ada. Times are ISO 8601; `bus` is when the bus first received it. */
interface Told {
  id: string;
  decided: string;
  effective?: string;
  bus?: string;
  reason?: string;
  license?: string;
}

const rules = toPolicyRules({
  accounts: [{ id: "lwa", domains: ["lwa.example"], licensePerRole: {} }],
  leaveOfAbsence: { do: "ignore", reasons: ["leaveOfAbsence"] },
  freshness: { maxAgeDays: 30 },
});

describe("the order of decisions about one person", () => {
  let store: MemoryStore;
  let directory: FakeDirectory;
  let now: number;
  let limits: SuspensionLimits | undefined;
  const begin = () => {
    limits = undefined;
    store = memoryStore();
    const user = {
      userId: "u-1",
      email: "ada@lwa.example",
      state: "active",
      license: "Basic",
      type: "person",
    } as const;
    directory = fakeDirectory([{ accountId: "lwa", type: "EnterpriseLWA", users: [user] }]);
  };
  beforeEach(begin);

  async function process(intent: Intent, ...records: QueueRecord[]): Promise<Outcome[]> {
    const { outcomes } = await runBatch(records, {
      intent,
      directory,
      store,
      now,
      rules,
      ...(limits && { limits }),
    });
    return outcomes;
  }

  const kindsOf = (outcomes: readonly Outcome[]) => outcomes.map(({ kind }) => kind);

  /** What is due is published and processed, until nothing is due any more; all of it a moment later. */
  async function on(time: string): Promise<string | undefined> {
    now = Date.parse(time);
    for (let round = 0; round < 5; round += 1) {
      const queues = busTo(now);
      await publishDue({
        bus: queues.bus,
        sleep: async () => undefined,
        random: () => 0,
        pending: memoryPendingStore(store),
        now,
      });
      for (const intent of pipelineNames) {
        const records = queues.records(intent);
        if (records.length > 0) await process(intent, ...records);
      }
    }
    return directory.users("lwa")[0]?.state;
  }

  async function heldNow(): Promise<StoredHeldDecision[]> {
    const held: StoredHeldDecision[] = [];
    for await (const decision of memoryHeldDecisions(store).list()) held.push(decision);
    return held;
  }

  const outcomeOf = (id: string) => {
    const entry = [...store.journal.values()].find(({ eventId }) => eventId === id);
    return entry && [entry.outcome, entry.code];
  };

  describe("of which some wait for their day", () => {
    const atOnce = left({ id: "at-once", decided: "2026-05-14T09:00:00Z" });
    const inJuly = left({ id: "july", decided: "2026-05-14T10:00:00Z", effective: "2026-07-01T00:00:00Z" });

    it("a leave that is put off replaces the one for today, in one batch", async () => {
      now = Date.parse("2026-05-14T10:01:00Z");
      await process("offboard", atOnce, inJuly);
      now = Date.parse("2026-05-14T10:04:00Z");
      await process("offboard", atOnce);
      const states = [await on("2026-05-14T11:00:00Z"), await on("2026-07-01T00:01:00Z")];
      expect([states, outcomeOf("at-once"), outcomeOf("july")?.[0]]).toEqual([
        ["active", "suspended"],
        ["superseded", "july"],
        "applied",
      ]);
    });

    it("a leave that is put off replaces the one for today, whose message comes again after it", async () => {
      now = Date.parse("2026-05-14T10:01:00Z");
      await process("offboard", inJuly);
      const atFirst = await process("offboard", atOnce);
      now = Date.parse("2026-05-14T10:04:00Z");
      const outcomes = await process("offboard", atOnce);
      expect([atFirst, outcomes, await on("2026-05-14T11:00:00Z")]).toEqual([
        [expect.objectContaining({ kind: "retry", code: "PersonBusy" })],
        [{ kind: "superseded", by: "july" }],
        "active",
      ]);
    });

    it("a leave gives way at once to a later one whose sender says that the bus has it tomorrow: that moment is not waited for", async () => {
      now = Date.parse("2026-05-14T10:01:00Z");
      const told = { id: "july", decided: "2026-05-14T10:00:00Z", effective: "2026-07-01T00:00:00Z" };
      await process("offboard", left({ ...told, bus: "2026-05-15T10:00:00Z" }));
      expect(await process("offboard", atOnce)).toEqual([{ kind: "superseded", by: "july" }]);
    });

    it("a leave for today is carried out, though a later one came with it, once a return between the two has come", async () => {
      now = Date.parse("2026-05-14T10:01:00Z");
      await process("offboard", atOnce, inJuly);
      await process(
        "reinstate",
        back({ id: "june", decided: "2026-05-14T09:30:00Z", effective: "2026-06-01T00:00:00Z" }),
      );
      now = Date.parse("2026-05-14T10:01:30Z");
      const outcomes = await process("offboard", atOnce);
      const days = ["2026-05-14T11:00:00Z", "2026-06-01T00:01:00Z", "2026-07-01T00:01:00Z"];
      const states = [];
      for (const day of days) states.push(await on(day));
      expect([outcomes.map(({ kind }) => kind), states]).toEqual([
        ["applied"],
        ["suspended", "active", "suspended"],
      ]);
    });

    const june = left({ id: "june", decided: "2026-01-10T09:00:00Z", effective: "2026-06-01T00:00:00Z" });
    const september = back({
      id: "sept",
      decided: "2026-01-11T09:00:00Z",
      effective: "2026-09-01T00:00:00Z",
    });
    const december = left({ id: "dec", decided: "2026-01-12T09:00:00Z", effective: "2026-12-01T00:00:00Z" });
    const days = ["2026-06-01T00:01:00Z", "2026-09-01T00:01:00Z", "2026-12-01T00:01:00Z"];

    it.each([
      ["in the order of their days", [june, september, december]],
      ["in any other order", [december, june, september]],
      ["the return last", [june, december, september]],
    ])("a leave, a return and another leave all come on their days: entered %s", async (_, events) => {
      now = Date.parse("2026-01-12T10:00:00Z");
      for (const event of events) await process(event.intent, event);
      const states = [];
      for (const day of days) states.push(await on(day));
      expect([states, ["june", "sept", "dec"].map((id) => outcomeOf(id)?.[0])]).toEqual([
        ["suspended", "active", "suspended"],
        ["applied", "applied", "applied"],
      ]);
    });

    const plan = fc.uniqueArray(fc.record({ month: fc.integer({ min: 6, max: 12 }), leaves: fc.boolean() }), {
      selector: ({ month }) => month,
      minLength: 1,
      maxLength: 5,
    });

    it("each comes on its day, or gives way to a newer one about the same span: whenever each was decided and entered", async () => {
      await fc.assert(
        fc.asyncProperty(plan, fc.infiniteStream(fc.nat(99)), async (drawn, places) => {
          begin();
          const dated = drawn.map((each, index) => ({ ...each, decided: index, id: `d-${index}` }));
          const entered = dated
            .map((each) => ({ each, place: places.next().value ?? 0 }))
            .sort((a, b) => a.place - b.place);
          now = Date.parse("2026-05-01T12:00:00Z");
          for (const { each } of entered) {
            const told = {
              id: each.id,
              decided: `2026-05-01T10:0${each.decided}:00Z`,
              effective: dayOf(each),
            };
            const event = each.leaves ? left(told) : back(told);
            await process(event.intent, event);
          }
          for (const each of dated.toSorted((a, b) => a.month - b.month)) await on(dayOf(each));
          const given = gaveWay(dated);
          const came = dated.filter((each) => !given.has(each)).toSorted((a, b) => a.month - b.month);
          expect([
            dated.map(({ id }) => [id, outcomeOf(id)?.[0] === "superseded" ? "superseded" : "came"]),
            directory.users("lwa")[0]?.state,
          ]).toEqual([
            dated.map((each) => [each.id, given.has(each) ? "superseded" : "came"]),
            came.at(-1)?.leaves ? "suspended" : "active",
          ]);
        }),
      );
    });

    it("a return from a leave of absence that the policy ignores leaves an announced leave alone", async () => {
      now = Date.parse("2026-03-01T10:00:00Z");
      await process("offboard", december);
      const absent = { id: "loa", decided: "2026-03-01T09:00:00Z", reason: "leaveOfAbsence" };
      await process("offboard", left(absent));
      await process("reinstate", back({ id: "back", decided: "2026-03-01T09:30:00Z" }));
      expect([await on("2026-11-30T00:00:00Z"), await on("2026-12-01T00:01:00Z")]).toEqual([
        "active",
        "suspended",
      ]);
    });

    it.each([
      ["each for itself", false],
      ["with a copy of the earlier leave in its batch, which HR decided later", true],
    ])(
      "an announced leave comes also after another leave and the return from it: %s",
      async (_, isWithCopy) => {
        now = Date.parse("2026-03-01T10:00:00Z");
        const sick = left({ id: "sick", decided: "2026-03-01T09:00:00Z", reason: "sick" });
        await process("offboard", december);
        await process("offboard", sick);
        await process("reinstate", back({ id: "back", decided: "2026-03-01T09:30:00Z" }));
        const before = await on("2026-11-30T00:00:00Z");
        now = Date.parse("2026-12-01T00:00:30Z");
        const outcomes = await process("offboard", ...(isWithCopy ? [sick, december] : [december]));
        expect([
          before,
          kindsOf(outcomes).at(-1),
          await on("2026-12-01T00:01:00Z"),
          outcomeOf("dec")?.[0],
        ]).toEqual(["active", "applied", "suspended", "applied"]);
      },
    );

    it.each(["release", "discard"] as const)(
      "a held leave that a return has left waiting keeps its place, though another return came meanwhile: %s",
      async (act) => {
        now = Date.parse("2026-03-01T10:00:00Z");
        await process("offboard", december);
        await process("offboard", left({ id: "sick", decided: "2026-03-01T09:00:00Z", reason: "sick" }));
        await process("reinstate", back({ id: "back", decided: "2026-03-01T09:30:00Z" }));
        const absent = { id: "loa", decided: "2026-04-01T09:00:00Z", reason: "leaveOfAbsence" };
        now = Date.parse("2026-04-01T10:00:00Z");
        await process("offboard", left(absent));
        limits = { atLeast: 0, percent: 0, windowMinutes: 60, immediate: 0 };
        const whenDue = [await on("2026-12-01T00:01:00Z"), ...(outcomeOf("dec") ?? [])];
        limits = undefined;
        await process("reinstate", back({ id: "well", decided: "2026-04-20T09:00:00Z" }));
        const answers: unknown[] = [];
        for (const decision of await heldNow())
          answers.push(await memoryHeldDecisions(store)[act](decision, { by: "eve", now }));
        const state = await on("2026-12-01T00:02:00Z");
        const again = await process("offboard", december);
        expect([whenDue, answers, state, kindsOf(again)]).toEqual([
          ["active", "held", "SuspensionLimit"],
          [{ kind: act === "release" ? "released" : "discarded" }],
          act === "release" ? "suspended" : "active",
          ["unchanged"],
        ]);
      },
    );

    it("an announced leave is cancelled by a newer return", async () => {
      now = Date.parse("2026-01-20T10:00:00Z");
      const off = back({ id: "off", decided: "2026-01-20T09:00:00Z" });
      await process("offboard", december);
      await process("reinstate", off);
      expect(await on("2026-12-01T00:01:00Z")).toBe("active");
    });

    it("a hire that is still to come is void once the person has left", async () => {
      now = Date.parse("2026-05-02T10:00:00Z");
      const hire = hired({ id: "hire", decided: "2026-05-01T09:00:00Z", effective: "2026-06-01T00:00:00Z" });
      await process("onboard", hire);
      await process("offboard", left({ id: "left", decided: "2026-05-02T09:00:00Z" }));
      expect([await on("2026-06-01T00:01:00Z")]).toEqual(["suspended"]);
    });

    it("what is replaced while it is being put off says so in the journal, and not that it waits", async () => {
      now = Date.parse("2026-05-14T10:01:00Z");
      const hire = hired({ id: "hire", decided: "2026-05-01T09:00:00Z", effective: "2026-06-01T00:00:00Z" });
      const ledger = memoryLedger(store);
      const slow: Ledger = {
        ...ledger,
        async record(entries) {
          await process("offboard", left({ id: "left", decided: "2026-05-02T09:00:00Z" }));
          return ledger.record(entries);
        },
      };
      await runBatch([hire], { intent: "onboard", directory, store, now, rules, ledger: slow });
      expect([await on("2026-06-01T00:01:00Z"), outcomeOf("hire")]).toEqual([
        "suspended",
        ["superseded", "left"],
      ]);
    });

    it("whatever was replaced says so in the journal, and nothing is put off for ever", async () => {
      now = Date.parse("2026-05-14T10:01:00Z");
      const inJune = left({ id: "june", decided: "2026-05-14T09:00:00Z", effective: "2026-06-01T00:00:00Z" });
      await process("offboard", inJune);
      await process("offboard", inJuly);
      const states = [await on("2026-06-01T00:01:00Z"), await on("2026-07-01T00:01:00Z")];
      expect([states, outcomeOf("june"), outcomeOf("july")?.[0]]).toEqual([
        ["active", "suspended"],
        ["superseded", "july"],
        "applied",
      ]);
    });
  });

  describe("that HR made at one time, because it knows days only", () => {
    const day = "2026-05-14T00:00:00Z";
    const leave = left({ id: "hr-9", decided: day, bus: "2026-05-14T08:00:00Z" });
    const correction = back({ id: "hr-10", decided: day, bus: "2026-05-14T11:00:00Z" });

    it("the one that the bus received later stands, and the trail tells of the tie", async () => {
      now = Date.parse("2026-05-14T12:00:00Z");
      await process("offboard", leave);
      const outcomes = await process("reinstate", correction);
      const tie = [...store.journal.values()].find(({ eventId }) => eventId === "hr-10")?.trail?.at(-1);
      expect([kindsOf(outcomes), directory.users("lwa")[0]?.state, tie]).toMatchObject([
        ["applied"],
        "active",
        { step: "applied", tie: "receivedLater" },
      ]);
    });

    it("the one received earlier is superseded when it comes later, also after it was redriven", async () => {
      now = Date.parse("2026-05-14T12:00:00Z");
      await process("reinstate", back({ id: "hr-8", decided: day, bus: "2026-05-14T11:00:00Z" }));
      expect(await process("offboard", leave)).toEqual([
        { kind: "superseded", by: "hr-8", tie: "receivedLater" },
      ]);
    });

    it("of those received at one time too, hr-10 comes after hr-9", async () => {
      now = Date.parse("2026-05-14T12:00:00Z");
      const bus = "2026-05-14T08:00:00Z";
      await process("relicense", licensed({ id: "hr-9", decided: day, bus, license: "Pro" }));
      await process("relicense", licensed({ id: "hr-10", decided: day, bus, license: "Basic" }));
      expect(directory.users("lwa")[0]?.license).toBe("Basic");
    });

    it("of two that wait for one day, too, the one that the bus received later stands", async () => {
      now = Date.parse("2026-05-14T12:00:00Z");
      const effective = "2026-06-01T00:00:00Z";
      await process("offboard", left({ id: "a", decided: day, effective, bus: "2026-05-14T08:00:00Z" }));
      await process("reinstate", back({ id: "b", decided: day, effective, bus: "2026-05-14T11:00:00Z" }));
      expect([await on("2026-06-01T00:01:00Z"), outcomeOf("b")?.[0]]).toEqual(["active", "applied"]);
    });
  });

  describe("under one id", () => {
    it("an event that is sent again with another time is that event still", async () => {
      now = Date.parse("2026-05-14T12:00:00Z");
      await process("offboard", left({ id: "hr-1", decided: "2026-05-14T09:00:00Z" }));
      await process("reinstate", back({ id: "hr-2", decided: "2026-05-14T10:00:00Z" }));
      const again = await process("offboard", left({ id: "hr-1", decided: "2026-05-14T11:00:00Z" }));
      expect([again, directory.users("lwa")[0]?.state]).toEqual([
        [{ kind: "unchanged", because: "duplicate" }],
        "active",
      ]);
    });

    it("an event that was discarded stays discarded when it comes with a corrected time", async () => {
      now = Date.parse("2026-05-14T12:00:00Z");
      const { decisions } = parseRecords(
        [left({ id: "hr-1", decided: "2026-05-14T09:00:00Z" })],
        pipelines.offboard,
      );
      const entries = decisions.map((decision) =>
        toJournalEntry(decision, { kind: "rejected", code: "X", reason: "x" }, new Date(now).toISOString()),
      );
      for (const entry of entries)
        await memoryDiscards(store, () => now).discard({ ...entry, outcome: "discarded" });
      const outcomes = await process("offboard", left({ id: "hr-1", decided: "2026-05-14T11:00:00Z" }));
      expect([kindsOf(outcomes), directory.users("lwa")[0]?.state]).toEqual([["unchanged"], "active"]);
    });
  });

  describe("under one id, of which another waits", () => {
    it("one that ended before takes no place of a leave that waits for its day", async () => {
      now = Date.parse("2026-05-14T12:00:00Z");
      await process("offboard", left({ id: "hr-1", decided: "2026-05-14T08:00:00Z" }));
      await process("reinstate", back({ id: "hr-2", decided: "2026-05-14T09:00:00Z" }));
      const effective = "2026-06-01T00:00:00Z";
      await process("offboard", left({ id: "hr-3", decided: "2026-05-14T10:00:00Z", effective }));
      const again = { id: "hr-1", decided: "2026-05-14T11:00:00Z", effective: "2026-09-01T00:00:00Z" };
      const outcomes = await process("offboard", left(again));
      expect([outcomes, await on("2026-06-01T00:01:00Z")]).toEqual([
        [{ kind: "unchanged", because: "duplicate" }],
        "suspended",
      ]);
    });

    it("the older decision that came in one batch with it is carried out when it comes again", async () => {
      now = Date.parse("2026-05-14T12:00:00Z");
      await process("offboard", left({ id: "hr-1", decided: "2026-05-14T08:00:00Z" }));
      await process("reinstate", back({ id: "hr-2", decided: "2026-05-14T09:00:00Z" }));
      const again = left({ id: "hr-1", decided: "2026-05-14T11:00:00Z" });
      const other = left({ id: "hr-3", decided: "2026-05-14T10:00:00Z" });
      const outcomes = [await process("offboard", again, other), await process("offboard", other)];
      expect([outcomes.map(kindsOf), directory.users("lwa")[0]?.state]).toEqual([
        [["unchanged", "retry"], ["applied"]],
        "suspended",
      ]);
    });

    it("a leave that waits comes on the earlier day to which a copy of its event has moved it", async () => {
      now = Date.parse("2026-05-14T12:00:00Z");
      const leave = { id: "hr-1", decided: "2026-05-14T09:00:00Z" };
      await process("offboard", left({ ...leave, effective: "2026-12-01T00:00:00Z" }));
      now = Date.parse("2026-06-01T12:00:00Z");
      const moved = await process("offboard", left({ ...leave, effective: "2026-06-01T00:00:00Z" }));
      const states = [directory.users("lwa")[0]?.state, await on("2026-12-01T00:01:00Z")];
      expect([kindsOf(moved), states]).toEqual([["applied"], ["suspended", "suspended"]]);
    });

    it("two copies with two times in one batch are one event", async () => {
      now = Date.parse("2026-05-14T12:00:00Z");
      const copies = ["09", "11"].map((hour) => left({ id: "hr-1", decided: `2026-05-14T${hour}:00:00Z` }));
      expect(await process("offboard", ...copies)).toMatchObject([
        { kind: "unchanged", because: "duplicate" },
        { kind: "applied" },
      ]);
    });
  });

  describe("of which one is from the future", () => {
    it("it waits until its own time, and stands over nothing before", async () => {
      now = Date.parse("2026-05-14T12:00:00Z");
      const early = await process("reinstate", back({ id: "ahead", decided: "2026-05-14T20:00:00Z" }));
      const gone = await process("offboard", left({ id: "left", decided: "2026-05-14T12:00:00Z" }));
      expect([early, kindsOf(gone), directory.users("lwa")[0]?.state]).toEqual([
        [{ kind: "deferred", because: "fromTheFuture", until: Date.parse("2026-05-14T20:00:00Z") }],
        ["applied"],
        "suspended",
      ]);
      expect([await on("2026-05-14T19:59:00Z"), await on("2026-05-14T20:00:00Z")]).toEqual([
        "suspended",
        "active",
      ]);
    });

    it("it keeps no leave that waits from its day, nor one that comes after it", async () => {
      now = Date.parse("2026-05-14T12:00:00Z");
      const toWait = { decided: "2026-05-14T11:00:00Z", effective: "2026-05-14T13:00:00Z" };
      await process("offboard", left({ id: "waits", ...toWait }));
      const ahead = await process("offboard", left({ id: "ahead", decided: "2026-05-15T10:00:00Z" }));
      const after = { decided: "2026-05-14T12:00:00Z", effective: "2026-05-14T14:00:00Z" };
      const late = await process("offboard", left({ id: "after", ...after }));
      expect([kindsOf(ahead), kindsOf(late)]).toEqual([["deferred"], ["deferred"]]);
      expect([await on("2026-05-14T13:59:00Z"), await on("2026-05-14T14:00:00Z")]).toEqual([
        "active",
        "suspended",
      ]);
    });

    it("several wait beside each other, and each is decided about at its own time", async () => {
      now = Date.parse("2026-05-14T12:00:00Z");
      await process("offboard", left({ id: "at two", decided: "2026-05-14T14:00:00Z" }));
      await process("offboard", left({ id: "at four", decided: "2026-05-14T16:00:00Z" }));
      await process("reinstate", back({ id: "at three", decided: "2026-05-14T15:00:00Z" }));
      const states: (string | undefined)[] = [];
      for (const hour of [13, 14, 15, 16]) states.push(await on(`2026-05-14T${hour}:00:00Z`));
      expect(states).toEqual(["active", "suspended", "active", "suspended"]);
    });

    it("one dated more than a day ahead is a dead letter", async () => {
      now = Date.parse("2026-05-14T12:00:00Z");
      const outcomes = await process("offboard", left({ id: "far", decided: "2026-05-15T12:00:01Z" }));
      expect(outcomes).toMatchObject([{ kind: "rejected", code: "FromTheFuture" }]);
    });
  });

  describe("that are old", () => {
    const old = left({ id: "old", decided: "2026-05-01T09:00:00Z", bus: "2026-05-01T09:00:05Z" });

    it("are as old as they were when they were first received", async () => {
      now = Date.parse("2026-07-01T12:00:00Z");
      expect(kindsOf(await process("offboard", old))).toEqual(["applied"]);
    });

    it("and came to their end before are duplicates, and no dead letters", async () => {
      now = Date.parse("2026-05-01T12:00:00Z");
      await process("offboard", old);
      now = Date.parse("2026-07-01T12:00:00Z");
      const sentAgain = left({ id: "old", decided: "2026-05-01T09:00:00Z", bus: "2026-07-01T11:00:00Z" });
      expect(await process("offboard", sentAgain)).toEqual([{ kind: "unchanged", because: "duplicate" }]);
    });

    it("and never came to an end before are dead letters; those that the ledger cannot tell of come again", async () => {
      now = Date.parse("2026-07-01T12:00:00Z");
      const late = left({ id: "late", decided: "2026-05-01T09:00:00Z", bus: "2026-07-01T11:00:00Z" });
      const ledger = {
        ...memoryLedger(store),
        ended: async () => [{ kind: "fault", reason: "throttled" } as const],
      };
      const { outcomes } = await runBatch([late], {
        intent: "offboard",
        directory,
        store,
        now,
        rules,
        ledger,
      });
      expect([kindsOf(outcomes), kindsOf(await process("offboard", late))]).toEqual([
        ["retry"],
        ["rejected"],
      ]);
    });
  });
});

interface Dated {
  month: number;
  leaves: boolean;
  decided: number;
}

const dayOf = ({ month }: Dated) => `2026-${String(month).padStart(2, "0")}-01T00:00:00Z`;

/** What gives way, by the rules as they are written for people. It shares no code with what is tested. */
function gaveWay(dated: readonly Dated[]): Set<Dated> {
  const given = new Set<Dated>();
  const orderOf = new Map(dated.map((each) => [each, each.decided]));
  const isNewer = (a: Dated, b: Dated) => (orderOf.get(a) ?? 0) > (orderOf.get(b) ?? 0);
  let standing: Dated | undefined;
  for (const due of dated.toSorted((a, b) => a.month - b.month)) {
    if (given.has(due)) continue;
    const announced = dated.filter((each) => each.month > due.month && !given.has(each));
    const coming = announced.filter((each) => standing === undefined || isNewer(each, standing));
    const isPutOff = coming.some(
      (later) =>
        later.leaves === due.leaves &&
        isNewer(later, due) &&
        !coming.some(({ leaves, month }) => leaves !== due.leaves && month < later.month),
    );
    if (isPutOff || (standing !== undefined && isNewer(standing, due))) given.add(due);
    else {
      for (const each of announced)
        if (!isNewer(each, due)) {
          if (!each.leaves) given.add(each);
          // A return ends the leave that is in force, and no other one.
          else if (!due.leaves && standing?.leaves)
            orderOf.set(each, (orderOf.get(due) ?? 0) + each.month / 100);
        }
      standing = due;
    }
  }
  return given;
}

type IntentRecord = QueueRecord & { intent: Intent };

function eventOf(type: DetailType, intent: Intent, told: Told): IntentRecord {
  const { id, decided, effective, bus = decided, reason, license } = told;
  const detail = {
    metadata: { id, schemaVersion: "1.0", occurredAt: decided },
    data: {
      personId: "p-1",
      email: "ada@lwa.example",
      ...(effective !== undefined && { effectiveAt: effective }),
      ...(reason !== undefined && { reason }),
      ...(license !== undefined && { licenseType: license }),
    },
  };
  const body = JSON.stringify({ source: "rollcall.hr", "detail-type": type, time: bus, detail });
  return { intent, body, receiveCount: 1, receivedAt: Date.parse(bus) };
}

const left = (told: Told) => eventOf("EmployeeLeft", "offboard", told);
const back = (told: Told) => eventOf("EmployeeReturned", "reinstate", told);
const hired = (told: Told) => eventOf("EmployeeHired", "onboard", told);
const licensed = (told: Told) => eventOf("LicenseChanged", "relicense", told);

/** A bus at that time, and what lies in the queues behind it. */
function busTo(now: number): { bus: EventBus; records: (intent: Intent) => QueueRecord[] } {
  const taken: { type: string; record: QueueRecord }[] = [];
  return {
    records: (intent) =>
      taken
        .filter(({ type }) => pipelines[intent].detailTypes.some((each) => each === type))
        .map(({ record }) => record),
    bus: {
      put: async (entries) => {
        for (const { source, detailType: type, detail } of entries) {
          const time = new Date(now).toISOString();
          const body = JSON.stringify({ source, "detail-type": type, time, detail: JSON.parse(detail) });
          taken.push({ type, record: { body, receiveCount: 1, receivedAt: now } });
        }
        return { kind: "answered", entries: entries.map(() => ({ kind: "accepted", eventId: "e" })) };
      },
    },
  };
}
