import { describe, expect, it } from "vitest";
import { inviteResult, leftOut, userError } from "../../../packages/chime-simulator/faultPlans.ts";
import { noon, startTestChime } from "./testChime.ts";

const invite = (...UserEmailList: string[]) => ({ AccountId: "team", UserEmailList });

describe("an invitation", () => {
  it("makes a pending, unregistered user with the account's default license", async () => {
    const { chime, client } = await startTestChime();
    chime.directory.changeAccount("team", { defaultLicense: "Pro" });
    await client.inviteUsers({ ...invite("New@team.example"), UserType: "SharedDevice" });
    const { Users } = await client.listUsers({ AccountId: "team", UserEmail: "new@TEAM.example" });
    expect(Users).toEqual([
      {
        UserId: expect.any(String),
        AccountId: "team",
        PrimaryEmail: "New@team.example",
        DisplayName: "New",
        LicenseType: "Pro",
        UserType: "SharedDevice",
        UserRegistrationStatus: "Unregistered",
        UserInvitationStatus: "Pending",
        InvitedOn: new Date(noon),
        AlexaForBusinessMetadata: { IsAlexaForBusinessEnabled: false },
        PersonalPIN: expect.any(String),
      },
    ]);
  });

  it("restores a suspended user under the same id, as the user was before", async () => {
    const { chime, client } = await startTestChime();
    const before = chime.directory.changeUser("team", "alan", { license: "Pro" });
    const { Invites } = await client.inviteUsers(invite("ALAN@team.example"));
    expect(Invites?.map(({ Status, EmailStatus }) => [Status, EmailStatus])).toEqual([["Pending", "Sent"]]);
    expect(chime.directory.user("team", "alan")).toEqual({
      ...before,
      registration: "Registered",
      invitation: "Pending",
      invitedAt: new Date(noon),
    });
  });

  it.each(["listed", "absent"] as const)(
    "makes a new user beside the suspended one if the setting says so, who is %s",
    async (suspendedTeamUsers) => {
      const { chime, client } = await startTestChime({
        settings: { suspendedTeamUsers, reinvitedTeamUsers: "new" },
      });
      await client.inviteUsers(invite("alan@team.example"));
      const ofAlan = chime.directory.users("team").filter(({ email }) => email === "alan@team.example");
      const { Users = [] } = await client.listUsers({ AccountId: "team", UserEmail: "alan@team.example" });
      expect([ofAlan.map(({ registration }) => registration), Users.length]).toEqual([
        ["Suspended", "Registered"],
        suspendedTeamUsers === "listed" ? 2 : 1,
      ]);
    },
  );

  it("restores who was suspended before registering to Unregistered", async () => {
    const { chime, client } = await startTestChime();
    await client.inviteUsers(invite("new@team.example"));
    const { id = "" } = chime.directory.user("team", "new@team.example") ?? {};
    await client.batchSuspendUser({ AccountId: "team", UserIdList: [id] });
    await client.inviteUsers(invite("new@team.example"));
    expect(chime.directory.user("team", id)).toMatchObject({
      registration: "Unregistered",
      invitation: "Pending",
    });
  });

  it("of a registered user changes nothing, and still sends a mail", async () => {
    const { chime, client } = await startTestChime();
    const before = chime.directory.users("team");
    const { Invites } = await client.inviteUsers(invite("ada@team.example"));
    expect(Invites?.map(({ Status, EmailStatus }) => [Status, EmailStatus])).toEqual([["Accepted", "Sent"]]);
    expect(chime.directory.users("team")).toEqual(before);
    expect(chime.calls.mails().map(({ email }) => email)).toEqual(["ada@team.example"]);
  });

  it("sends a mail each time, so that the log shows duplicates", async () => {
    const { chime, client } = await startTestChime();
    await client.inviteUsers(invite("a@team.example", "b@team.example"));
    await client.inviteUsers(invite("b@team.example"));
    expect(chime.calls.mails()).toEqual([
      { accountId: "team", email: "a@team.example", at: noon, sequence: 1 },
      { accountId: "team", email: "b@team.example", at: noon, sequence: 1 },
      { accountId: "team", email: "b@team.example", at: noon, sequence: 2 },
    ]);
    expect(chime.directory.users("team")).toHaveLength(5);
  });

  it("gives the same address the same id, whatever came before", async () => {
    const one = await startTestChime();
    const other = await startTestChime();
    await one.client.inviteUsers(invite("a@team.example", "b@team.example"));
    await other.client.inviteUsers(invite("b@team.example"));
    expect(other.chime.directory.user("team", "b@team.example")).toEqual(
      one.chime.directory.user("team", "b@team.example"),
    );
  });

  it.each([
    [
      "fails",
      inviteResult("X@team.example", { status: "Failed", emailStatus: "Failed" }),
      ["Failed", "Failed"],
    ],
    [
      "is not sent",
      inviteResult("x@team.example", { status: "Pending", emailStatus: "NotSent" }),
      ["Pending", "NotSent"],
    ],
    ["has an error code", userError("x@team.example", "Forbidden"), ["Failed", "Failed"]],
    ["is missing from the answer", leftOut("x@team.example"), undefined],
  ])(
    "that %s by script leaves no user and no mail, and the others are invited",
    async (_, plan, statuses) => {
      const { chime, client } = await startTestChime({ faults: plan });
      const { Invites = [] } = await client.inviteUsers(invite("x@team.example", "y@team.example"));
      const told = Invites.map(({ EmailAddress, Status, EmailStatus }) => [
        EmailAddress,
        Status,
        EmailStatus,
      ]);
      expect(told).toEqual([
        ...(statuses === undefined ? [] : [["x@team.example", ...statuses]]),
        ["y@team.example", "Pending", "Sent"],
      ]);
      expect(chime.directory.user("team", "x@team.example")).toBeUndefined();
      expect(chime.calls.mails().map(({ email }) => email)).toEqual(["y@team.example"]);
    },
  );

  it("that takes effect and is left out of the answer has its mail in the log", async () => {
    const { chime, client } = await startTestChime({
      faults: leftOut("x@team.example", { takesEffect: true }),
    });
    const { Invites } = await client.inviteUsers(invite("x@team.example"));
    expect(Invites).toEqual([]);
    expect(chime.directory.user("team", "x@team.example")?.invitation).toBe("Pending");
    expect(chime.calls.mails().map(({ email }) => email)).toEqual(["x@team.example"]);
  });
});
