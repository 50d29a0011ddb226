import { describe, expect, it } from "vitest";
import { startTestChime } from "./testChime.ts";

describe("the directory behind the API", () => {
  it("changes a user's address, so that the old one is unknown to the API", async () => {
    const { chime, client } = await startTestChime();
    chime.directory.changeUser("team", "ada@team.example", { email: "ada.lovelace@team.example" });
    const find = async (UserEmail: string) =>
      (await client.listUsers({ AccountId: "team", UserEmail })).Users?.map(({ UserId }) => UserId);
    expect([await find("ada@team.example"), await find("Ada.Lovelace@team.example")]).toEqual([[], ["ada"]]);
  });

  it("removes a user for good: the next one of that address has another id", async () => {
    const { chime, client } = await startTestChime();
    const invite = { AccountId: "team", UserEmailList: ["new@team.example"] };
    await client.inviteUsers(invite);
    const first = chime.directory.user("team", "new@team.example");
    chime.directory.removeUser("team", "new@team.example");
    expect(chime.directory.user("team", "new@team.example")).toBeUndefined();
    const { UserErrors } = await client.batchSuspendUser({
      AccountId: "team",
      UserIdList: [first?.id ?? ""],
    });
    expect(UserErrors?.map(({ ErrorCode }) => ErrorCode)).toEqual(["NotFound"]);
    await client.inviteUsers(invite);
    expect(chime.directory.user("team", "new@team.example")?.id).not.toBe(first?.id);
  });

  it("returns what a later call does not change", async () => {
    const { chime, client } = await startTestChime();
    const [ada] = chime.directory.users("lwa");
    await client.batchSuspendUser({ AccountId: "lwa", UserIdList: ["ada"] });
    expect([ada?.registration, chime.directory.user("lwa", "ada")?.registration]).toEqual([
      "Registered",
      "Suspended",
    ]);
  });

  it("holds several users of one address, if each has an id of its own", async () => {
    const { chime, client } = await startTestChime();
    const { directory } = chime;
    directory.addUser("team", { id: "new-alan", email: "Alan@team.example" });
    const idsOf = async (input: object) =>
      (await client.listUsers({ AccountId: "team", ...input })).Users?.map(({ UserId }) => UserId);
    const both = [await idsOf({ UserEmail: "alan@team.example" }), await idsOf({})];
    await client.batchSuspendUser({ AccountId: "team", UserIdList: ["new-alan"] });
    const active = directory.user("team", "alan@team.example")?.id;
    directory.removeUser("team", "alan");
    const left = directory.user("team", "alan@team.example")?.id;
    expect([both, active, left]).toEqual([
      [
        ["alan", "new-alan"],
        ["ada", "grace", "alan", "new-alan"],
      ],
      "alan",
      "new-alan",
    ]);
  });

  it("adds an account and users while the simulator runs", async () => {
    const { chime, client } = await startTestChime();
    chime.directory.addAccount({ id: "late", type: "Team", name: "Late" });
    chime.directory.addUser("late", { email: "x@late.example", license: "Pro" });
    const { Users } = await client.listUsers({ AccountId: "late" });
    expect(Users?.map(({ PrimaryEmail, LicenseType }) => [PrimaryEmail, LicenseType])).toEqual([
      ["x@late.example", "Pro"],
    ]);
  });

  it("says what is wrong with a change that cannot be", async () => {
    const { directory } = (await startTestChime()).chime;
    expect(() => directory.users("nowhere")).toThrow(
      "Expected one of the accounts [team, lwa, directory, oidc], got nowhere. Add it first.",
    );
    expect(() => directory.changeUser("team", "nobody", {})).toThrow(
      "Expected the id or address of a user of account team, got nobody. Add the user first.",
    );
    expect(() => directory.changeUser("team", "ada", { email: "GRACE@team.example" })).toThrow(
      "The address GRACE@team.example belongs to user grace. Change that one first.",
    );
    expect(() => directory.addUser("team", { email: "ada@TEAM.example" })).toThrow(/has a user .* already/);
  });
});
