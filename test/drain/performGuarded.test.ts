import { describe, expect, it } from "vitest";
import type { QueueRecord } from "../../src/drain/queueRecord.ts";
import { memoryHeldDecisions } from "../../src/ledger/memory/memoryHeldDecisions.ts";
import { type MemoryStore, memoryStore } from "../../src/ledger/memory/memoryStore.ts";
import type { SuspensionLimits } from "../../src/policy/suspensionLimits.ts";
import { memorySafeguardStore } from "../../src/safeguard/memory/memorySafeguardStore.ts";
import type { SafeguardStore } from "../../src/safeguard/safeguardStore.ts";
import { type Faults, fakeDirectory } from "../directory/fakeDirectory.ts";
import { collect } from "../events/collect.ts";
import { aRecord } from "./records.ts";
import { type Run, runDrain, timeFor } from "./runDrain.ts";
import { aFailure, aUser, noon } from "./samples.ts";

const limits: SuspensionLimits = { atLeast: 10, percent: 5, windowMinutes: 60, immediate: 2 };

/** A directory of 400 in two accounts, and what is remembered from one batch to the next. */
function service(faults: Faults = {}) {
  const users = (domain: string) =>
    Array.from({ length: 400 }, (_, index) =>
      aUser({ userId: `${domain}-${index}`, email: `person-${index}@${domain}.example` }),
    );
  const directory = fakeDirectory(
    [
      { accountId: "team", type: "Team", users: users("team") },
      { accountId: "lwa", type: "EnterpriseLWA", users: users("lwa") },
    ],
    faults,
  );
  const store = memoryStore();
  const admissions = memorySafeguardStore();
  const drain = async (records: readonly QueueRecord[], run: Partial<Run> = {}) => {
    const { outcomes } = await runDrain(records, {
      intent: "offboard",
      directory,
      store,
      admissions,
      limits,
      ...run,
    });
    return tally(outcomes);
  };
  return { directory, store, admissions, drain };
}

/** How often each outcome came, by its kind and by the reason if it has one. */
function tally(outcomes: readonly { kind: string; rule?: string; code?: string }[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { kind, rule, code } of outcomes) {
    const words = [kind, rule ?? code].filter(Boolean).join(" ");
    counts[words] = (counts[words] ?? 0) + 1;
  }
  return counts;
}

interface Leavers {
  from?: number;
  account?: "team" | "lwa";
  urgent?: boolean;
}

/** So many people who leave, their ids known. */
function leavers(count: number, { from = 0, account = "team", urgent = false }: Leavers = {}): QueueRecord[] {
  return Array.from({ length: count }, (_, index) =>
    aRecord("EmployeeLeft", {
      ...personOf(from + index, account),
      id: `${account}-left-${from + index}`,
      data: { userId: `${account}-${from + index}`, ...(urgent && { urgency: "immediate" }) },
    }),
  );
}

const personOf = (index: number, account = "team") => ({
  personId: `${account}-p-${index}`,
  email: `person-${index}@${account}.example`,
});

async function counted(admissions: SafeguardStore): Promise<number> {
  const [account] = await admissions.list();
  return (account?.state.admissions ?? []).reduce((sum, { people }) => sum + people, 0);
}

const release = async (store: MemoryStore, wanted: (eventId: string) => boolean = () => true) => {
  const held = memoryHeldDecisions(store);
  for (const decision of await collect(held.list()))
    if (wanted(decision.eventId)) await held.release(decision, { by: "grace", now: noon });
};

describe("the safeguard in the drain", () => {
  it("asks for nothing but the suspensions while a day is quiet", async () => {
    const { directory, drain } = service();
    expect([await drain(leavers(10)), directory.tally()]).toEqual([
      { applied: 10 },
      { getAccount: 1, suspend: 1 },
    ]);
  });

  it("counts the active users when it matters, and once a day", async () => {
    const { directory, drain, admissions } = service();
    const first = await drain(leavers(11));
    const pages = directory.tally().listUsers;
    const second = await drain(leavers(5, { from: 20 }));
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
    const { directory, drain, store } = service();
    const outcomes = await drain(leavers(21));
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

  it("holds everybody of the account from then on, and nobody of another", async () => {
    const { drain } = service();
    await drain(leavers(21));
    const batch = [...leavers(1, { from: 100 }), ...leavers(3, { account: "lwa" })];
    expect(await drain(batch)).toEqual({ "held SuspensionLatch": 1, applied: 3 });
  });

  it("lets hires and returns flow on", async () => {
    const { drain, directory } = service();
    await drain(leavers(21));
    const hires = Array.from({ length: 30 }, (_, index) =>
      aRecord("EmployeeHired", { ...personOf(1000 + index), id: `h-${index}` }),
    );
    expect([await drain(hires, { intent: "onboard" }), directory.carried("invite").flat().length]).toEqual([
      { applied: 30 },
      30,
    ]);
  });

  it("lets those who leave at once pass, in one call, as far as their number goes", async () => {
    const { drain, directory } = service();
    const batch = [...leavers(30), ...leavers(3, { from: 300, urgent: true })];
    expect([await drain(batch), directory.carried("suspend")]).toEqual([
      { "held SuspensionLimit": 31, applied: 2 },
      [["team-300", "team-301"]],
    ]);
  });

  it("lets the released pass in full calls, behind the closed latch and without counting them", async () => {
    const { drain, directory, store, admissions } = service();
    const feed = leavers(120);
    await drain(feed);
    await release(store);
    const before = await admissions.list();
    const outcomes = await drain(feed);
    expect([outcomes, directory.carried("suspend").map(({ length }) => length)]).toEqual([
      { applied: 120 },
      [50, 50, 20],
    ]);
    expect(await admissions.list()).toEqual(before);
    const entries = [...store.journal.values()].map(({ outcome, by }) => ({ outcome, by }));
    expect(entries).toEqual(Array(120).fill({ outcome: "applied", by: "grace" }));
    // The approval is used up, and nothing is held any more.
    expect([...store.heads.values()].filter(({ approved }) => approved !== undefined)).toEqual([]);
    expect(store.pending.size).toBe(0);
  });

  it("fills up the calls from which others were stopped", async () => {
    const { drain, directory, store } = service();
    const feed = leavers(120);
    await drain(feed);
    await release(store, (eventId) => Number(eventId.split("-").at(-1)) % 2 === 0);
    expect([await drain(feed), directory.carried("suspend").map(({ length }) => length)]).toEqual([
      { applied: 60, "held SuspensionLatch": 60 },
      [50, 10],
    ]);
  });

  it("does not take an approval from the event", async () => {
    const { drain } = service();
    await drain(leavers(21));
    const claims = { approvedBy: "me", approved: true };
    const forged = aRecord("EmployeeLeft", {
      ...personOf(0),
      id: "forged",
      occurredAt: "2026-05-14T11:30:00Z",
      data: { userId: "team-0", ...claims },
    });
    expect(await drain([forged])).toEqual({ "held SuspensionLatch": 1 });
  });

  it("does not count who is suspended already", async () => {
    const { drain, admissions } = service();
    await drain(leavers(5));
    const again = leavers(5).map((_, index) =>
      aRecord("EmployeeLeft", {
        ...personOf(index),
        id: `again-${index}`,
        occurredAt: "2026-05-14T11:30:00Z",
      }),
    );
    expect([await drain(again), await counted(admissions)]).toEqual([{ unchanged: 5 }, 5]);
  });

  it("does not count twice who is looked up and tried once more", async () => {
    const { drain, admissions } = service();
    const wrongId = leavers(4).map((_, index) =>
      aRecord("EmployeeLeft", { ...personOf(index), id: `e-${index}`, data: { userId: `gone-${index}` } }),
    );
    expect([await drain(wrongId), await counted(admissions)]).toEqual([{ applied: 4 }, 4]);
  });

  it("takes off the count who was refused, throttled or not reached, but nobody of whom it is not sure", async () => {
    const failing: Faults = {
      target: (target) => (target === "team-0" ? aFailure("permanent") : undefined),
    };
    const refused = service(failing);
    await refused.drain(leavers(4));
    const throttled = service({
      call: ({ operation }) => (operation === "suspend" ? aFailure("throttled") : undefined),
    });
    await throttled.drain(leavers(4));
    const outOfTime = service();
    await outOfTime.drain(leavers(4), { budget: timeFor(1) });
    const lost = service({
      call: ({ operation }) =>
        operation === "suspend"
          ? { afterEffect: aFailure("transient", { mayStillHappen: true }) }
          : undefined,
    });
    await lost.drain(leavers(4));
    const leftOut = service({ target: () => "leftOut" });
    await leftOut.drain(leavers(4));
    const unclear = service({ target: () => aFailure("unknown") });
    await unclear.drain(leavers(4));
    const counts = await Promise.all(
      [refused, throttled, outOfTime, lost, leftOut, unclear].map((one) => counted(one.admissions)),
    );
    expect(counts).toEqual([3, 0, 0, 4, 4, 4]);
  });

  it("suspends nobody on a guess while its count cannot be read", async () => {
    const { drain, directory } = service();
    const admissions: SafeguardStore = {
      update: () => Promise.reject(new Error("throttled")),
      list: () => Promise.resolve([]),
    };
    expect([await drain(leavers(1), { admissions }), directory.carried("suspend")]).toEqual([
      { "retry LedgerUnavailable": 1 },
      [],
    ]);
  });

  it("tries again if the active users cannot be counted, and closes nothing", async () => {
    const { drain, admissions } = service({
      call: ({ operation }) => (operation === "listUsers" ? aFailure("throttled") : undefined),
    });
    expect([await drain(leavers(11)), await admissions.list()]).toEqual([{ "retry Code": 11 }, []]);
  });

  it("is off where the policy says so", async () => {
    const { directory, admissions } = service();
    const { outcomes } = await runDrain(leavers(300), { intent: "offboard", directory, admissions });
    expect([tally(outcomes), await admissions.list()]).toEqual([{ applied: 300 }, []]);
  });

  it("suspends no more of a whole account's leavers if they come in small batches", async () => {
    const { drain, directory } = service();
    // The limit is 5 % of the 392 who were active when it was first needed.
    let left = leavers(400);
    const sizes = [7, 1, 9, 2, 3, 50];
    for (let turn = 0; left.length > 0; turn += 1) {
      const size = sizes[turn % sizes.length] ?? 1;
      await drain(left.slice(0, size));
      left = left.slice(size);
    }
    expect(directory.users("team").filter(({ status }) => status === "suspended").length).toBe(19);
  });
});
