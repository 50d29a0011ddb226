import { describe, expect, it } from "vitest";
import { sampleAccounts, sampleUser, sampleUsers } from "../../../dev/sampleDay/sampleAccounts.ts";

const { team, lwa, directory } = sampleAccounts;

describe("the sample accounts", () => {
  it("have people whose names follow from their ordinals", () => {
    expect([sampleUser(team, 1), sampleUser(lwa, 800), sampleUser(directory, 3)]).toEqual([
      {
        userId: "team-0001-user-0001",
        personId: "P-T0001",
        email: "person0001@example.com",
        licenseType: "Basic",
        status: "Suspended",
      },
      {
        userId: "lwa-0001-user-0800",
        personId: "P-L0800",
        email: "person0800@example.org",
        licenseType: "Basic",
        status: "Registered",
      },
      {
        userId: "ad-0001-user-0003",
        personId: "P-D0003",
        email: "person0003@directory.example.net",
        licenseType: "Pro",
        status: "Registered",
      },
    ]);
  });

  it.each([team, lwa, directory])("$id has as many people as it says, each only once", (account) => {
    const users = sampleUsers(account);
    expect(new Set(users.flatMap(({ userId, personId, email }) => [userId, personId, email])).size).toBe(
      3 * account.users,
    );
    expect(users.filter(({ status }) => status === "Suspended")).toHaveLength(account.suspended);
    expect(new Set(account.supportedLicenses)).toEqual(
      new Set([...account.supportedLicenses, ...users.map(({ licenseType }) => licenseType)]),
    );
  });
});
