import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { PlannedCall } from "../../src/drain/coalesce.ts";
import { findCulprits } from "../../src/drain/findCulprits.ts";
import { failedCall, type PerformedCall } from "../../src/drain/performedCall.ts";
import { aFailure, aGroup } from "./samples.ts";

const refused = aFailure("invalidCall", { code: "BadRequestException" });

describe("findCulprits", () => {
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
    const performed = await findCulprits(callOf(["a", "b"]), async (call) => {
      made += 1;
      return failedCall(call, failure, true);
    });
    expect([outcomes(performed), made]).toEqual([{ a: "throttled", b: "throttled" }, 1]);
  });

  it("leaves those for later for whom there is no time left", async () => {
    const late = aFailure("transient", { code: "OutOfTime" });
    let made = 0;
    const performed = await findCulprits(callOf(["a", "b", "c", "d"]), async (call) => {
      made += 1;
      if (made > 2) return failedCall(call, late, false);
      return made === 1 ? failedCall(call, refused, true) : passed(call);
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
});

/** The service refuses every call in which a culprit stands. */
async function find(targets: readonly string[], culprits: readonly string[]) {
  const made: string[][] = [];
  const performed = await findCulprits(callOf(targets), async (call) => {
    made.push(call.entries.map(({ target }) => target));
    return call.entries.some(({ target }) => culprits.includes(target))
      ? failedCall(call, refused, true)
      : passed(call);
  });
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
