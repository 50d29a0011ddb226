import type { Chime } from "@aws-sdk/client-chime";
import { describe, expect, it } from "vitest";
import {
  type OperationName,
  operationNames,
  operationTable,
} from "../../../src/local/chime/operationTable.ts";
import { startTestChime } from "./testChime.ts";

const user = { AccountId: "team", UserId: "ada" };
const settings = { DisableRemoteControl: true };

/** One good call of each operation by the real client, and the heart of what it answers. */
const contract: Record<OperationName, { call: (client: Chime) => Promise<object>; answer: object }> = {
  BatchSuspendUser: {
    call: (client) => client.batchSuspendUser({ AccountId: "team", UserIdList: ["ada", "grace"] }),
    answer: { UserErrors: [] },
  },
  BatchUnsuspendUser: {
    call: (client) => client.batchUnsuspendUser({ AccountId: "lwa", UserIdList: ["alan"] }),
    answer: { UserErrors: [] },
  },
  BatchUpdateUser: {
    call: (client) =>
      client.batchUpdateUser({
        AccountId: "team",
        UpdateUserRequestItems: [{ UserId: "ada", LicenseType: "Pro" }],
      }),
    answer: { UserErrors: [] },
  },
  InviteUsers: {
    call: (client) => client.inviteUsers({ AccountId: "team", UserEmailList: ["new@team.example"] }),
    answer: { Invites: [{ EmailAddress: "new@team.example", Status: "Pending", EmailStatus: "Sent" }] },
  },
  ListUsers: {
    call: (client) => client.listUsers({ AccountId: "team" }),
    answer: { Users: [{ UserId: "ada" }, { UserId: "grace" }, { UserId: "alan" }] },
  },
  GetUser: {
    call: (client) => client.getUser(user),
    answer: {
      User: {
        UserId: "ada",
        AccountId: "team",
        PrimaryEmail: "Ada@team.example",
        DisplayName: "Ada",
        LicenseType: "Basic",
        UserType: "PrivateUser",
        UserRegistrationStatus: "Registered",
        UserInvitationStatus: "Accepted",
        RegisteredOn: expect.any(Date),
        InvitedOn: expect.any(Date),
        AlexaForBusinessMetadata: { IsAlexaForBusinessEnabled: false },
        PersonalPIN: expect.stringMatching(/^\d{10}$/),
      },
    },
  },
  UpdateUser: {
    call: (client) => client.updateUser({ ...user, LicenseType: "Pro" }),
    answer: { User: { UserId: "ada", LicenseType: "Pro" } },
  },
  LogoutUser: { call: (client) => client.logoutUser(user), answer: {} },
  ResetPersonalPIN: {
    call: (client) => client.resetPersonalPIN(user),
    answer: { User: { UserId: "ada", PersonalPIN: expect.stringMatching(/^\d{10}$/) } },
  },
  ListAccounts: {
    call: (client) => client.listAccounts({}),
    answer: { Accounts: ["team", "lwa", "directory", "oidc"].map((AccountId) => ({ AccountId })) },
  },
  GetAccount: {
    call: (client) => client.getAccount({ AccountId: "lwa" }),
    answer: {
      Account: {
        AwsAccountId: "123456789012",
        AccountId: "lwa",
        Name: "lwa",
        AccountType: "EnterpriseLWA",
        CreatedTimestamp: expect.any(Date),
        DefaultLicense: "Basic",
        SupportedLicenses: ["Basic", "Pro"],
        AccountStatus: "Active",
        SigninDelegateGroups: [],
      },
    },
  },
  CreateAccount: {
    call: (client) => client.createAccount({ Name: "Sales" }),
    answer: { Account: { Name: "Sales", AccountType: "Team", AccountStatus: "Active" } },
  },
  UpdateAccount: {
    call: (client) => client.updateAccount({ AccountId: "team", Name: "Crew", DefaultLicense: "Pro" }),
    answer: { Account: { Name: "Crew", DefaultLicense: "Pro" } },
  },
  DeleteAccount: {
    call: async (client) => {
      await client.batchSuspendUser({ AccountId: "team", UserIdList: ["ada", "grace"] });
      return client.deleteAccount({ AccountId: "team" });
    },
    answer: {},
  },
  GetAccountSettings: {
    call: (client) => client.getAccountSettings({ AccountId: "team" }),
    answer: { AccountSettings: { DisableRemoteControl: false, EnableDialOut: true } },
  },
  UpdateAccountSettings: {
    call: (client) => client.updateAccountSettings({ AccountId: "team", AccountSettings: settings }),
    answer: {},
  },
};

describe("the sixteen operations, called by the real client", () => {
  it.each(operationNames)("%s answers with its own status, its shape and a request id", async (operation) => {
    const { chime, client } = await startTestChime();
    const answer = await contract[operation].call(client);
    expect(answer).toMatchObject(contract[operation].answer);
    const [call] = chime.calls.list(operation);
    expect(answer).toMatchObject({
      $metadata: { httpStatusCode: operationTable[operation].successStatus, requestId: call?.requestId },
    });
    expect(call).toMatchObject({ status: operationTable[operation].successStatus, tookEffect: true });
  });

  it("are sixteen", () => {
    expect(Object.keys(contract)).toHaveLength(16);
  });
});
