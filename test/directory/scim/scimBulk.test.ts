import { forUser, silentSuccesses, when } from "@rollcall/scim-simulator/scimFaultPlans";
import {
  resetFault,
  responseFault,
  scimErrorFault,
  throttledFault,
} from "@rollcall/scim-simulator/scimFaults";
import { afterEach, describe, expect, it } from "vitest";
import type { Operation } from "../../../src/directory/directory.ts";
import { scimProfiles } from "../../../src/directory/scim/scimProfiles.ts";
import {
  accountId,
  budget,
  failureOf,
  perform,
  type ScimWorld,
  type ScimWorldOptions,
  startScimWorld,
  tenant,
} from "./scimWorld.ts";

let world: ScimWorld;
async function start(options?: ScimWorldOptions): Promise<ScimWorld> {
  world = await startScimWorld(options);
  return world;
}
afterEach(() => world.close());

const people = Array.from({ length: 100 }, (_, index) => `user-${index}`);
/** Where each is changed alone. */
const few = people.slice(0, 20);
const addresses = people.map((id) => `${id}@example.com`);
const license = { path: "userType", shape: "text" } as const;
const arrays = {
  ...scimProfiles.generic,
  bulkPatch: { value: "array", verified: "notVerified" },
} as const;

/** How many requests of each kind there were, discovery left out. */
function counts() {
  const { discover: _, ...others } = world.simulator.calls.counts();
  return others;
}

function active(): number {
  return world.states().filter((state) => state.endsWith("true")).length;
}

const operations: { operation: Operation; targets: string[]; left: number }[] = [
  { operation: "suspend", targets: people, left: 0 },
  { operation: "unsuspend", targets: people, left: 100 },
  { operation: "setLicense", targets: people, left: 100 },
];

describe("a bulk request of a SCIM target", () => {
  it.each(operations)(
    "$operation takes one request for a hundred, and reads one back",
    async ({ operation, targets, left }) => {
      await start({ people, license });
      const entries = targets.map((target) =>
        operation === "setLicense" ? { target, license: "Pro" } : { target },
      );
      const words = await perform(world, operation, ...entries);
      expect([words, active(), counts()]).toEqual([
        people.map((id) => `${id} done`),
        left,
        { bulk: 1, read: 1 },
      ]);
    },
  );

  it("creates a hundred by one request, tells their ids, and reads one back", async () => {
    await start();
    await world.directory.getAccount(accountId, budget);
    const entries = addresses.map((target) => ({ target }));
    const { results } = await world.directory.perform({ operation: "create", accountId, entries }, budget);
    const requestId = world.simulator.calls.list("bulk")[0]?.requestId;
    const ids = world.simulator.directory
      .users(tenant)
      .map(({ id }) => ({ kind: "done", userId: id, requestId }));
    expect([[...results.values()], counts()]).toEqual([ids, { bulk: 1, read: 1 }]);
  });

  it("is as large as the profile and the announcement allow, whichever is less, and a call has ten of them", async () => {
    await start({ people, behavior: { bulk: { maximumOperations: 20 } } });
    const { limits } = await world.directory.getAccount(accountId, budget);
    const most = { create: 200, suspend: 200, unsuspend: 200, setLicense: 200 };
    expect(limits).toEqual({ ...most, signOut: 1, resetPin: 1 });
    await perform(world, "suspend", ...people);
    expect(world.simulator.calls.carried("bulk").map(({ length }) => length)).toEqual([20, 20, 20, 20, 20]);
  });

  it("is one of several of a call, of which one user in all is read again, whoever was in which", async () => {
    await start({ people, behavior: { bulk: { maximumOperations: 20 } }, adapter: { random: Math.random } });
    const read = new Set<string>();
    for (let round = 0; round < 5; round += 1) {
      await perform(world, round % 2 === 0 ? "suspend" : "unsuspend", ...people);
      expect(counts()).toEqual({ bulk: 5, read: 1 });
      for (const [user = ""] of world.simulator.calls.carried("read")) read.add(user);
      world.simulator.calls.reset();
    }
    expect(read.size).toBeGreaterThan(1);
  });

  it("that is lost fails its own users alone, of whom nobody knows what became", async () => {
    await start({
      people: few,
      behavior: { bulk: { maximumOperations: 5 } },
      faults: when({ operation: "bulk", carries: "user-7" }, resetFault("after")),
    });
    await world.directory.getAccount(accountId, budget);
    const call = { operation: "suspend", accountId, entries: few.map((target) => ({ target })) } as const;
    const { results } = await world.directory.perform(call, budget);
    const words = [...results.values()].map((result) =>
      result.kind === "done" ? "done" : `in doubt: ${result.failure.mayStillHappen}`,
    );
    const requestIds = new Set(
      [...results.values()].map((result) => "requestId" in result && result.requestId),
    );
    expect([words, requestIds.size]).toEqual([
      few.map((_, index) => (index >= 5 && index < 10 ? "in doubt: true" : "done")),
      4,
    ]);
  });

  it("that is lost leaves a call of which nobody was reached in doubt, also where another one was refused first", async () => {
    await start({
      behavior: { bulk: { maximumOperations: 2 } },
      faults: (call) => {
        if (call.operation !== "bulk") return undefined;
        const isFirst = call.users.some(({ sent }) => sent.startsWith("user-0@"));
        return isFirst ? scimErrorFault(503) : { ...resetFault("after"), delayMilliseconds: 100 };
      },
    });
    await world.directory.getAccount(accountId, budget);
    const entries = addresses.slice(0, 4).map((target) => ({ target }));
    const call = { operation: "create", accountId, entries } as const;
    const failure = await world.directory.perform(call, budget).catch(failureOf);
    expect([failure, active()]).toMatchObject([{ class: "transient", mayStillHappen: true }, 2]);
  });

  it("is not followed by others where the target wants to be called less often, and those are in no doubt", async () => {
    await start({
      people,
      behavior: { bulk: { maximumOperations: 10 } },
      faults: when({ operation: "bulk" }, (call) => (call.sequence > 5 ? throttledFault(60) : undefined)),
    });
    const words = await perform(world, "suspend", ...people);
    const done = words.filter((word) => word.endsWith(" done")).length;
    expect([done, words.length, active()]).toEqual([40, 100, 60]);
    expect(words.filter((word) => word.endsWith(" throttled TooManyRequests")).length).toBe(60);
    expect(world.simulator.calls.counts().bulk).toBeLessThan(9);
  });

  it.each([
    { profile: scimProfiles.generic, patchData: "message" },
    { profile: arrays, patchData: "operations" },
  ] as const)(
    "carries PATCH as the profile says: $patchData (RFC erratum 5050)",
    async ({ profile, patchData }) => {
      await start({ people, profile, behavior: { bulk: { patchData } } });
      expect([(await perform(world, "suspend", ...people)).length, active(), counts()]).toEqual([
        100,
        0,
        { bulk: 1, read: 1 },
      ]);
    },
  );

  it.each([
    { profile: scimProfiles.generic, patchData: "operations" },
    { profile: arrays, patchData: "message" },
  ] as const)(
    "in the wrong shape that is answered 200 is noticed: nobody is done, and the next try goes user by user ($patchData)",
    async ({ profile, patchData }) => {
      await start({ people: few, profile, behavior: { bulk: { patchData, otherPatchData: "ignored" } } });
      expect(await perform(world, "suspend", ...few)).toEqual(few.map((id) => `${id} unknown NotApplied`));
      expect(await perform(world, "suspend", ...few)).toEqual(few.map((id) => `${id} done`));
      expect([active(), world.simulator.calls.counts().bulk]).toEqual([0, 1]);
    },
  );

  it.each([400, 405, 501])(
    "that is announced and knows no PATCH, by %i for each, gives way to single calls (apache/directory-scimple#1206)",
    async (missingMethodStatus) => {
      await start({ people: few, behavior: { bulk: { methods: ["POST"], missingMethodStatus } } });
      const words = await perform(world, "suspend", ...few);
      await perform(world, "unsuspend", ...few);
      expect([
        words.every((word) => word.endsWith("done")),
        active(),
        world.simulator.calls.counts().bulk,
      ]).toEqual([true, 20, 1]);
    },
  );

  it("that is announced and is not there gives way to single calls", async () => {
    await start({ people: few, behavior: { bulk: { supported: false, announced: true } } });
    await perform(world, "suspend", ...few);
    const { limits } = await world.directory.getAccount(accountId, budget);
    expect([active(), world.simulator.calls.counts().bulk, limits.suspend]).toEqual([0, 1, 1]);
  });

  it("that is too large though the target announced it is halved, and the limit is remembered (apache/directory-scimple#1125)", async () => {
    await start({ people, behavior: { bulk: { maximumOperations: 30, announcedOperations: 1000 } } });
    await perform(world, "suspend", ...people);
    const first = world.simulator.calls.list("bulk").map(({ users, status }) => [users.length, status]);
    world.simulator.calls.reset();
    await perform(world, "unsuspend", ...people);
    const second = world.simulator.calls.list("bulk").map(({ users, status }) => [users.length, status]);
    const taken = [25, 25, 25, 25].map((size) => [size, 200]);
    expect([active(), first, second]).toEqual([100, [[100, 413], [50, 413], ...taken], taken]);
  });

  it("is as short as the announced bytes allow", async () => {
    await start({ people, behavior: { bulk: { maximumPayloadBytes: 10_000 } } });
    await perform(world, "suspend", ...people);
    expect([active(), world.simulator.calls.list("bulk").map(({ status }) => status)]).toEqual([
      0,
      [200, 200],
    ]);
  });

  it.each([
    { bulkIds: "none", results: "reversed", statusAs: "code" },
    { bulkIds: "created", results: "reversed", statusAs: "number" },
  ] as const)(
    "is answered without bulkIds ($bulkIds), in any order, with a status as $statusAs",
    async (bulk) => {
      await start({ people: people.slice(1), behavior: { bulk } });
      const words = await perform(world, "suspend", ...people);
      expect([words[0], words.slice(1), active()]).toEqual([
        "user-0 noSuchUser NotFound",
        people.slice(1).map((id) => `${id} done`),
        0,
      ]);
    },
  );

  it("leaves nobody done whom its answer leaves out", async () => {
    await start({ people: ["ada", "grace"], faults: forUser("ada", { kind: "leftOut" }) });
    expect(await perform(world, "suspend", "ada", "grace")).toEqual(["ada unknown NoResult", "grace done"]);
  });

  it("with an answer that cannot be read leaves nobody done, and the next try goes user by user", async () => {
    await start({ people: ["ada", "grace"] });
    const mend = world.simulator.faults.add(when({ operation: "bulk" }, responseFault(200, { body: "OK" })));
    expect(await perform(world, "suspend", "ada", "grace")).toEqual([
      "ada unknown NoResult",
      "grace unknown NoResult",
    ]);
    mend();
    expect([await perform(world, "suspend", "ada", "grace"), world.simulator.calls.counts().bulk]).toEqual([
      ["ada done", "grace done"],
      1,
    ]);
  });

  it("fails one user alone, by the user's own error", async () => {
    await start({
      people: ["ada", "grace", "alan"],
      faults: forUser("ada", { kind: "error", status: 400, scimType: "mutability" }),
    });
    expect(await perform(world, "suspend", "ada", "nobody", "grace", "alan")).toEqual([
      "ada permanent BadRequest",
      "nobody noSuchUser NotFound",
      "grace done",
      "alan done",
    ]);
  });

  it("leaves nobody done where the one who is read back cannot be read", async () => {
    await start({ people: ["ada", "grace"], faults: when({ operation: "read" }, scimErrorFault(503)) });
    expect(await perform(world, "suspend", "ada", "grace")).toEqual([
      "ada transient Unavailable",
      "grace transient Unavailable",
    ]);
  });

  it("believes nobody of whom its own answer shows that nothing was done, whoever is read back", async () => {
    const operations = [
      { method: "PATCH", bulkId: "0", status: "200", response: { id: "ada", active: true } },
      { method: "PATCH", bulkId: "1", status: "204" },
    ];
    const body = JSON.stringify({ Operations: operations });
    await start({
      people: ["ada", { id: "grace", userName: "grace@example.com", active: false }],
      faults: when({ operation: "bulk" }, responseFault(200, { body })),
      adapter: { random: () => 0.99 },
    });
    expect(await perform(world, "suspend", "ada", "grace")).toEqual(["ada unknown NotApplied", "grace done"]);
  });

  it("believes nobody else of a target that one answer shows to have done nothing, but who is read again", async () => {
    const statusOf = (id: string, index: number) =>
      id === "user-0"
        ? { method: "PATCH", bulkId: "0", status: "200", response: { id, active: true } }
        : { method: "PATCH", bulkId: `${index}`, status: "204" };
    const ids = people.slice(0, 3);
    await start({
      people: ["user-0", { id: "user-1", userName: "user-1@example.com", active: false }, "user-2"],
      faults: when(
        { operation: "bulk" },
        responseFault(200, { body: JSON.stringify({ Operations: ids.map(statusOf) }) }),
      ),
      adapter: { random: () => 0 },
    });
    expect(await perform(world, "suspend", ...ids)).toEqual([
      "user-0 unknown NotApplied",
      "user-1 done",
      "user-2 unknown NotApplied",
    ]);
  });

  it("is not made where the policy forbids it", async () => {
    await start({ people: ["ada"], alone: true });
    const { limits } = await world.directory.getAccount(accountId, budget);
    expect(limits.suspend).toBe(1);
  });
});

describe("a SCIM target that says yes and does nothing", () => {
  const names = few.map((id) => ({ id, userName: `${id}@example.com` }));

  /** Suspends everybody, in one call or one by one: who is done though access stands. */
  async function wronglyDone(size: number): Promise<string[]> {
    const words: string[] = [];
    for (let index = 0; index < few.length; index += size)
      words.push(...(await perform(world, "suspend", ...few.slice(index, index + size))));
    const stands = new Set(
      world.simulator.directory
        .users(tenant)
        .filter(({ attributes }) => attributes.active)
        .map(({ id }) => id),
    );
    return words
      .filter((word) => word.endsWith(" done"))
      .filter((word) => stands.has(word.split(" ")[0] ?? ""));
  }

  it.each(["claimed", "stale", "noContent"] as const)(
    "for all, one by one, leaves nobody done (%s)",
    async (answer) => {
      await start({ people: names, faults: silentSuccesses({ answer }), alone: true });
      expect(await wronglyDone(1)).toEqual([]);
    },
  );

  it("for all, in bulk, leaves nobody done", async () => {
    await start({ people: names, faults: silentSuccesses() });
    expect(await wronglyDone(100)).toEqual([]);
  });

  it("in bulk only leaves nobody done, and all are done at the second try", async () => {
    await start({ people: names, faults: silentSuccesses({ only: "bulk" }) });
    expect([await wronglyDone(100), await wronglyDone(100), active()]).toEqual([[], [], 0]);
  });

  it("for one in ten leaves at most those done whom the sample missed, and after the first that it met nobody", async () => {
    await start({
      people: names,
      faults: silentSuccesses({ oneIn: 10, answer: "stale" }),
      alone: true,
    });
    expect(await wronglyDone(1)).toEqual([]);
  });
});
