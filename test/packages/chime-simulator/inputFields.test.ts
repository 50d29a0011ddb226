import type { Chime } from "@aws-sdk/client-chime";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { emailAddress, foreignToken, takePage } from "../../../packages/chime-simulator/inputFields.ts";
import { badRequest, failureOf, startTestChime } from "./testChime.ts";

describe("inputFields", () => {
  const ids = (count: number) => Array.from({ length: count }, (_, n) => `u${n}`);
  const emails = (count: number) => ids(count).map((id) => `${id}@team.example`);
  const updates = (count: number) => ids(count).map((UserId) => ({ UserId, LicenseType: "Pro" as const }));
  // The SDK's types forbid what the wire allows, and the wire is what is tested here.
  const untyped = (value: unknown) => value as never;

  const team = { AccountId: "team" };
  const lwa = { AccountId: "lwa" };
  const ada = { AccountId: "team", UserId: "ada" };

  type Call = (client: Chime) => Promise<unknown>;

  const refused: Record<string, Call> = {
    "51 suspensions": (it) => it.batchSuspendUser({ ...team, UserIdList: ids(51) }),
    "no suspension": (it) => it.batchSuspendUser({ ...team, UserIdList: [] }),
    "a missing list of suspensions": (it) => it.batchSuspendUser({ ...team, UserIdList: undefined }),
    "a blank id to suspend": (it) => it.batchSuspendUser({ ...team, UserIdList: ["ada", " "] }),
    "an id to suspend twice": (it) => it.batchSuspendUser({ ...team, UserIdList: ["ada", "ada"] }),
    "51 unsuspensions": (it) => it.batchUnsuspendUser({ ...lwa, UserIdList: ids(51) }),
    "no unsuspension": (it) => it.batchUnsuspendUser({ ...lwa, UserIdList: [] }),
    "a missing list of unsuspensions": (it) => it.batchUnsuspendUser({ ...lwa, UserIdList: undefined }),
    "21 updates": (it) => it.batchUpdateUser({ ...team, UpdateUserRequestItems: updates(21) }),
    "no update": (it) => it.batchUpdateUser({ ...team, UpdateUserRequestItems: [] }),
    "a missing list of updates": (it) => it.batchUpdateUser({ ...team, UpdateUserRequestItems: undefined }),
    "an update of nobody": (it) =>
      it.batchUpdateUser({ ...team, UpdateUserRequestItems: [{ UserId: undefined, LicenseType: "Pro" }] }),
    "an update to no license that there is": (it) =>
      it.batchUpdateUser({
        ...team,
        UpdateUserRequestItems: [{ UserId: "ada", LicenseType: untyped("Gold") }],
      }),
    "a user updated twice": (it) =>
      it.batchUpdateUser({ ...team, UpdateUserRequestItems: [...updates(2), ...updates(1)] }),
    "51 invitations": (it) => it.inviteUsers({ ...team, UserEmailList: emails(51) }),
    "no invitation": (it) => it.inviteUsers({ ...team, UserEmailList: [] }),
    "a missing list of invitations": (it) => it.inviteUsers({ ...team, UserEmailList: undefined }),
    "an invitation to no address": (it) => it.inviteUsers({ ...team, UserEmailList: ["new@localhost"] }),
    "an address invited twice, in another case": (it) =>
      it.inviteUsers({ ...team, UserEmailList: ["new@team.example", "New@Team.example"] }),
    "an invitation of no known user type": (it) =>
      it.inviteUsers({ ...team, UserEmailList: emails(1), UserType: untyped("Robot") }),
    "a page of 0 users": (it) => it.listUsers({ ...team, MaxResults: 0 }),
    "a page of 201 users": (it) => it.listUsers({ ...team, MaxResults: 201 }),
    "half a page": (it) => it.listUsers({ ...team, MaxResults: 0.5 }),
    "a foreign token": (it) => it.listUsers({ ...team, NextToken: "nonsense" }),
    "a list filtered by no address": (it) => it.listUsers({ ...team, UserEmail: "ada" }),
    "a list filtered by no user type": (it) => it.listUsers({ ...team, UserType: untyped("Robot") }),
    "a page of 201 accounts": (it) => it.listAccounts({ MaxResults: 201 }),
    "an update of one user to no license": (it) => it.updateUser({ ...ada, LicenseType: untyped("Gold") }),
    "an update of one user to a license of other accounts": (it) =>
      it.updateUser({ ...ada, LicenseType: "Plus" }),
    "a blank account id": (it) => it.listUsers({ AccountId: " " }),
    "an empty account id": (it) => it.listUsers({ AccountId: "" }),
    "an empty user id": (it) => it.getUser({ AccountId: "team", UserId: "" }),
    "an account without a name": (it) => it.createAccount({ Name: undefined }),
    "an account with a blank name": (it) => it.createAccount({ Name: "  " }),
    "an account with a name of 101 characters": (it) => it.createAccount({ Name: "n".repeat(101) }),
    "an account's new name of 101 characters": (it) => it.updateAccount({ ...team, Name: "n".repeat(101) }),
    "an account's default license that it lacks": (it) =>
      it.updateAccount({ ...team, DefaultLicense: "ProTrial" }),
    "missing settings": (it) => it.updateAccountSettings({ ...team, AccountSettings: undefined }),
    "settings that are not switches": (it) =>
      it.updateAccountSettings({ ...team, AccountSettings: { EnableDialOut: untyped("yes") } }),
  };

  const accepted: Record<string, Call> = {
    "50 suspensions": (it) => it.batchSuspendUser({ ...team, UserIdList: ids(50) }),
    "50 unsuspensions": (it) => it.batchUnsuspendUser({ ...lwa, UserIdList: ids(50) }),
    "20 updates": (it) => it.batchUpdateUser({ ...team, UpdateUserRequestItems: updates(20) }),
    "50 invitations": (it) => it.inviteUsers({ ...team, UserEmailList: emails(50) }),
    "a page of 1 user": (it) => it.listUsers({ ...team, MaxResults: 1 }),
    "a page of 200 users": (it) => it.listUsers({ ...team, MaxResults: 200 }),
    "a name of 100 characters": (it) => it.createAccount({ Name: "n".repeat(100) }),
  };

  describe("the limits of the requests", () => {
    it.each(Object.entries(refused))("refuse %s with a 400, and nothing changes", async (_, call) => {
      const { chime, client } = await startTestChime();
      const before = [
        chime.directory.accounts(),
        chime.directory.users("team"),
        chime.directory.users("lwa"),
      ];
      expect(await failureOf(call(client))).toEqual(badRequest);
      expect([
        chime.directory.accounts(),
        chime.directory.users("team"),
        chime.directory.users("lwa"),
      ]).toEqual(before);
      expect(chime.calls.list().map(({ tookEffect, errorType }) => ({ tookEffect, errorType }))).toEqual([
        { tookEffect: false, errorType: "BadRequestException" },
      ]);
    });

    it.each(Object.entries(accepted))("let %s pass", async (_, call) => {
      const { chime, client } = await startTestChime();
      await call(client);
      expect(chime.calls.list().map(({ tookEffect }) => tookEffect)).toEqual([true]);
    });

    it("say which member is wrong and what was expected", async () => {
      const { client } = await startTestChime();
      const call = client.batchSuspendUser({ ...team, UserIdList: ["ada", ""] });
      await expect(call).rejects.toThrow(/BatchSuspendUser: .*must not be blank.*UserIdList\[1\]/s);
    });

    it("let a user occur twice in a call if the setting says so", async () => {
      const { chime, client } = await startTestChime({ settings: { refuseDuplicates: false } });
      await client.batchSuspendUser({ ...team, UserIdList: ["ada", "ada"] });
      await client.inviteUsers({ ...team, UserEmailList: ["new@team.example", "NEW@team.example"] });
      expect(chime.directory.tally("team")).toEqual({ Unregistered: 1, Registered: 1, Suspended: 2 });
    });
  });

  describe("emailAddress", () => {
    it("accepts exactly what the service's pattern accepts", () => {
      const text = fc.string({ unit: fc.constantFrom("a", "@", "."), maxLength: 8 });
      fc.assert(
        fc.property(text, (value) => {
          expect(emailAddress.safeParse(value).success).toBe(/^.+@.+\..+$/.test(value));
        }),
      );
    });
  });
});

describe("page", () => {
  /** Follows the tokens to the end. */
  function pagesOf(
    all: readonly (number | undefined)[],
    size: number,
    fits: (item: number) => boolean,
  ): number[][] {
    const pages: number[][] = [];
    let token: string | undefined;
    do {
      const page = takePage(all, { list: "l", size, token, fits });
      if (page === foreignToken) throw new Error("a token of the list itself was refused");
      pages.push(page.items);
      token = page.nextToken;
    } while (token !== undefined);
    return pages;
  }

  describe("takePage", () => {
    it("hands out every fitting item once, in order, in full pages but the last", () => {
      const items = fc.array(fc.option(fc.nat(9), { nil: undefined }), { maxLength: 40 });
      fc.assert(
        fc.property(items, fc.integer({ min: 1, max: 7 }), fc.nat(9), (all, size, largest) => {
          const fits = (item: number) => item <= largest;
          const expected = all.filter((item) => item !== undefined).filter(fits);
          const pages = pagesOf(all, size, fits);
          expect(pages.flat()).toEqual(expected);
          expect(pages.length).toBe(Math.max(1, Math.ceil(expected.length / size)));
        }),
      );
    });

    it("refuses every token but its own", () => {
      fc.assert(
        fc.property(fc.string(), (token) => {
          expect(takePage([1, 2], { list: "l", size: 1, token, fits: () => true })).toBe(foreignToken);
        }),
      );
    });
  });
});
