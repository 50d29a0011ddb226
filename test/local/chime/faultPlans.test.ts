import { describe, expect, it } from "vitest";
import type { Fault, FaultPlan } from "../../../src/local/chime/fault.ts";
import { latency, nth, times, together, when } from "../../../src/local/chime/faultPlans.ts";
import { exceptionFault, resetFault } from "../../../src/local/chime/faultValues.ts";
import type { ReceivedCall } from "../../../src/local/chime/receivedCall.ts";
import { perUser, userError } from "../../../src/local/chime/userFaults.ts";

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
    expect(struck(plan, [{}, { accountId: "lwa" }, {}, { accountId: "lwa" }, { accountId: "lwa" }])).toEqual([
      false,
      false,
      false,
      true,
      false,
    ]);
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
    const plan = latency(({ sequence }) => sequence * 10);
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
