import { silentSuccesses, when } from "@rollcall/scim-simulator/scimFaultPlans";
import { scimErrorFault } from "@rollcall/scim-simulator/scimFaults";
import { afterEach, describe, expect, it } from "vitest";
import { scimProfiles } from "../../../src/directory/scim/scimProfiles.ts";
import type { DetailType } from "../../../src/events/hrEvent.ts";
import { memoryStore } from "../../../src/ledger/memory/memoryLedger.ts";
import type { Intent } from "../../../src/pipelineSettings.ts";
import { compareRoster } from "../../../src/reconcile/compareRoster.ts";
import { readDirectory } from "../../../src/reconcile/readDirectory.ts";
import { eventIdsOf } from "../../../src/reconcile/rosterChange.ts";
import { aRecord } from "../../provisioning/records.ts";
import { runBatch } from "../../provisioning/runBatch.ts";
import { noon } from "../../provisioning/samples.ts";
import { aRoster, aRow, rules } from "../../reconcile/samples.ts";
import { type ScimWorld, type ScimWorldOptions, startScimWorld, tenant } from "./scimWorld.ts";

const people = Array.from({ length: 60 }, (_, index) => `p-${index}`);
const emailOf = (personId: string) => `${personId}@team.example`;

let world: ScimWorld;
let store: ReturnType<typeof memoryStore>;
async function start(options: ScimWorldOptions = {}): Promise<void> {
  const seeds = people.map((id) => ({ id: `u-${id}`, userName: emailOf(id), externalId: id }));
  world = await startScimWorld({ people: seeds, ...options });
  store = memoryStore();
}
afterEach(() => world.close());

/** One event for each person, as one batch. Returns the people by outcome. */
async function run(intent: Intent, type: DetailType, minute: number, receiveCount = 1) {
  const records = people.map((personId) =>
    aRecord(type, {
      id: `${type}-${personId}`,
      personId,
      email: emailOf(personId),
      occurredAt: new Date(noon - 3_600_000 + minute * 60_000).toISOString(),
      receiveCount,
    }),
  );
  const budget = () => ({ milliseconds: 60_000 });
  const { outcomes } = await runBatch(records, { intent, directory: world.directory, store, budget });
  return outcomes.map((outcome, index) => ({
    personId: people[index] ?? "",
    word: "code" in outcome ? `${outcome.kind} ${outcome.code}` : outcome.kind,
  }));
}

const leave = (receiveCount = 1) => run("offboard", "EmployeeLeft", 0, receiveCount);

/** The people whose access stands. */
function stillActive(): string[] {
  const users = world.simulator.directory.users(tenant);
  return users.flatMap(({ attributes }) => (attributes.active ? [String(attributes.externalId)] : []));
}

function peopleWith(word: string, outcomes: Awaited<ReturnType<typeof run>>): string[] {
  return outcomes.flatMap((outcome) => (outcome.word === word ? [outcome.personId] : []));
}

/** The people whom a roster, on which everybody has left, would have suspended. */
async function foundByRoster(): Promise<string[]> {
  const rows = people.map((personId) => aRow({ personId, email: emailOf(personId), status: "left" }));
  const listings = await readDirectory(["team"], world.directory);
  const options = { rules, asOf: noon, absent: "report", eventIdOf: eventIdsOf(noon) } as const;
  const { changes } = compareRoster(aRoster(rows), listings, options);
  return changes.map(({ desired }) => desired.group.newest.personId);
}

describe("leavers of a SCIM target that says yes and does nothing", () => {
  it.each([
    { title: "for all", silent: {}, alone: false },
    {
      title: "for all, with an answer that shows them suspended",
      silent: { answer: "claimed" },
      alone: true,
    },
    {
      title: "for all, with an answer that shows them as they are",
      silent: { answer: "stale" },
      alone: true,
    },
  ] as const)("$title: nobody is applied, and the roster names everybody", async ({ silent, alone }) => {
    await start({ faults: silentSuccesses(silent), alone });
    const outcomes = await leave();
    expect([peopleWith("retry NotApplied", outcomes), await foundByRoster()]).toEqual([people, people]);
  });

  it.each([true, false])(
    "and shows nobody's state is not believed, where the policy does not say so (one by one: %s)",
    async (alone) => {
      const behavior = { users: { activeAs: "absent" } } as const;
      await start({ faults: silentSuccesses(), alone, behavior });
      expect(peopleWith("retry NotShown", await leave())).toEqual(people);
      await world.close();
      const showsActive = { value: false, verified: "notVerified" } as const;
      await start({ alone, behavior, profile: { ...scimProfiles.generic, showsActive } });
      // A roster finds nobody suspended there.
      expect([peopleWith("applied", await leave()), stillActive(), await foundByRoster()]).toEqual([
        people,
        [],
        people,
      ]);
    },
  );

  it.each([
    ["reinstate", "EmployeeReturned"],
    ["onboard", "EmployeeHired"],
  ] as const)(
    "and shows nobody's state lets everybody in who is suspended there: %s",
    async (intent, type) => {
      const showsActive = { value: false, verified: "notVerified" } as const;
      await start({
        people: people.map((id) => ({
          id: `u-${id}`,
          userName: emailOf(id),
          externalId: id,
          active: false,
        })),
        behavior: { users: { activeAs: "absent" } },
        profile: { ...scimProfiles.generic, showsActive },
      });
      expect([peopleWith("applied", await run(intent, type, 0)), stillActive()]).toEqual([people, people]);
    },
  );

  it("become dead letters that say so, after a bounded number of tries", async () => {
    await start({ faults: silentSuccesses(), alone: true });
    expect(peopleWith("rejected NotApplied", await leave(6))).toEqual(people);
  });

  it("in bulk requests only: nobody is applied at first, and everybody is suspended one by one at the next try", async () => {
    await start({ faults: silentSuccesses({ only: "bulk" }) });
    const first = await leave();
    expect([peopleWith("retry NotApplied", first), stillActive()]).toEqual([people, people]);
    const second = await leave(2);
    expect([peopleWith("applied", second), stillActive(), await foundByRoster()]).toEqual([people, [], []]);
  });

  it("for one in ten, with an answer that shows it: exactly those are not applied", async () => {
    await start({ faults: silentSuccesses({ oneIn: 10, answer: "stale" }), alone: true });
    const outcomes = await leave();
    const standing = stillActive();
    expect(standing.length).toBeGreaterThan(3);
    expect([peopleWith("retry NotApplied", outcomes), await foundByRoster()]).toEqual([standing, standing]);
  });

  it.each([true, false])(
    "for one in ten, without showing it (one by one: %s): whom no sample met is applied, and the roster names each of them",
    async (alone) => {
      await start({ faults: silentSuccesses({ oneIn: 10 }), alone });
      const outcomes = await leave();
      const standing = stillActive();
      const words = new Set(
        outcomes.filter(({ personId }) => standing.includes(personId)).map(({ word }) => word),
      );
      // Whom a sample meets is a retry, and so is whoever comes after.
      expect([...words].filter((word) => word !== "applied" && word !== "retry NotApplied")).toEqual([]);
      expect(standing.length).toBeGreaterThan(3);
      expect(await foundByRoster()).toEqual(standing);
    },
  );
});

/** Requests by method, discovery left out. */
function requests() {
  const counts: Record<string, number> = {};
  for (const { operation, method, path } of world.simulator.calls.list()) {
    const name = operation === "bulk" ? "bulk" : `${method} ${path.split("/")[1] ?? ""}`;
    if (operation !== "discover") counts[name] = (counts[name] ?? 0) + 1;
  }
  world.simulator.calls.reset();
  return counts;
}

describe("the requests of sixty people", () => {
  it("are with bulk one for all, a user read again, and a list to look them up; a known user is not looked up", async () => {
    await start();
    const seen: unknown[] = [];
    for (const [intent, type, minute] of [
      ["offboard", "EmployeeLeft", 0],
      ["reinstate", "EmployeeReturned", 1],
    ] as const)
      seen.push([peopleWith("applied", await run(intent, type, minute)).length, requests()]);
    expect(seen).toEqual([
      [60, { "GET Users": 2, bulk: 1 }],
      [60, { "GET Users": 1, bulk: 1 }],
    ]);
  });

  it("are without bulk one for each, and of fifty one read again", async () => {
    await start({ alone: true });
    const seen: unknown[] = [];
    for (const [intent, type, minute] of [
      ["offboard", "EmployeeLeft", 0],
      ["reinstate", "EmployeeReturned", 1],
    ] as const)
      seen.push([peopleWith("applied", await run(intent, type, minute)).length, requests()]);
    expect(seen).toEqual([
      [60, { "GET Users": 1 + 2, "PATCH Users": 60 }],
      [60, { "GET Users": 2, "PATCH Users": 60 }],
    ]);
  });

  it("are without bulk one for each who is new, and none for who comes a second time", async () => {
    await start({ people: [], alone: true });
    const first = await run("onboard", "EmployeeHired", 0);
    const seen = [peopleWith("applied", first).length, requests()];
    const again = await run("onboard", "EmployeeHired", 0);
    expect([...seen, peopleWith("unchanged", again).length, requests()]).toEqual([
      60,
      { "POST Users": 60, "GET Users": 2 },
      60,
      {},
    ]);
  });
});

it("leavers of a target that has refused the token wait, and cost one call", async () => {
  await start({ alone: true, adapter: { readToken: async () => ({ text: "old" }) } });
  const outcomes = await leave();
  expect(peopleWith("retry Unauthorized", outcomes)).toEqual(people);
  expect(Object.values(requests()).reduce((a, b) => a + b, 0)).toBeLessThan(5);
});

it("leavers of a target that is away wait", async () => {
  await start({ alone: true, faults: when({ operation: "list" }, scimErrorFault(503)) });
  expect(peopleWith("retry Unavailable", await leave())).toEqual(people);
});
