import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { outOfTime, type TargetResult } from "../../src/directory/directory.ts";
import {
  failedCall,
  findInvalidEntries,
  type PerformedCall,
  performCalls,
  toPersonResults,
} from "../../src/provisioning/performCalls.ts";
import type { PlannedCall } from "../../src/provisioning/planCalls.ts";
import { fakeDirectory } from "../directory/fakeDirectory.ts";
import { aFailure, aGroup, aUser } from "./samples.ts";

describe("performCalls", () => {
  const users = ["a", "b", "c", "d"].map((userId) => aUser({ userId, email: `${userId}@example.com` }));
  const calls = [suspend("a", "b"), suspend("c"), suspend("d")];

  function suspend(...targets: string[]): PlannedCall {
    const entries = targets.map((target) => ({ target, groups: [aGroup({ personId: target })] }));
    return { operation: "suspend", accountId: "team", entries };
  }

  function setUp(callsInTime = Number.POSITIVE_INFINITY) {
    let left = callsInTime;
    const directory = fakeDirectory([{ accountId: "team", type: "Team", users }]);
    const budget = () => (left-- > 0 ? { milliseconds: 1000 } : undefined);
    return { directory, options: { directory, budget, concurrency: 2 } };
  }

  function toWords(performed: Awaited<ReturnType<typeof performCalls>>) {
    return performed.map(({ started, requestId, results }) => [
      started,
      requestId,
      ...[...results].map(([target, result]) =>
        result.kind === "done" ? `${target} done` : `${target} ${result.failure.code}`,
      ),
    ]);
  }

  it("makes the calls in their order, and no more at once than it may", async () => {
    const { directory, options } = setUp();
    const performed = await performCalls(calls, options);
    expect(performed.map(({ call }) => call)).toEqual(calls);
    expect(toWords(performed)).toEqual([
      [true, "fake-request", "a done", "b done"],
      [true, "fake-request", "c done"],
      [true, "fake-request", "d done"],
    ]);
    expect([directory.carried("suspend"), directory.mostUnderWay()]).toEqual([[["a", "b"], ["c"], ["d"]], 2]);
  });

  it("fails everyone in a call that fails as a whole, and nobody in another one", async () => {
    const { directory, options } = setUp();
    directory.faults.call = (request) =>
      "entries" in request && request.entries.some(({ target }) => target === "b")
        ? aFailure("throttled", { code: "Throttled", requestId: "r-1" })
        : undefined;
    expect(toWords(await performCalls(calls, options))).toEqual([
      [true, "r-1", "a Throttled", "b Throttled"],
      [true, "fake-request", "c done"],
      [true, "fake-request", "d done"],
    ]);
  });

  it("starts no call for which there is no time", async () => {
    const { directory, options } = setUp(1);
    const performed = await performCalls(calls, options);
    expect(toWords(performed)).toEqual([
      [true, "fake-request", "a done", "b done"],
      [false, undefined, "c OutOfTime"],
      [false, undefined, "d OutOfTime"],
    ]);
    expect(performed[1]?.results.get("c")).toEqual({ kind: "failed", failure: outOfTime });
    expect(directory.carried("suspend")).toEqual([["a", "b"]]);
  });

  it("makes no further call like one that the account refused, and goes on with the others", async () => {
    const { directory, options } = setUp();
    directory.faults.call = (request) =>
      "entries" in request ? aFailure("configuration", { code: "ForbiddenException" }) : undefined;
    const other = { ...suspend("a"), accountId: "elsewhere" };
    const performed = await performCalls([...calls, other], { ...options, concurrency: 1 });
    expect(toWords(performed)).toEqual([
      [true, undefined, "a ForbiddenException", "b ForbiddenException"],
      [false, undefined, "c ForbiddenException"],
      [false, undefined, "d ForbiddenException"],
      [true, undefined, "a ForbiddenException"],
    ]);
    expect(directory.carried("suspend")).toEqual([["a", "b"], ["a"]]);
  });

  it("serves the others of a call that one poisonous entry spoils", async () => {
    const { directory, options } = setUp();
    directory.faults.call = (request) =>
      "entries" in request && request.entries.some(({ target }) => target === "b")
        ? aFailure("invalidCall", { code: "BadRequestException" })
        : undefined;
    const performed = await performCalls([suspend("a", "b", "c")], options);
    expect(performed.map(({ halved = false, results }) => [halved, results.size])).toEqual([
      [true, 3],
      [true, 2],
      [false, 1],
      [false, 1],
      [false, 1],
    ]);
    expect(toWords(performed.filter(({ halved }) => !halved))).toEqual([
      [true, "fake-request", "a done"],
      [true, undefined, "b BadRequestException"],
      [true, "fake-request", "c done"],
    ]);
  });

  it("halves no more calls once halving one found nobody whom the service takes", async () => {
    const { directory, options } = setUp();
    directory.faults.call = (request) =>
      "entries" in request ? aFailure("invalidCall", { code: "BadRequestException" }) : undefined;
    await performCalls([suspend("a", "b"), suspend("c", "d")], { ...options, concurrency: 1 });
    expect(directory.carried("suspend")).toEqual([["a", "b"], ["c", "d"], ["a"], ["b"]]);
  });

  it("halves one call of an account and an operation at a time, however many are under way", async () => {
    const { directory, options } = setUp();
    directory.faults.call = () => aFailure("invalidCall", { code: "BadRequestException" });
    const ids = Array.from({ length: 300 }, (_, index) => `u-${index}`);
    const calls = Array.from({ length: 6 }, (_, index) =>
      suspend(...ids.slice(index * 50, (index + 1) * 50)),
    );
    await performCalls(calls, { ...options, concurrency: 4 });
    // Six calls of 50; and of one of them all halves, down to each of its users.
    expect(directory.tally()).toEqual({ suspend: 6 + 98 });
  });

  it("goes on to halve the next call where the one before had a culprit", async () => {
    const { directory, options } = setUp();
    const culprits = ["a", "c"];
    directory.faults.call = (request) =>
      "entries" in request && request.entries.some(({ target }) => culprits.includes(target))
        ? aFailure("invalidCall", { code: "BadRequestException" })
        : undefined;
    const performed = await performCalls([suspend("a", "b"), suspend("c", "d")], options);
    expect(toWords(performed.filter(({ halved }) => !halved))).toEqual([
      [true, undefined, "a BadRequestException"],
      [true, "fake-request", "b done"],
      [true, undefined, "c BadRequestException"],
      [true, "fake-request", "d done"],
    ]);
  });

  it("throws for a call that was planned wrongly", async () => {
    const { options } = setUp();
    await expect(performCalls([suspend()], options)).rejects.toThrow(RangeError);
  });
});

describe("findInvalidEntries", () => {
  const refused = aFailure("invalidCall", { code: "BadRequestException" });

  it("makes a call that passes once", async () => {
    const { performed, made } = await find(["a", "b", "c"], []);
    expect([outcomes(performed), made]).toEqual([{ a: "done", b: "done", c: "done" }, [["a", "b", "c"]]]);
  });

  it("serves all but the culprit, who is refused for ever", async () => {
    const { performed, made } = await find(["a", "b", "c", "d"], ["c"]);
    expect([outcomes(performed), made]).toEqual([
      { a: "done", b: "done", c: "permanent", d: "done" },
      [["a", "b", "c", "d"], ["a", "b"], ["c", "d"], ["c"], ["d"]],
    ]);
  });

  it("blames nobody where nobody passed: the fault may be the call's", async () => {
    expect(outcomes((await find(["a", "b"], ["a", "b"])).performed)).toEqual({
      a: "invalidCall",
      b: "invalidCall",
    });
    expect(outcomes((await find(["a"], ["a"])).performed)).toEqual({ a: "invalidCall" });
  });

  it("does not halve a call that failed for another reason", async () => {
    const failure = aFailure("throttled");
    let made = 0;
    const performed = await findInvalidEntries(
      failedCall(callOf(["a", "b"]), failure, true),
      async (call) => {
        made += 1;
        return failedCall(call, failure, true);
      },
    );
    expect([outcomes(performed), made]).toEqual([{ a: "throttled", b: "throttled" }, 0]);
  });

  it("leaves those for later for whom there is no time left", async () => {
    const late = aFailure("transient", { code: "OutOfTime" });
    let made = 0;
    const first = failedCall(callOf(["a", "b", "c", "d"]), refused, true);
    const performed = await findInvalidEntries(first, async (call) => {
      made += 1;
      return made > 1 ? failedCall(call, late, false) : passed(call);
    });
    expect(outcomes(performed)).toEqual({ a: "done", b: "done", c: "transient", d: "transient" });
  });

  it("finds every culprit and no other, at no more than 2 log2 n calls each", async () => {
    const targets = fc
      .integer({ min: 2, max: 50 })
      .map((n) => Array.from({ length: n }, (_, index) => `u${index}`));
    const call = targets.chain((all) => fc.tuple(fc.constant(all), fc.subarray(all)));
    await fc.assert(
      fc.asyncProperty(call, async ([all, culprits]) => {
        const { performed, made } = await find(all, culprits);
        const word = culprits.length === all.length ? "invalidCall" : "permanent";
        expect(outcomes(performed)).toEqual(
          Object.fromEntries(all.map((target) => [target, culprits.includes(target) ? word : "done"])),
        );
        expect(made.length).toBeLessThanOrEqual(1 + culprits.length * 2 * Math.ceil(Math.log2(all.length)));
      }),
    );
  });

  /** The service refuses every call in which a culprit stands. */
  async function find(targets: readonly string[], culprits: readonly string[]) {
    const made: string[][] = [];
    const make = async (call: PlannedCall) => {
      made.push(call.entries.map(({ target }) => target));
      return call.entries.some(({ target }) => culprits.includes(target))
        ? failedCall(call, refused, true)
        : passed(call);
    };
    const performed = await findInvalidEntries(await make(callOf(targets)), make);
    return { performed, made };
  }

  function callOf(targets: readonly string[]): PlannedCall {
    const entries = targets.map((target) => ({ target, groups: [aGroup({ personId: target })] }));
    return { operation: "suspend", accountId: "team", entries };
  }

  function passed(call: PlannedCall): PerformedCall {
    const results = new Map(call.entries.map(({ target }) => [target, { kind: "done" as const }]));
    return { call, started: true, requestId: "r", results };
  }

  /** What became of each target, in the calls that count. */
  function outcomes(performed: readonly PerformedCall[]) {
    const counted = performed.filter(({ halved }) => !halved);
    return Object.fromEntries(
      counted.flatMap(({ results }) =>
        [...results].map(([target, result]) => [
          target,
          result.kind === "done" ? "done" : result.failure.class,
        ]),
      ),
    );
  }
});

describe("toPersonResults", () => {
  const ada = aGroup({ personId: "ada" });
  const alsoAda = aGroup({ personId: "alsoAda" });
  const grace = aGroup({ personId: "grace", receiveCount: 6 });

  function performed(results: Record<string, TargetResult>): PerformedCall {
    return {
      call: {
        operation: "suspend",
        accountId: "team",
        entries: [
          { target: "a", groups: [ada, alsoAda] },
          { target: "g", groups: [grace] },
        ],
      },
      started: true,
      requestId: "r-1",
      results: new Map(Object.entries(results)),
    };
  }

  it("gives each group the result of its user, and one that shares a user the same", () => {
    const results = { a: { kind: "done" }, g: { kind: "failed", failure: aFailure("permanent") } } as const;
    expect(toPersonResults([performed(results)], [])).toEqual([
      { group: ada, outcome: { kind: "applied", requestId: "r-1" } },
      { group: alsoAda, outcome: { kind: "applied", requestId: "r-1" } },
      { group: grace, outcome: { kind: "rejected", code: "Code", reason: "what happened" } },
    ]);
  });

  it("takes a missing result for a failure: to be tried again, but not for ever", () => {
    const results = toPersonResults([performed({ a: { kind: "done" } })], []);
    const again = toPersonResults([performed({ g: { kind: "done" } })], []);
    const reason = "the call gave no result for the user";
    expect([results[2], again[0]]).toEqual([
      { group: grace, outcome: { kind: "rejected", code: "NoResult", reason } },
      { group: ada, outcome: { kind: "retry", code: "NoResult", reason } },
    ]);
  });

  it("takes nothing from a call that was made again in halves: their results count", () => {
    const results = { a: { kind: "failed", failure: aFailure("invalidCall") } } as const;
    expect(toPersonResults([{ ...performed(results), halved: true }], [])).toEqual([]);
  });

  it("passes on the results that needed no call", () => {
    const result = { group: ada, outcome: { kind: "unchanged", because: "alreadySo" } } as const;
    expect(toPersonResults([], [result])).toEqual([result]);
  });
});
