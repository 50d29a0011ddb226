import { describe, expect, it } from "vitest";
import { changesOf, invitingCalls } from "../../../dev/directories/simulatedChime.ts";
import type { LoggedCall } from "../../../packages/chime-simulator/callLog.ts";
import type { Fault } from "../../../packages/chime-simulator/scriptedFault.ts";

describe("the changes that a call of Chime makes", () => {
  const ada = { sent: "id-ada", id: "id-ada", email: "Ada@example.com" };
  const bob = { sent: "id-bob", id: "id-bob", email: "bob@example.com" };

  function call(more: Partial<LoggedCall>): LoggedCall {
    return {
      sequence: 1,
      at: 100,
      operation: "BatchSuspendUser",
      accountId: "team",
      users: [ada, bob],
      query: {},
      body: undefined,
      requestId: "r1",
      userErrors: [],
      mailedTo: [],
      tookEffect: true,
      answered: true,
      ...more,
    };
  }
  const withFault = (fault: Fault) => new Map([[1, { fault }]]);
  const brief = (logged: LoggedCall, fault: Fault = {}) =>
    changesOf([logged], withFault(fault)).map(
      ({ address, result, isMail }) => `${address} ${result}${isMail ? " by mail" : ""}`,
    );

  it("are listed for each user, no earlier than the call's latency allows", () => {
    expect(changesOf([call({ users: [ada] })], withFault({ delayMilliseconds: 50 }))).toEqual([
      {
        accountId: "team",
        address: "ada@example.com",
        aspect: "access",
        result: "out",
        isMail: false,
        requestId: "r1",
        at: 150,
      },
    ]);
  });

  it("of a sign-out are the end of the session", () => {
    expect(changesOf([call({ operation: "LogoutUser", users: [ada] })], new Map())).toMatchObject([
      { address: "ada@example.com", aspect: "session", result: "ended" },
    ]);
  });

  it("are none if the call did not take effect", () => {
    expect(brief(call({ tookEffect: false }))).toEqual([]);
  });

  it("leave out users whom a fault left unchanged, but not those whom it only reported as failed", () => {
    const users: Fault["users"] = [
      { kind: "userError", code: "Throttled", sent: "id-ada" },
      { kind: "userError", code: "ServiceFailure", sent: "id-bob", takesEffect: true },
    ];
    expect(brief(call({}), { users })).toEqual(["bob@example.com out"]);
  });

  it("are none for a user whom the account does not have", () => {
    expect(brief(call({ users: [{ sent: "nobody" }] }))).toEqual([]);
  });

  it("of an invitation are a mail, for newcomers too", () => {
    const invited = call({
      operation: "InviteUsers",
      users: [{ sent: "New@example.com" }],
      mailedTo: ["New@example.com"],
    });
    expect(brief(invited)).toEqual(["new@example.com in by mail"]);
  });

  it("of an update are the license of each", () => {
    const body = { UpdateUserRequestItems: [{ LicenseType: "Pro" }, { LicenseType: "Basic" }] };
    expect(brief(call({ operation: "BatchUpdateUser", body }))).toEqual([
      "ada@example.com Pro",
      "bob@example.com Basic",
    ]);
  });

  it("of a look-up are none", () => {
    expect(brief(call({ operation: "ListUsers" }))).toEqual([]);
  });
});

describe("the calls that invite", () => {
  const invite: LoggedCall = {
    sequence: 1,
    at: 100,
    operation: "InviteUsers",
    accountId: "team",
    users: [],
    query: {},
    body: undefined,
    requestId: "r1",
    userErrors: [],
    mailedTo: ["a@example.com", "b@example.com"],
    tookEffect: true,
    answered: true,
  };
  const listed = (call: Partial<LoggedCall>, fault: Fault = {}) =>
    invitingCalls([{ ...invite, ...call }], new Map([[1, { fault }]])).map(({ isAnswered }) => isAnswered);

  it("are those that mailed somebody", () => {
    expect(invitingCalls([invite], new Map())).toEqual([
      { requestId: "r1", at: 100, mails: 2, isAnswered: true },
    ]);
    expect([listed({ mailedTo: [] }), listed({ operation: "BatchSuspendUser" })]).toEqual([[], []]);
  });

  it("are not answered if the response was lost or cannot be read", () => {
    expect([
      listed({ answered: false }),
      listed({}, { call: { kind: "reset", takesEffect: true } }),
      listed({}, { call: { kind: "body", body: "null" } }),
      listed({}, { call: { kind: "userErrors", userErrors: [] } }),
    ]).toEqual([[false], [false], [false], [true]]);
  });
});
