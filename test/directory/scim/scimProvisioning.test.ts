import { type SilentSuccesses, silentSuccesses } from "@rollcall/scim-simulator/scimFaultPlans";
import { afterEach, describe, expect, it } from "vitest";
import type { DetailType } from "../../../src/events/hrEvent.ts";
import { memoryStore } from "../../../src/ledger/memory/memoryLedger.ts";
import type { Intent } from "../../../src/pipelineSettings.ts";
import { compareRoster } from "../../../src/reconcile/compareRoster.ts";
import { readDirectory } from "../../../src/reconcile/readDirectory.ts";
import { eventIdsOf } from "../../../src/reconcile/rosterChange.ts";
import { runBatch } from "../../provisioning/runBatch.ts";
import { noon } from "../../provisioning/samples.ts";
import { aRoster, aRow, rules } from "../../reconcile/samples.ts";
import { addressOf, countOf, numbersTo, recordsOf } from "./peopleRecords.ts";
import { type ScimWorld, type ScimWorldOptions, startScimWorld, tenant } from "./scimWorld.ts";

let world: ScimWorld;
let store: ReturnType<typeof memoryStore>;
afterEach(() => world.close());

async function start(options: ScimWorldOptions): Promise<void> {
  world = await startScimWorld({ license: { path: "userType", shape: "text" }, ...options });
  store = memoryStore();
}

const everybody = numbersTo(120);

/** Provisions one event for each person. Returns how often each outcome came, and the requests by kind. */
async function run(intent: Intent, type: DetailType, minute: number, data: Record<string, unknown> = {}) {
  const { directory, simulator } = world;
  simulator.calls.reset();
  const records = recordsOf(everybody, type, minute, data);
  const budget = () => ({ milliseconds: 60_000 });
  const { outcomes } = await runBatch(records, { intent, directory, store, budget });
  return { outcomes, kinds: countOf(outcomes.map(({ kind }) => kind)), requests: simulator.calls.counts() };
}

function stored(): Record<string, number> {
  const users = world.simulator.directory.users(tenant);
  return countOf(
    users.map(({ attributes: { active, userType } }) => `${active} ${userType ?? "no license"}`),
  );
}

/** Whose access stands at the target. */
function standing(): string[] {
  return everybody
    .map(addressOf)
    .filter((address) => world.simulator.directory.user(tenant, address)?.attributes.active !== false);
}

describe("120 people of a SCIM target", () => {
  it.each([
    {
      title: "with bulk requests take a request for 50, and one in all that reads back",
      bulk: { supported: true, maximumOperations: 50 },
      onboard: { discover: 1, bulk: 3, read: 1 },
      change: { bulk: 3, read: 1 },
    },
    {
      title: "without bulk requests take a request each, of which one in 50 is read back",
      bulk: { supported: false },
      onboard: { discover: 1, create: 120, read: 3 },
      change: { patch: 120, read: 3 },
    },
  ])("$title", async ({ bulk, onboard, change }) => {
    await start({ behavior: { bulk } });
    const all = { applied: 120 };
    expect(await run("onboard", "EmployeeHired", 1)).toMatchObject({ kinds: all, requests: onboard });
    const again = await run("onboard", "EmployeeHired", 1);
    expect([again.kinds, again.requests]).toEqual([{ unchanged: 120 }, {}]);
    const offboard = await run("offboard", "EmployeeLeft", 2);
    // Nobody is looked up: the service told the ids of whom it created.
    expect([offboard.kinds, offboard.requests, stored()]).toEqual([all, change, { "false no license": 120 }]);
    const reinstate = await run("reinstate", "EmployeeReturned", 3);
    expect([reinstate.kinds, reinstate.requests, stored()]).toEqual([
      all,
      change,
      { "true no license": 120 },
    ]);
    const relicense = await run("relicense", "EmployeeRoleChanged", 4, { role: "engineer" });
    expect([relicense.kinds, relicense.requests, stored()]).toEqual([all, change, { "true Pro": 120 }]);
  });
});

describe("a SCIM target that says yes to suspensions and does nothing", () => {
  // The sample is one of a request, or one of 50: a fault of few may not meet it. Whatever an answer shows wrongly is read again.
  const missed = 24;

  it.each<{ silent: SilentSuccesses; supported: boolean; most: number }>([
    { silent: {}, supported: true, most: 0 },
    { silent: { answer: "stale" }, supported: true, most: 0 },
    { silent: { answer: "claimed" }, supported: true, most: 0 },
    { silent: { only: "bulk" }, supported: true, most: 0 },
    { silent: {}, supported: false, most: 0 },
    { silent: { answer: "stale" }, supported: false, most: 0 },
    { silent: { answer: "claimed" }, supported: false, most: 0 },
    { silent: { oneIn: 10 }, supported: true, most: missed },
    { silent: { oneIn: 10, answer: "stale" }, supported: false, most: 0 },
    { silent: { oneIn: 10, answer: "claimed" }, supported: false, most: missed },
  ])(
    "leaves nobody done whose access stands but whom the samples miss, and the roster names each: $silent, bulk $supported",
    async ({ silent, supported, most }) => {
      await start({ behavior: { bulk: { supported, maximumOperations: 50 } } });
      await run("onboard", "EmployeeHired", 1);
      world.simulator.faults.add(silentSuccesses(silent));
      const { outcomes } = await run("offboard", "EmployeeLeft", 2);
      const stands = standing();
      const wronglyDone = outcomes.filter(
        ({ kind }, number) => kind === "applied" && stands.includes(addressOf(number)),
      );
      expect(stands.length).toBeGreaterThan(0);
      expect(wronglyDone.length).toBeLessThanOrEqual(most);
      expect((await leaversByRoster()).sort()).toEqual(stands.sort());
    },
  );

  it("in bulk only has suspended everybody at the second try", async () => {
    await start({ behavior: { bulk: { supported: true, maximumOperations: 50 } } });
    await run("onboard", "EmployeeHired", 1);
    world.simulator.faults.add(silentSuccesses({ only: "bulk" }));
    const first = await run("offboard", "EmployeeLeft", 2);
    const second = await run("offboard", "EmployeeLeft", 2);
    expect([first.kinds, second.kinds, standing(), await leaversByRoster()]).toEqual([
      { retry: 120 },
      { applied: 120 },
      [],
      [],
    ]);
  });

  /** Compares a roster that says of everybody that they have left. */
  async function leaversByRoster(): Promise<string[]> {
    const rows = everybody.map((number) =>
      aRow({ number: number + 2, personId: `P-${number}`, email: addressOf(number), status: "left" }),
    );
    const listings = await readDirectory(["team"], world.directory);
    const { changes } = compareRoster(aRoster(rows), listings, {
      rules,
      asOf: noon,
      absent: "report",
      eventIdOf: eventIdsOf(noon),
    });
    return changes.flatMap(({ kind, user }) => (kind === "leaver" && user ? [user.email] : []));
  }
});
