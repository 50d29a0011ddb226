import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { rateLimit } from "../../../src/local/chime/rateLimit.ts";
import { failureOf, startTestChime } from "./testChime.ts";

describe("rateLimit", () => {
  it("takes a burst, then one call for each that the rate allows", () => {
    const plan = rateLimit({ callsPerSecond: 10, burst: 3 });
    const at = [0, 0, 0, 0, 50, 100, 150, 200, 10_000, 10_000, 10_000, 10_000];
    const calls = at.map((now, place) => ({ sequence: place + 1, at: now }));
    const passed = calls.map(
      (call) => plan({ ...call, operation: "ListUsers", users: [], query: {}, body: {} }) === undefined,
    );
    expect(passed.map((pass) => (pass ? 1 : 0)).join("")).toBe("111001011110");
  });

  it("never lets more pass in any time span than the burst and the rate allow", () => {
    const gaps = fc.array(fc.integer({ min: 0, max: 400 }), { maxLength: 60 });
    fc.assert(
      fc.property(
        gaps,
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 1, max: 5 }),
        (pauses, callsPerSecond, burst) => {
          const plan = rateLimit({ callsPerSecond, burst });
          const passed: number[] = [];
          let at = 0;
          for (const pause of pauses) {
            at += pause;
            const call = { sequence: 1, at, operation: "ListUsers", users: [], query: {}, body: {} } as const;
            if (plan(call) === undefined) passed.push(at);
          }
          const excess = passed.flatMap((from, first) =>
            passed.slice(first).map((to, more) => more + 1 - (burst + ((to - from) / 1000) * callsPerSecond)),
          );
          expect(Math.max(0, ...excess)).toBeLessThan(1e-6);
        },
      ),
    );
  });

  it("follows the simulator's clock, and refusals cost nothing", async () => {
    let clock = 0;
    const { chime, client } = await startTestChime({
      faults: rateLimit({ callsPerSecond: 1 }),
      now: () => clock,
    });
    const ask = () => failureOf(client.getAccount({ AccountId: "team" }));
    const throttled = { name: "ThrottledClientException", status: 429 };
    expect([await ask(), await ask(), await ask()]).toEqual(["none", throttled, throttled]);
    clock = 1000;
    expect([await ask(), await ask()]).toEqual(["none", throttled]);
    expect(chime.calls.summary()).toEqual({ GetAccount: { calls: 5, users: 0 } });
  });

  it("tells the number of seconds in the header", async () => {
    const faults = rateLimit({ callsPerSecond: 1, burst: 0, retryAfterSeconds: 7 });
    const { chime } = await startTestChime({ faults });
    const response = await fetch(`${chime.url}/accounts`);
    expect([response.status, response.headers.get("retry-after"), await response.json()]).toEqual([
      429,
      "7",
      { Code: "Throttled", Message: "Rate exceeded: 1 calls per second." },
    ]);
  });
});
