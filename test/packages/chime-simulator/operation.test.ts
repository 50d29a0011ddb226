import type { Chime } from "@aws-sdk/client-chime";
import { describe, expect, it } from "vitest";
import type { AccountType } from "../../../packages/chime-simulator/chimeApi.ts";
import type { OperationName } from "../../../packages/chime-simulator/operationTable.ts";
import { badRequest, failureOf, notFound, startTestChime } from "./testChime.ts";

const forbidden = { name: "ForbiddenException", status: 403 };
const updates = [{ UserId: "ada", LicenseType: "Pro" as const }];

/** Every operation on an account, and the account types that have it. */
const onAccount: [
  OperationName,
  readonly AccountType[] | "all",
  (it: Chime, AccountId: string) => Promise<unknown>,
][] = [
  [
    "BatchSuspendUser",
    ["Team", "EnterpriseLWA"],
    (it, AccountId) => it.batchSuspendUser({ AccountId, UserIdList: ["ada"] }),
  ],
  [
    "BatchUnsuspendUser",
    ["EnterpriseLWA"],
    (it, AccountId) => it.batchUnsuspendUser({ AccountId, UserIdList: ["ada"] }),
  ],
  [
    "InviteUsers",
    ["Team"],
    (it, AccountId) => it.inviteUsers({ AccountId, UserEmailList: ["new@x.example"] }),
  ],
  [
    "BatchUpdateUser",
    ["Team", "EnterpriseLWA"],
    (it, AccountId) => it.batchUpdateUser({ AccountId, UpdateUserRequestItems: updates }),
  ],
  [
    "UpdateUser",
    ["Team", "EnterpriseLWA"],
    (it, AccountId) => it.updateUser({ AccountId, UserId: "ada", LicenseType: "Pro" }),
  ],
  ["ListUsers", "all", (it, AccountId) => it.listUsers({ AccountId })],
  ["GetUser", "all", (it, AccountId) => it.getUser({ AccountId, UserId: "ada" })],
  ["LogoutUser", "all", (it, AccountId) => it.logoutUser({ AccountId, UserId: "ada" })],
  ["ResetPersonalPIN", "all", (it, AccountId) => it.resetPersonalPIN({ AccountId, UserId: "ada" })],
  ["GetAccount", "all", (it, AccountId) => it.getAccount({ AccountId })],
  ["UpdateAccount", "all", (it, AccountId) => it.updateAccount({ AccountId, Name: "Renamed" })],
  ["GetAccountSettings", "all", (it, AccountId) => it.getAccountSettings({ AccountId })],
  [
    "UpdateAccountSettings",
    "all",
    (it, AccountId) => it.updateAccountSettings({ AccountId, AccountSettings: { EnableDialOut: false } }),
  ],
  ["DeleteAccount", "all", (it, AccountId) => it.deleteAccount({ AccountId })],
];

/** Open on a suspended account too: what reads the account's own record, or ends it. */
const openWhenSuspended = ["GetAccount", "GetAccountSettings", "DeleteAccount"];

describe("an operation on an account", () => {
  it.each(onAccount)("%s answers 404 for an account that is not there", async (_, __, call) => {
    const { client } = await startTestChime();
    expect(await failureOf(call(client, "nowhere"))).toEqual(notFound);
  });

  // DeleteAccount has a condition of its own that stands in the way: see accountAdministration.test.ts.
  it.each(onAccount.filter(([name]) => name !== "DeleteAccount"))(
    "%s is for the account types [%s] and answers others with 400",
    async (_, types, call) => {
      const { chime, client } = await startTestChime();
      for (const { id, type } of chime.directory.accounts()) {
        const expected = types === "all" || types.includes(type) ? "none" : badRequest;
        expect({ type, failure: await failureOf(call(client, id)) }).toEqual({ type, failure: expected });
      }
    },
  );

  it.each(onAccount)(
    "%s is refused on a suspended account, unless it reads or ends it",
    async (name, _, call) => {
      const { chime, client } = await startTestChime();
      chime.directory.changeUser("team", "ada", { registration: "Suspended" });
      chime.directory.changeUser("team", "grace", { registration: "Suspended" });
      chime.directory.changeAccount("team", { status: "Suspended" });
      const expected = openWhenSuspended.includes(name) ? "none" : forbidden;
      expect(await failureOf(call(client, "team"))).toEqual(expected);
    },
  );

  it("answers a wrong type or a suspended account with the errors that the settings name", async () => {
    const settings = {
      wrongAccountTypeError: "UnprocessableEntityException",
      suspendedAccountError: "UnauthorizedClientException",
    } as const;
    const { chime, client } = await startTestChime({ settings });
    const invite = () => client.inviteUsers({ AccountId: "lwa", UserEmailList: ["new@lwa.example"] });
    expect(await failureOf(invite())).toEqual({ name: "UnprocessableEntityException", status: 422 });
    chime.directory.changeAccount("lwa", { status: "Suspended" });
    expect(await failureOf(invite())).toEqual({ name: "UnauthorizedClientException", status: 401 });
  });
});

describe("an operation on one user", () => {
  it.each([
    ["GetUser", (it: Chime) => it.getUser({ AccountId: "team", UserId: "nobody" })],
    ["UpdateUser", (it: Chime) => it.updateUser({ AccountId: "team", UserId: "nobody", LicenseType: "Pro" })],
    ["LogoutUser", (it: Chime) => it.logoutUser({ AccountId: "team", UserId: "nobody" })],
    ["ResetPersonalPIN", (it: Chime) => it.resetPersonalPIN({ AccountId: "team", UserId: "nobody" })],
  ])("%s answers 404 for a user whom the account does not have", async (_, call) => {
    const { client } = await startTestChime();
    expect(await failureOf(call(client))).toEqual(notFound);
  });

  it("finds ids that hold a slash, a space, a percent sign or two dots", async () => {
    const { chime, client } = await startTestChime({ accounts: [{ id: "a/b c", type: "Team" }] });
    for (const [place, id] of ["x/y", "100%", "..", "%2F", "ü?&="].entries()) {
      chime.directory.addUser("a/b c", { id, email: `p${place}@x.example` });
      const { User } = await client.getUser({ AccountId: "a/b c", UserId: id });
      expect(User?.UserId).toBe(id);
    }
  });
});
