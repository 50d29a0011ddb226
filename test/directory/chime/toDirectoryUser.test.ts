import { type License, RegistrationStatus } from "@aws-sdk/client-chime";
import { describe, expect, it } from "vitest";
import { chimeAnswers } from "../../../src/directory/chime/chimeAnswers.ts";
import { toDirectoryAccount, toDirectoryUser } from "../../../src/directory/chime/toDirectoryUser.ts";
import { DirectoryError } from "../../../src/directory/failure.ts";

describe("toDirectoryUser", () => {
  it.each([
    ["Registered", "Accepted", "registered"],
    ["Registered", "Pending", "registered"],
    ["Suspended", "Accepted", "suspended"],
    ["Suspended", "Pending", "suspended"],
    ["Unregistered", "Pending", "invited"],
    ["Unregistered", "Failed", "unregistered"],
    ["Unregistered", undefined, "unregistered"],
    [undefined, undefined, "unregistered"],
  ] as const)("a user who is %s with the invitation %s is: %s", (registration, invitation, status) => {
    const user = toDirectoryUser({
      UserId: "u-1",
      PrimaryEmail: "Ada@Team.example",
      LicenseType: "Pro",
      UserRegistrationStatus: registration,
      UserInvitationStatus: invitation,
    });
    expect(user).toEqual({ userId: "u-1", email: "ada@team.example", status, licenseType: "Pro" });
  });

  it.each([
    ["an id", { UserId: undefined, PrimaryEmail: "ada@team.example" }],
    ["an address", { UserId: "u-1" }],
  ])("leaves out a user without %s, about whom nothing can be done", (_, user) => {
    expect(toDirectoryUser({ ...user, UserRegistrationStatus: RegistrationStatus.Registered })).toBe(
      undefined,
    );
  });
});

describe("toDirectoryAccount", () => {
  const account = { AwsAccountId: "123456789012", AccountId: "a-1", Name: "A", AccountType: "Team" } as const;

  it("an account that tells only its type is active and has no licenses", () => {
    expect(toDirectoryAccount("a-1", account)).toEqual({
      accountId: "a-1",
      type: "Team",
      active: true,
      supportedLicenses: [],
      defaultLicense: undefined,
      answers: chimeAnswers.Team,
    });
  });

  it("offers no license that the SDK does not know, as its call would be refused with all that is in it", () => {
    const SupportedLicenses = ["Pro", "Platinum", "Basic"] as License[];
    expect(toDirectoryAccount("a-1", { ...account, SupportedLicenses }).supportedLicenses).toEqual([
      "Pro",
      "Basic",
    ]);
  });

  it.each([
    ["no account", undefined, "(none)"],
    ["an account without a type", { ...account, AccountType: undefined }, "(none)"],
    ["a type of another name", { ...account, AccountType: "toString" as "Team" }, "toString"],
  ])("refuses %s", (_, described, type) => {
    const refuse = () => toDirectoryAccount("a-1", described);
    expect(refuse).toThrow(
      new DirectoryError({
        class: "unknown",
        code: "UnknownAccountType",
        message: `account a-1 has the type ${type}; expected one of Team, EnterpriseLWA, EnterpriseDirectory, EnterpriseOIDC`,
      }),
    );
  });
});
