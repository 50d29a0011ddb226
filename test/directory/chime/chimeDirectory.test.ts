import { type License, RegistrationStatus } from "@aws-sdk/client-chime";
import { describe, expect, it } from "vitest";
import { userError } from "../../../packages/chime-simulator/faultPlans.ts";
import { bodyFault, exceptionFault } from "../../../packages/chime-simulator/scriptedFault.ts";
import { chimeAccountTypes, chimeLimits } from "../../../src/directory/chime/chimeCapabilities.ts";
import { toDirectoryAccount, toDirectoryUser } from "../../../src/directory/chime/chimeDirectory.ts";
import { DirectoryError } from "../../../src/directory/directory.ts";
import { directoryContract } from "../directoryContract.ts";
import { startChimeWorld } from "./chimeWorld.ts";
import { budget, startTeam } from "./testCalls.ts";

describe("what the Chime adapter reads", () => {
  directoryContract("the Chime adapter", async (accounts) => {
    const { directory, simulator, close } = await startChimeWorld(accounts, "asDeployed");
    return {
      directory,
      requests: () => simulator.calls.list().length,
      throttleUser: (target) => simulator.faults.add(userError(target, "Throttled")),
      throttleCalls: () => simulator.faults.add(() => exceptionFault("ThrottledClientException")),
      close,
    };
  });

  it("is the very user of an address, though the service lists others beside", async () => {
    const { directory, simulator } = await startTeam("one");
    const Users = [
      { UserId: "u-1", PrimaryEmail: "adaline@team.example" },
      { UserId: "u-2", PrimaryEmail: "Ada@team.example" },
    ];
    simulator.faults.add(() => bodyFault(JSON.stringify({ Users })));
    expect((await directory.findUser("team", { email: "ada@team.example" }, budget))?.userId).toBe("u-2");
  });

  it.each(["{}", '{"Users":[],"NextToken":""}', '{"Users":null,"NextToken":null}'])(
    "is the last page if no token follows: %s",
    async (body) => {
      const { directory, simulator } = await startTeam("one");
      simulator.faults.add(() => bodyFault(body));
      expect(await directory.listUsers("team", undefined, budget)).toEqual({
        users: [],
        nextPageToken: undefined,
      });
    },
  );
});

describe("toDirectoryUser", () => {
  it.each([
    ["Registered", "Accepted", "active"],
    ["Registered", "Pending", "active"],
    ["Suspended", "Accepted", "suspended"],
    ["Suspended", "Pending", "suspended"],
    ["Unregistered", "Pending", "invited"],
    ["Unregistered", "Failed", "lapsed"],
    ["Unregistered", undefined, "lapsed"],
    [undefined, undefined, "lapsed"],
  ] as const)("a user who is %s with the invitation %s is: %s", (registration, invitation, state) => {
    const user = toDirectoryUser({
      UserId: "u-1",
      PrimaryEmail: "Ada@Team.example",
      LicenseType: "Pro",
      UserRegistrationStatus: registration,
      UserInvitationStatus: invitation,
    });
    expect(user).toEqual({ userId: "u-1", email: "ada@team.example", state, license: "Pro", type: "person" });
  });

  it("a shared device is no person", () => {
    const user = { UserId: "u-1", PrimaryEmail: "room@team.example", UserType: "SharedDevice" } as const;
    expect(toDirectoryUser(user)).toMatchObject({ type: "device" });
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
  const account = {
    AwsAccountId: "123456789012",
    AccountId: "a-1",
    Name: "A",
    AccountType: "Team",
  } as const;

  it("an account described by its type only is active and has no licenses", () => {
    expect(toDirectoryAccount("a-1", account)).toEqual({
      accountId: "a-1",
      type: "Team",
      active: true,
      limits: chimeLimits,
      licenses: [],
      defaultLicense: undefined,
      suspension: "reversible",
      ...chimeAccountTypes.Team,
    });
  });

  it("offers no license that the SDK does not know, as its call would be refused with all that is in it", () => {
    const SupportedLicenses = ["Pro", "Platinum", "Basic"] as License[];
    expect(toDirectoryAccount("a-1", { ...account, SupportedLicenses }).licenses).toEqual(["Pro", "Basic"]);
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
