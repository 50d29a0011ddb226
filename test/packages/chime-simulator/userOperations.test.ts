import { paginateListUsers } from "@aws-sdk/client-chime";
import { describe, expect, it } from "vitest";
import { failureOf, notFound, startTestChime } from "./testChime.ts";

describe("singleUsers", () => {
  const AccountId = "big";
  const accounts = [{ id: AccountId, type: "Team" as const, users: 450 }];

  describe("ListUsers", () => {
    it("hands the SDK's paginator every user once, in order, in the fewest pages", async () => {
      const { chime, client } = await startTestChime({ accounts });
      const pages: string[][] = [];
      for await (const { Users = [] } of paginateListUsers({ client, pageSize: 200 }, { AccountId })) {
        pages.push(Users.map(({ UserId = "" }) => UserId));
      }
      expect(pages.map((page) => page.length)).toEqual([200, 200, 50]);
      expect(pages.flat()).toEqual(chime.directory.users(AccountId).map(({ id }) => id));
      expect(chime.calls.list("ListUsers").map(({ query }) => query["max-results"])).toEqual([
        "200",
        "200",
        "200",
      ]);
    });

    it("sends 100 users a page where the caller names no number", async () => {
      const { client } = await startTestChime({ accounts });
      expect((await client.listUsers({ AccountId })).Users).toHaveLength(100);
    });

    it("gives no token with a last page that is full", async () => {
      const { client } = await startTestChime({ accounts: [{ id: AccountId, type: "Team", users: 200 }] });
      const { Users, NextToken } = await client.listUsers({ AccountId, MaxResults: 200 });
      expect({ count: Users?.length, NextToken }).toEqual({ count: 200, NextToken: undefined });
    });

    it("continues at the right user when others were removed between two pages", async () => {
      const { chime, client } = await startTestChime({ accounts });
      const { Users: first = [], NextToken } = await client.listUsers({ AccountId, MaxResults: 200 });
      for (const { UserId = "" } of first.slice(0, 10)) chime.directory.removeUser(AccountId, UserId);
      const { Users: second = [] } = await client.listUsers({ AccountId, MaxResults: 200, NextToken });
      expect(second.map(({ UserId }) => UserId)).toEqual(
        chime.directory
          .users(AccountId)
          .slice(190, 390)
          .map(({ id }) => id),
      );
    });

    it("refuses the token of another list", async () => {
      const { client } = await startTestChime({
        accounts: [...accounts, { id: "other", type: "Team", users: 450 }],
      });
      const { NextToken } = await client.listUsers({ AccountId });
      const filtered = client.listUsers({ AccountId, UserType: "PrivateUser", NextToken });
      await expect(filtered).rejects.toThrow("NextToken is not a token of this list.");
      const elsewhere = client.listUsers({ AccountId: "other", NextToken });
      await expect(elsewhere).rejects.toThrow("NextToken is not a token of this list.");
    });

    it("finds one user by address, in any case, and nobody by an unknown one", async () => {
      const { client } = await startTestChime();
      const found = await client.listUsers({ AccountId: "team", UserEmail: "ADA@Team.Example" });
      const unknown = await client.listUsers({ AccountId: "team", UserEmail: "nobody@team.example" });
      expect([found.Users?.map(({ UserId }) => UserId), unknown.Users]).toEqual([["ada"], []]);
    });

    it("filters by user type", async () => {
      const { chime, client } = await startTestChime();
      chime.directory.changeUser("team", "grace", { type: "SharedDevice" });
      const { Users } = await client.listUsers({ AccountId: "team", UserType: "SharedDevice" });
      expect(Users?.map(({ UserId }) => UserId)).toEqual(["grace"]);
    });

    it("takes no longer for an address or a page in 100,000 users than in a few", async () => {
      const { chime, client } = await startTestChime({
        accounts: [{ id: AccountId, type: "EnterpriseLWA", users: 100_000 }],
      });
      const { email, id } = chime.directory.users(AccountId).at(-1) ?? { email: "", id: "" };
      const began = performance.now();
      // Scans of the directory would take 50 users x 100 calls x several ms.
      for (let round = 0; round < 100; round += 1) {
        const { Users } = await client.listUsers({ AccountId, UserEmail: email, MaxResults: 200 });
        expect(Users?.[0]?.UserId).toBe(id);
        await client.batchSuspendUser({
          AccountId,
          UserIdList: [id, ...Array.from({ length: 49 }, (_, n) => `x${n}`)],
        });
      }
      expect(performance.now() - began).toBeLessThan(10_000);
    });
  });

  describe("ResetPersonalPIN", () => {
    it("answers with a new PIN each time, the same ones in every run", async () => {
      const pins = async () => {
        const { chime, client } = await startTestChime();
        const first = chime.directory.user("team", "ada")?.personalPin;
        const second = await client.resetPersonalPIN({ AccountId: "team", UserId: "ada" });
        const third = await client.resetPersonalPIN({ AccountId: "team", UserId: "ada" });
        expect(chime.directory.user("team", "ada")?.personalPin).toBe(third.User?.PersonalPIN);
        return [first, second.User?.PersonalPIN, third.User?.PersonalPIN];
      };
      const run = await pins();
      expect(new Set(run).size).toBe(3);
      expect(await pins()).toEqual(run);
    });
  });
});

describe("userUpdates", () => {
  describe("a change of license", () => {
    it("fails the users whose account lacks the license, and changes the others", async () => {
      const { chime, client } = await startTestChime();
      const { UserErrors } = await client.batchUpdateUser({
        AccountId: "team",
        UpdateUserRequestItems: [
          { UserId: "ada", LicenseType: "Pro" },
          { UserId: "grace", LicenseType: "Plus" },
          { UserId: "nobody", LicenseType: "Pro" },
        ],
      });
      expect(UserErrors?.map(({ UserId, ErrorCode }) => [UserId, ErrorCode])).toEqual([
        ["grace", "BadRequest"],
        ["nobody", "NotFound"],
      ]);
      expect(chime.directory.users("team").map(({ id, license }) => [id, license])).toEqual([
        ["ada", "Pro"],
        ["grace", "Basic"],
        ["alan", "Basic"],
      ]);
    });

    it("leaves alone what the item does not name", async () => {
      const { chime, client } = await startTestChime();
      const before = chime.directory.changeUser("team", "ada", { license: "Pro" });
      const change = {
        UserType: "SharedDevice",
        AlexaForBusinessMetadata: { AlexaForBusinessRoomArn: "arn:x" },
      };
      await client.batchUpdateUser({
        AccountId: "team",
        UpdateUserRequestItems: [{ UserId: "ada", ...change, UserType: "SharedDevice" }],
      });
      expect(chime.directory.user("team", "ada")).toEqual({
        ...before,
        type: "SharedDevice",
        alexaForBusiness: { IsAlexaForBusinessEnabled: false, AlexaForBusinessRoomArn: "arn:x" },
      });
    });

    it("of one user answers with the changed user", async () => {
      const { client } = await startTestChime();
      const { User } = await client.updateUser({ AccountId: "lwa", UserId: "ada", LicenseType: "Pro" });
      expect(User).toMatchObject({ UserId: "ada", AccountId: "lwa", LicenseType: "Pro" });
    });
  });
});

describe("suspensions", () => {
  describe("a suspension", () => {
    it("on EnterpriseLWA suspends and signs out at once", async () => {
      const { chime, client } = await startTestChime();
      await client.batchSuspendUser({ AccountId: "lwa", UserIdList: ["ada"] });
      expect(chime.directory.user("lwa", "ada")).toMatchObject({
        registration: "Suspended",
        signedIn: false,
      });
    });

    it("on Team leaves the client signed in until LogoutUser, and keeps id and license", async () => {
      const { chime, client } = await startTestChime();
      const before = chime.directory.changeUser("team", "ada", { license: "Pro" });
      await client.batchSuspendUser({ AccountId: "team", UserIdList: ["ada"] });
      expect(chime.directory.user("team", "ada")).toEqual({ ...before, registration: "Suspended" });
      await client.logoutUser({ AccountId: "team", UserId: "ada" });
      expect(chime.directory.user("team", "ada")).toMatchObject({
        registration: "Suspended",
        signedIn: false,
      });
    });

    it("names unknown users in UserErrors and suspends the others", async () => {
      const { chime, client } = await startTestChime();
      const { UserErrors } = await client.batchSuspendUser({
        AccountId: "lwa",
        UserIdList: ["nobody", "ada", "noone", "grace"],
      });
      expect(UserErrors).toEqual([
        { UserId: "nobody", ErrorCode: "NotFound", ErrorMessage: "There is no user nobody." },
        { UserId: "noone", ErrorCode: "NotFound", ErrorMessage: "There is no user noone." },
      ]);
      expect(chime.directory.tally("lwa")).toEqual({ Unregistered: 0, Registered: 0, Suspended: 3 });
      expect(chime.calls.list().map((call) => call.userErrors)).toEqual([UserErrors]);
    });

    it("of who is suspended already succeeds and changes nothing", async () => {
      const { chime, client } = await startTestChime();
      const before = chime.directory.users("lwa");
      const { UserErrors } = await client.batchSuspendUser({ AccountId: "lwa", UserIdList: ["alan"] });
      expect({ UserErrors, users: chime.directory.users("lwa") }).toEqual({ UserErrors: [], users: before });
    });

    it("does not reach into another account", async () => {
      const { chime, client } = await startTestChime();
      chime.directory.addUser("team", { id: "only-on-team", email: "only@team.example" });
      const { UserErrors } = await client.batchSuspendUser({
        AccountId: "lwa",
        UserIdList: ["only-on-team"],
      });
      expect(UserErrors?.map(({ ErrorCode }) => ErrorCode)).toEqual(["NotFound"]);
      expect(chime.directory.user("team", "only-on-team")?.registration).toBe("Registered");
    });

    it("hides the user where the account says so, and nowhere else", async () => {
      const { chime, client } = await startTestChime();
      const suspended = async (AccountId: string) => {
        const { Users = [] } = await client.listUsers({ AccountId });
        return Users.filter(({ UserRegistrationStatus }) => UserRegistrationStatus === "Suspended").length;
      };
      await client.batchSuspendUser({ AccountId: "team", UserIdList: ["ada"] });
      const shown = [await suspended("team"), await suspended("lwa")];
      for (const account of ["team", "lwa"])
        chime.directory.changeAccount(account, { suspendedUsers: "absent" });
      const hidden = [await suspended("team"), await suspended("lwa")];
      expect([shown.every((count) => count > 0), hidden]).toEqual([true, [0, shown[1]]]);
    });

    it("on Team hides the user until the next invitation if the setting says so", async () => {
      const { chime, client } = await startTestChime({ settings: { suspendedTeamUsers: "absent" } });
      const ada = { AccountId: "team", UserId: "ada" };
      await client.batchSuspendUser({ AccountId: "team", UserIdList: ["ada"] });
      const hidden = await client.listUsers({ AccountId: "team" });
      const byEmail = await client.listUsers({ AccountId: "team", UserEmail: "ada@team.example" });
      const again = await client.batchSuspendUser({ AccountId: "team", UserIdList: ["ada"] });
      expect([hidden.Users?.map(({ UserId }) => UserId), byEmail.Users, again.UserErrors]).toEqual([
        ["grace"],
        [],
        [expect.objectContaining({ UserId: "ada", ErrorCode: "NotFound" })],
      ]);
      expect(await failureOf(client.getUser(ada))).toEqual(notFound);
      await client.inviteUsers({ AccountId: "team", UserEmailList: ["ada@team.example"] });
      expect((await client.getUser(ada)).User?.UserRegistrationStatus).toBe("Registered");
      expect((await client.listUsers({ AccountId: "lwa" })).Users).toHaveLength(3);
      expect(chime.directory.users("team")).toHaveLength(3);
    });
  });

  describe("the end of a suspension", () => {
    it("returns the suspended to Registered, signed out, and ignores the others", async () => {
      const { chime, client } = await startTestChime();
      const pending = chime.directory.addUser("lwa", {
        email: "new@lwa.example",
        registration: "Unregistered",
      });
      const { UserErrors } = await client.batchUnsuspendUser({
        AccountId: "lwa",
        UserIdList: ["alan", "ada", pending.id, "nobody"],
      });
      expect(UserErrors?.map(({ UserId, ErrorCode }) => [UserId, ErrorCode])).toEqual([
        ["nobody", "NotFound"],
      ]);
      expect(chime.directory.users("lwa").map((user) => [user.id, user.registration, user.signedIn])).toEqual(
        [
          ["ada", "Registered", true],
          ["grace", "Registered", true],
          ["alan", "Registered", false],
          [pending.id, "Unregistered", false],
        ],
      );
    });
  });
});
