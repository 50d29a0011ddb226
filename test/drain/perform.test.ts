import { describe, expect, it } from "vitest";
import { outOfTime } from "../../src/drain/attempt.ts";
import type { PlannedCall } from "../../src/drain/coalesce.ts";
import { perform } from "../../src/drain/perform.ts";
import { fakeDirectory } from "../directory/fakeDirectory.ts";
import { aFailure, aGroup, aUser } from "./samples.ts";

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

function toWords(performed: Awaited<ReturnType<typeof perform>>) {
  return performed.map(({ started, requestId, results }) => [
    started,
    requestId,
    ...[...results].map(([target, result]) =>
      result.kind === "done" ? `${target} done` : `${target} ${result.failure.code}`,
    ),
  ]);
}

describe("perform", () => {
  it("makes the calls in their order, and no more at once than it may", async () => {
    const { directory, options } = setUp();
    const performed = await perform(calls, options);
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
    expect(toWords(await perform(calls, options))).toEqual([
      [true, "r-1", "a Throttled", "b Throttled"],
      [true, "fake-request", "c done"],
      [true, "fake-request", "d done"],
    ]);
  });

  it("starts no call for which there is no time", async () => {
    const { directory, options } = setUp(1);
    const performed = await perform(calls, options);
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
    const performed = await perform([...calls, other], { ...options, concurrency: 1 });
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
    const performed = await perform([suspend("a", "b", "c")], options);
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
    await perform([suspend("a", "b"), suspend("c", "d")], { ...options, concurrency: 1 });
    expect(directory.carried("suspend")).toEqual([["a", "b"], ["a"], ["b"], ["c", "d"]]);
  });

  it("throws for a call that was planned wrongly", async () => {
    const { options } = setUp();
    await expect(perform([suspend()], options)).rejects.toThrow(RangeError);
  });
});
