import { latency, nth, randomFaults, times, together } from "@rollcall/simulated-service/planCombinators";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ReceivedCall } from "../../../packages/chime-simulator/callLog.ts";
import { perUser, rateLimit, userError, when } from "../../../packages/chime-simulator/faultPlans.ts";
import {
  exceptionFault,
  type Fault,
  type FaultPlan,
  resetFault,
} from "../../../packages/chime-simulator/scriptedFault.ts";
import { failureOf, startTestChime } from "./testChime.ts";

describe("faultPlans", () => {
  const reset = resetFault("before");
  const busy = exceptionFault("ServiceUnavailableException");

  function callOf(part: Partial<ReceivedCall> = {}): ReceivedCall {
    return {
      sequence: 1,
      at: 0,
      operation: "BatchSuspendUser",
      accountId: "team",
      users: [],
      query: {},
      body: {},
      ...part,
    };
  }

  /** Which of the calls a plan strikes. */
  function struck(plan: FaultPlan, calls: readonly Partial<ReceivedCall>[]): boolean[] {
    return calls.map((call) => plan(callOf(call)) !== undefined);
  }

  describe("when", () => {
    const ada = { sent: "u1", id: "u1", email: "Ada@team.example" };
    it.each([
      ["an operation", { operation: "InviteUsers" as const }, { operation: "InviteUsers" as const }],
      [
        "one of some operations",
        { operation: ["GetUser", "InviteUsers"] as const },
        { operation: "GetUser" as const },
      ],
      ["an account", { accountId: "lwa" }, { accountId: "lwa" }],
      ["a user by id", { carries: "u1" }, { users: [ada] }],
      ["a user by address, in any case", { carries: "ada@TEAM.example" }, { users: [ada] }],
      ["a function of the caller", (call: ReceivedCall) => call.sequence > 7, { sequence: 8 }],
    ])("asks its plan about the calls that fit %s only", (_, match, fitting) => {
      expect(struck(when(match, reset), [{}, fitting])).toEqual([false, true]);
    });

    it("asks only where all conditions fit", () => {
      const plan = when({ operation: "InviteUsers", accountId: "lwa" }, reset);
      expect(
        struck(plan, [
          { operation: "InviteUsers" },
          { accountId: "lwa" },
          { operation: "InviteUsers", accountId: "lwa" },
        ]),
      ).toEqual([false, false, true]);
    });
  });

  describe("nth", () => {
    it("counts the calls that it is asked about", () => {
      const plan = when({ accountId: "lwa" }, nth(2, reset));
      expect(
        struck(plan, [{}, { accountId: "lwa" }, {}, { accountId: "lwa" }, { accountId: "lwa" }]),
      ).toEqual([false, false, false, true, false]);
    });
  });

  describe("times", () => {
    it("counts the faults that it lets through, not the calls", () => {
      const plan = times(2, userError("u1", "Throttled"));
      const withUser = { users: [{ sent: "u1" }] };
      expect(struck(plan, [withUser, {}, {}, withUser, withUser])).toEqual([true, false, false, true, false]);
    });
  });

  describe("together", () => {
    it("adds delays, gathers the users and lets the first fault of the call win", () => {
      const slowThenLost: Fault = { delayMilliseconds: 5, ...reset };
      const plan = together(
        latency(7),
        userError("u1", "Conflict"),
        slowThenLost,
        busy,
        userError("u2", "Throttled"),
      );
      const call = callOf({ users: [{ sent: "u1" }, { sent: "u2" }] });
      expect(plan(call)).toEqual({
        delayMilliseconds: 12,
        users: [
          { kind: "userError", sent: "u1", code: "Conflict" },
          { kind: "userError", sent: "u2", code: "Throttled" },
        ],
        call: { kind: "reset", takesEffect: false },
      });
    });

    it("asks every plan about every call, so that counts are right whoever strikes first", () => {
      const plan = together(nth(1, busy), nth(2, reset));
      expect([plan(callOf()), plan(callOf())].map((fault) => fault?.call?.kind)).toEqual([
        "exception",
        "reset",
      ]);
    });

    it("is silent when all its plans are", () => {
      expect(together(nth(2, busy), nth(2, reset))(callOf())).toBeUndefined();
    });
  });

  describe("latency", () => {
    it("may follow from the call", () => {
      const plan = latency(({ sequence }: ReceivedCall) => sequence * 10);
      expect([1, 2].map((sequence) => plan(callOf({ sequence }))?.delayMilliseconds)).toEqual([10, 20]);
    });
  });

  describe("perUser", () => {
    it("decides user by user, in the words that the call used", () => {
      const plan = perUser(({ id }) => (id === "u1" ? { kind: "userError", code: "Conflict" } : undefined));
      const users = [
        { sent: "ada@team.example", id: "u1" },
        { sent: "u2", id: "u2" },
      ];
      expect(plan(callOf({ users }))).toEqual({
        users: [{ kind: "userError", sent: "ada@team.example", code: "Conflict" }],
      });
      expect(plan(callOf({ users: [{ sent: "u2" }] }))).toBeUndefined();
    });
  });
});

describe("randomFaults", () => {
  const odds = [
    { probability: 0.1, fault: exceptionFault("ThrottledClientException") },
    { probability: 0.2, fault: resetFault("after") },
  ];
  const call = { at: 0, operation: "ListUsers", users: [], query: {}, body: {} } as const;

  /** The fates of the first calls of a run. */
  function fates(seed: number, calls: number): (string | undefined)[] {
    const plan = randomFaults({ seed, odds });
    return Array.from({ length: calls }, (_, n) => plan({ ...call, sequence: n + 1 })?.call?.kind);
  }

  describe("randomFaults", () => {
    it("deals the same fates to the same seed and others to another", () => {
      expect(fates(7, 200)).toEqual(fates(7, 200));
      expect(fates(8, 200)).not.toEqual(fates(7, 200));
    });

    it("decides about the n-th call by n, not by what was asked before", () => {
      const plan = randomFaults({ seed: 7, odds });
      const backwards = Array.from(
        { length: 200 },
        (_, n) => plan({ ...call, sequence: 200 - n })?.call?.kind,
      );
      expect(backwards.reverse()).toEqual(fates(7, 200));
    });

    it("strikes as often as the odds say", () => {
      const all = fates(7, 20_000);
      const share = (kind: string) => all.filter((fate) => fate === kind).length / all.length;
      expect([share("exception"), share("reset")]).toEqual([expect.closeTo(0.1, 2), expect.closeTo(0.2, 2)]);
    });

    it("draws by what the caller names, so that order does not matter", () => {
      const plan = randomFaults({ seed: 7, odds, drawBy: ({ accountId = "" }: ReceivedCall) => accountId });
      const fate = (accountId: string, sequence: number) => plan({ ...call, accountId, sequence });
      expect(["a", "b", "c"].map((id) => fate(id, 1))).toEqual(["a", "b", "c"].map((id) => fate(id, 99)));
    });

    it.each([[[0.6, 0.6]], [[-0.1]], [[Number.NaN]]])("refuses the probabilities %j", (probabilities) => {
      const wrong = probabilities.map((probability) => ({ probability, fault: resetFault("before") }));
      expect(() => randomFaults({ seed: 7, odds: wrong })).toThrow(/Expected probabilities of 0 or more/);
    });

    it("reproduces a run against the simulator, call for call", async () => {
      const run = async () => {
        const { chime, client } = await startTestChime({ faults: randomFaults({ seed: 3, odds }) });
        for (let n = 0; n < 40; n += 1) {
          await client
            .inviteUsers({ AccountId: "team", UserEmailList: [`p${n}@team.example`] })
            .catch(() => undefined);
        }
        const calls = chime.calls.list().map(({ invocationId, ...rest }) => rest);
        return { calls, users: chime.directory.users("team"), mails: chime.calls.mails() };
      };
      const first = await run();
      expect(new Set(first.calls.map(({ status }) => status))).toEqual(new Set([201, 429, undefined]));
      expect(await run()).toEqual(first);
    });
  });
});

describe("rateLimit", () => {
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
              const call = {
                sequence: 1,
                at,
                operation: "ListUsers",
                users: [],
                query: {},
                body: {},
              } as const;
              if (plan(call) === undefined) passed.push(at);
            }
            const excess = passed.flatMap((from, first) =>
              passed
                .slice(first)
                .map((to, more) => more + 1 - (burst + ((to - from) / 1000) * callsPerSecond)),
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
});
