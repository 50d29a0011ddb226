import { describe, expect, it } from "vitest";
import { startTestChime } from "./testChime.ts";

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
