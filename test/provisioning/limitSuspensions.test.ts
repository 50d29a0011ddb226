import { describe, expect, it } from "vitest";
import type { MemoryStore } from "../../src/ledger/memory/memoryLedger.ts";
import { memoryHeldDecisions } from "../../src/ledger/memory/memoryPorts.ts";
import type { SafeguardStore } from "../../src/safeguard/safeguardState.ts";
import { collect } from "../events/collect.ts";
import { leavers, limitedService, personOf, release, tally } from "./limitedService.ts";
import { aRecord } from "./records.ts";
import { runBatch } from "./runBatch.ts";
import { aFailure, noon } from "./samples.ts";

describe("the suspension limit in a batch", () => {
  it("asks for nothing but the suspensions while a day is quiet", async () => {
    const { directory, run } = limitedService();
    expect([await run(leavers(10)), directory.tally()]).toEqual([
      { applied: 10 },
      { getAccount: 1, suspend: 1 },
    ]);
  });

  it("counts the active users when it matters, and once a day", async () => {
    const { directory, run, admissions } = limitedService();
    const first = await run(leavers(11));
    const pages = directory.tally().listUsers;
    const second = await run(leavers(5, { from: 20 }));
    const [account] = await admissions.list();
    expect([first, pages, second, directory.tally().listUsers, account?.state.activeUsers]).toEqual([
      { applied: 11 },
      2,
      { applied: 5 },
      2,
      { count: 400, countedAt: noon },
    ]);
  });

  it("holds a batch that crosses the limit in full, and keeps each event with why", async () => {
    const { directory, run, store } = limitedService();
    const outcomes = await run(leavers(21));
    const [first, ...rest] = await collect(memoryHeldDecisions(store).list());
    const entries = [...store.journal.values()].map(({ outcome, code, accountId }) => ({
      outcome,
      code,
      accountId,
    }));
    expect({ outcomes, suspensions: directory.carried("suspend"), held: rest.length + 1 }).toEqual({
      outcomes: { "held SuspensionLimit": 21 },
      suspensions: [],
      held: 21,
    });
    expect(first).toMatchObject({
      eventId: "team-left-0",
      accountId: "team",
      heldAt: noon,
      rule: "SuspensionLimit",
    });
    expect(JSON.parse(first?.event ?? "")).toMatchObject({ "detail-type": "EmployeeLeft" });
    expect(entries).toEqual(Array(21).fill({ outcome: "held", code: "SuspensionLimit", accountId: "team" }));
  });

  describe("with two leaves of one person", () => {
    const leave = (id: string, occurredAt: string) =>
      aRecord("EmployeeLeft", { ...personOf(0), id, occurredAt, data: { userId: "team-0" } });
    const newer = leave("newer", "2026-05-14T11:00:00Z");
    const older = leave("older", "2026-05-14T10:00:00Z");
    const others = leavers(20, { from: 1 });

    const heldOf = async (store: MemoryStore) =>
      (await collect(memoryHeldDecisions(store).list())).filter(({ personId }) => personId === "team-p-0");
    const endsOf = (store: MemoryStore) =>
      [...store.journal.values()]
        .filter(({ personId }) => personId === "team-p-0")
        .map(({ eventId, outcome, code }) => [eventId, outcome, code])
        .toSorted();

    it("that come in one batch, the older one ends with the newer, also if that is discarded", async () => {
      const { directory, run, store } = limitedService();
      await run([older, newer, ...others]);
      const held = await heldOf(store);
      for (const decision of held)
        await memoryHeldDecisions(store).discard(decision, { by: "eve", now: noon });
      expect({
        held: held.map(({ eventId }) => eventId),
        ends: endsOf(store),
        copy: await run([newer]),
        suspensions: directory.carried("suspend"),
      }).toEqual({
        held: ["newer"],
        ends: [
          ["newer", "discarded", "SuspensionLimit"],
          ["older", "superseded", "newer"],
        ],
        copy: { unchanged: 1 },
        suspensions: [],
      });
    });

    it.each([
      ["the newer one first", [[newer, ...others], [older]]],
      ["the older one first", [[older, ...others], [newer]]],
    ])(
      "that are held one after the other, the older one stays when the newer is discarded: %s",
      async (_, batches) => {
        const { run, store } = limitedService();
        for (const batch of batches) await run(batch);
        const held = await heldOf(store);
        for (const decision of held)
          if (decision.eventId === "newer")
            await memoryHeldDecisions(store).discard(decision, { by: "eve", now: noon });
        const left = await heldOf(store);
        expect([held, left].map((each) => each.map(({ eventId }) => eventId).toSorted())).toEqual([
          ["newer", "older"],
          ["older"],
        ]);
      },
    );
  });

  it("holds everybody of the account from then on, and nobody of another", async () => {
    const { run } = limitedService();
    await run(leavers(21));
    const batch = [...leavers(1, { from: 100 }), ...leavers(3, { account: "lwa" })];
    expect(await run(batch)).toEqual({ "held SuspensionLatch": 1, applied: 3 });
  });

  it("lets hires and returns flow on", async () => {
    const { run, directory } = limitedService();
    await run(leavers(21));
    const hires = Array.from({ length: 30 }, (_, index) =>
      aRecord("EmployeeHired", { ...personOf(1000 + index), id: `h-${index}` }),
    );
    expect([await run(hires, { intent: "onboard" }), directory.carried("create").flat().length]).toEqual([
      { applied: 30 },
      30,
    ]);
  });

  it("lets those who leave at once pass, in one call, as far as their number goes", async () => {
    const { run, directory } = limitedService();
    const batch = [...leavers(30), ...leavers(3, { from: 300, urgent: true })];
    expect([await run(batch), directory.carried("suspend")]).toEqual([
      { "held SuspensionLimit": 31, applied: 2 },
      [["team-300", "team-301"]],
    ]);
  });

  it("lets the released pass in full calls, behind the closed latch and without counting them", async () => {
    const { run, directory, store, admissions } = limitedService();
    const feed = leavers(120);
    await run(feed);
    await release(store);
    const before = await admissions.list();
    const outcomes = await run(feed);
    expect([outcomes, directory.carried("suspend").map(({ length }) => length)]).toEqual([
      { applied: 120 },
      [50, 50, 20],
    ]);
    expect(await admissions.list()).toEqual(before);
    const entries = [...store.journal.values()].map(({ outcome, by, note }) => ({ outcome, by, note }));
    expect(entries).toEqual(Array(120).fill({ outcome: "applied", by: "grace", note: "a plant closes" }));
    // The approval is used up, and nothing is held any more.
    expect([...store.heads.values()].filter(({ approved }) => approved !== undefined)).toEqual([]);
    expect(store.pending.size).toBe(0);
  });

  it("fills up the calls from which others were stopped", async () => {
    const { run, directory, store } = limitedService();
    const feed = leavers(120);
    await run(feed);
    await release(store, (eventId) => Number(eventId.split("-").at(-1)) % 2 === 0);
    expect([await run(feed), directory.carried("suspend").map(({ length }) => length)]).toEqual([
      { applied: 60, "held SuspensionLatch": 60 },
      [50, 10],
    ]);
  });

  it("does not take an approval from the event", async () => {
    const { run } = limitedService();
    await run(leavers(21));
    const claims = { approvedBy: "me", approved: true };
    const forged = aRecord("EmployeeLeft", {
      ...personOf(0),
      id: "forged",
      occurredAt: "2026-05-14T11:30:00Z",
      data: { userId: "team-0", ...claims },
    });
    expect(await run([forged])).toEqual({ "held SuspensionLatch": 1 });
  });

  it("suspends nobody on a guess while its count cannot be read", async () => {
    const { run, directory } = limitedService();
    const admissions: SafeguardStore = {
      update: () => Promise.reject(new Error("throttled")),
      list: () => Promise.resolve([]),
    };
    expect([await run(leavers(1), { admissions }), directory.carried("suspend")]).toEqual([
      { "retry LedgerUnavailable": 1 },
      [],
    ]);
  });

  it("counts no device among the active users", async () => {
    const { directory, run, admissions } = limitedService();
    const list = directory.listUsers;
    directory.listUsers = async (...given) => {
      const page = await list(...given);
      return {
        ...page,
        users: page.users.map((user, index) => (index < 50 ? { ...user, type: "device" as const } : user)),
      };
    };
    await run(leavers(12));
    const [account] = await admissions.list();
    expect(account?.state.activeUsers?.count).toBe(300);
  });

  it("tries again if the active users cannot be counted, and closes nothing", async () => {
    const { run, admissions } = limitedService({
      call: ({ operation }) => (operation === "listUsers" ? aFailure("throttled") : undefined),
    });
    expect([await run(leavers(11)), await admissions.list()]).toEqual([{ "retry Code": 11 }, []]);
  });

  it("is off where the policy says so", async () => {
    const { directory, admissions } = limitedService();
    const { outcomes } = await runBatch(leavers(300), { intent: "offboard", directory, admissions });
    expect([tally(outcomes), await admissions.list()]).toEqual([{ applied: 300 }, []]);
  });

  it("suspends no more of a whole account's leavers if they come in small batches", async () => {
    const { run, directory } = limitedService();
    // The limit is 5 % of the 392 who were active when it was first needed.
    let left = leavers(400);
    const sizes = [7, 1, 9, 2, 3, 50];
    for (let turn = 0; left.length > 0; turn += 1) {
      const size = sizes[turn % sizes.length] ?? 1;
      await run(left.slice(0, size));
      left = left.slice(size);
    }
    expect(directory.users("team").filter(({ state }) => state === "suspended").length).toBe(19);
  });
});
