import { paginateListAccounts } from "@aws-sdk/client-chime";
import { describe, expect, it } from "vitest";
import { failureOf, noon, notFound, startTestChime } from "./testChime.ts";

describe("accountAdministration", () => {
  describe("ListAccounts", () => {
    it("pages through all accounts with the SDK's paginator", async () => {
      const { client } = await startTestChime();
      const pages: (string | undefined)[][] = [];
      for await (const { Accounts = [] } of paginateListAccounts({ client, pageSize: 3 }, {})) {
        pages.push(Accounts.map(({ AccountId }) => AccountId));
      }
      expect(pages).toEqual([["team", "lwa", "directory"], ["oidc"]]);
    });

    it.each([
      ["a name's prefix", { Name: "tea" }, ["team"]],
      ["the address of a user", { UserEmail: "ADA@lwa.example" }, ["lwa"]],
      ["an address of nobody", { UserEmail: "nobody@lwa.example" }, []],
      [
        "an address in another account than the prefix says",
        { Name: "team", UserEmail: "ada@lwa.example" },
        [],
      ],
    ])("filters by %s", async (_, filter, expected) => {
      const { client } = await startTestChime();
      const { Accounts } = await client.listAccounts(filter);
      expect(Accounts?.map(({ AccountId }) => AccountId)).toEqual(expected);
    });

    it("names one account at most for an address", async () => {
      const { chime, client } = await startTestChime();
      chime.directory.addUser("oidc", { email: "ada@team.example" });
      const { Accounts } = await client.listAccounts({ UserEmail: "ada@team.example" });
      expect(Accounts?.map(({ AccountId }) => AccountId)).toEqual(["team"]);
    });
  });

  describe("CreateAccount", () => {
    it("makes an empty Team account that can be used at once", async () => {
      const { chime, client } = await startTestChime();
      const { Account } = await client.createAccount({ Name: "Sales" });
      const AccountId = Account?.AccountId ?? "";
      expect(Account).toMatchObject({ AccountType: "Team", CreatedTimestamp: new Date(noon) });
      await client.inviteUsers({ AccountId, UserEmailList: ["new@sales.example"] });
      expect(chime.directory.tally(AccountId)).toEqual({ Unregistered: 1, Registered: 0, Suspended: 0 });
    });

    it("does not give out the id of a deleted account again", async () => {
      const { client } = await startTestChime();
      const { Account: first } = await client.createAccount({ Name: "Sales" });
      await client.deleteAccount({ AccountId: first?.AccountId });
      const { Account: second } = await client.createAccount({ Name: "Sales" });
      expect(second?.AccountId).not.toBe(first?.AccountId);
    });
  });

  describe("UpdateAccount", () => {
    it("changes what it names: the default license is the next invitation's", async () => {
      const { chime, client } = await startTestChime();
      const { Account } = await client.updateAccount({ AccountId: "team", DefaultLicense: "Pro" });
      expect(Account).toMatchObject({ Name: "team", DefaultLicense: "Pro" });
      await client.inviteUsers({ AccountId: "team", UserEmailList: ["new@team.example"] });
      expect(chime.directory.user("team", "new@team.example")?.license).toBe("Pro");
    });
  });

  describe("DeleteAccount", () => {
    it("is refused with 422 until every user is suspended", async () => {
      const { chime, client } = await startTestChime();
      expect(await failureOf(client.deleteAccount({ AccountId: "team" }))).toEqual({
        name: "UnprocessableEntityException",
        status: 422,
      });
      await client.batchSuspendUser({ AccountId: "team", UserIdList: ["ada", "grace"] });
      await client.deleteAccount({ AccountId: "team" });
      expect(await failureOf(client.getAccount({ AccountId: "team" }))).toEqual(notFound);
      expect(chime.directory.accounts().map(({ id }) => id)).toEqual(["lwa", "directory", "oidc"]);
    });
  });
});

describe("accountSettings", () => {
  describe("the settings of an account", () => {
    it("change one at a time, and only on that account", async () => {
      const { client } = await startTestChime();
      await client.updateAccountSettings({
        AccountId: "team",
        AccountSettings: { DisableRemoteControl: true },
      });
      await client.updateAccountSettings({ AccountId: "team", AccountSettings: { EnableDialOut: false } });
      const team = await client.getAccountSettings({ AccountId: "team" });
      const lwa = await client.getAccountSettings({ AccountId: "lwa" });
      expect([team.AccountSettings, lwa.AccountSettings]).toEqual([
        { DisableRemoteControl: true, EnableDialOut: false },
        { DisableRemoteControl: false, EnableDialOut: true },
      ]);
    });
  });
});
