import { describe, expect, it } from "vitest";
import { failureOf, notFound, startTestChime } from "./testChime.ts";

describe("a suspension", () => {
  it("on EnterpriseLWA suspends and signs out at once", async () => {
    const { chime, client } = await startTestChime();
    await client.batchSuspendUser({ AccountId: "lwa", UserIdList: ["ada"] });
    expect(chime.directory.user("lwa", "ada")).toMatchObject({ registration: "Suspended", signedIn: false });
  });

  it("on Team leaves the client signed in until LogoutUser, and keeps id and license", async () => {
    const { chime, client } = await startTestChime();
    const before = chime.directory.changeUser("team", "ada", { license: "Pro" });
    await client.batchSuspendUser({ AccountId: "team", UserIdList: ["ada"] });
    expect(chime.directory.user("team", "ada")).toEqual({ ...before, registration: "Suspended" });
    await client.logoutUser({ AccountId: "team", UserId: "ada" });
    expect(chime.directory.user("team", "ada")).toMatchObject({ registration: "Suspended", signedIn: false });
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
    const { UserErrors } = await client.batchSuspendUser({ AccountId: "lwa", UserIdList: ["only-on-team"] });
    expect(UserErrors?.map(({ ErrorCode }) => ErrorCode)).toEqual(["NotFound"]);
    expect(chime.directory.user("team", "only-on-team")?.registration).toBe("Registered");
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
    expect(UserErrors?.map(({ UserId, ErrorCode }) => [UserId, ErrorCode])).toEqual([["nobody", "NotFound"]]);
    expect(chime.directory.users("lwa").map((user) => [user.id, user.registration, user.signedIn])).toEqual([
      ["ada", "Registered", true],
      ["grace", "Registered", true],
      ["alan", "Registered", false],
      [pending.id, "Unregistered", false],
    ]);
  });
});
