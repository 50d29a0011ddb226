import { describe, expect, it } from "vitest";
import { effects } from "../../../../src/local/chaos/oracle/effects.ts";
import type { LoggedCall } from "../../../../src/local/chime/callLog.ts";
import type { Fault } from "../../../../src/local/chime/fault.ts";

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
  effects([logged], withFault(fault)).map(
    ({ address, result, isMail }) => `${address} ${result}${isMail ? " by mail" : ""}`,
  );

describe("the effects of a call", () => {
  it("are told for each user, no earlier than the call's own delay allows", () => {
    expect(effects([call({ users: [ada] })], withFault({ delayMilliseconds: 50 }))).toEqual([
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
    expect(effects([call({ operation: "LogoutUser", users: [ada] })], new Map())).toMatchObject([
      { address: "ada@example.com", aspect: "session", result: "ended" },
    ]);
  });

  it("are none if the call did not take effect", () => {
    expect(brief(call({ tookEffect: false }))).toEqual([]);
  });

  it("spare whom a fault spared, and not whom it only reported", () => {
    const users: Fault["users"] = [
      { kind: "userError", code: "Throttled", sent: "id-ada" },
      { kind: "userError", code: "ServiceFailure", sent: "id-bob", takesEffect: true },
    ];
    expect(brief(call({}), { users })).toEqual(["bob@example.com out"]);
  });

  it("are none for a user whom the account does not know", () => {
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
