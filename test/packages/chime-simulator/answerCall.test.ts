import type { Chime } from "@aws-sdk/client-chime";
import { nth, times } from "@rollcall/simulated-service/planCombinators";
import { describe, expect, it } from "vitest";
import { type ExceptionName, exceptions } from "../../../packages/chime-simulator/chimeApi.ts";
import { leftOut, userError, when } from "../../../packages/chime-simulator/faultPlans.ts";
import {
  type OperationName,
  operationNames,
  operationTable,
} from "../../../packages/chime-simulator/operationTable.ts";
import {
  bodyFault,
  exceptionFault,
  resetFault,
  userErrorsFault,
} from "../../../packages/chime-simulator/scriptedFault.ts";
import { failureOf, startTestChime } from "./testChime.ts";

describe("answerCall", () => {
  const suspend = (client: Chime, ...UserIdList: string[]) =>
    client.batchSuspendUser({ AccountId: "lwa", UserIdList });
  const modelled = (Object.keys(exceptions) as ExceptionName[]).filter(
    (name) => name !== "UnknownOperationException" && name !== "SimulatorDefect",
  );

  describe("a call that a fault strikes", () => {
    it.each(modelled)(
      "is refused with %s, named and numbered as the service does, without effect",
      async (name) => {
        const { chime, client } = await startTestChime({ faults: () => exceptionFault(name) });
        const { status } = exceptions[name];
        expect(await failureOf(suspend(client, "ada"))).toEqual({ name, status });
        expect(chime.directory.user("lwa", "ada")?.registration).toBe("Registered");
        expect(chime.calls.list()).toMatchObject([
          { status, errorType: name, tookEffect: false, answered: true },
        ]);
      },
    );

    it("is refused although it took effect, if the script says so", async () => {
      const faults = () => exceptionFault("ServiceFailureException", { takesEffect: true });
      const { chime, client } = await startTestChime({ faults });
      expect(await failureOf(suspend(client, "ada"))).toEqual({
        name: "ServiceFailureException",
        status: 500,
      });
      expect(chime.directory.user("lwa", "ada")?.registration).toBe("Suspended");
      expect(chime.calls.list()).toMatchObject([{ status: 500, tookEffect: true }]);
    });

    it("is named by the body's code where the header is missing, as the SDK does", async () => {
      const faults = () => exceptionFault("ThrottledClientException", { withoutErrorTypeHeader: true });
      const { client } = await startTestChime({ faults });
      expect(await failureOf(suspend(client, "ada"))).toEqual({ name: "Throttled", status: 429 });
    });

    it("can fail by an exception of another name", async () => {
      const faults = () => exceptionFault("BadRequestException", { errorType: "ValidationException" });
      const { client } = await startTestChime({ faults });
      expect(await failureOf(suspend(client, "ada"))).toEqual({ name: "ValidationException", status: 400 });
    });

    it.each([
      ["before", "Registered"],
      ["after", "Suspended"],
    ] as const)("loses its connection %s it takes effect: the user is %s", async (moment, registration) => {
      const { chime, client } = await startTestChime({ faults: () => resetFault(moment) });
      await expect(suspend(client, "ada")).rejects.toMatchObject({ code: "ECONNRESET" });
      expect(chime.directory.user("lwa", "ada")?.registration).toBe(registration);
      const [call] = chime.calls.list();
      expect(call).toMatchObject({ answered: false, tookEffect: moment === "after" });
      expect(call).not.toHaveProperty("status");
    });

    it("is sent again by the SDK when its answer is lost, and then mails twice", async () => {
      const { chime, client } = await startTestChime({ faults: nth(1, resetFault("after")) }, 3);
      const { Invites } = await client.inviteUsers({
        AccountId: "team",
        UserEmailList: ["new@team.example"],
      });
      expect(Invites?.map(({ Status }) => Status)).toEqual(["Pending"]);
      const [first, second, ...others] = chime.calls.list();
      expect([first?.attempt, second?.attempt, second?.maximumAttempts, others]).toEqual([1, 2, 3, []]);
      expect(second?.invocationId).toBe(first?.invocationId);
      expect(chime.calls.mails().map(({ email, sequence }) => [email, sequence])).toEqual([
        ["new@team.example", 1],
        ["new@team.example", 2],
      ]);
    });

    it.each([
      ["{}", undefined],
      ["", undefined],
      ['{"UserErrors":null}', undefined],
    ])("answers 200 with the body %j, which the SDK takes for no errors", async (body, UserErrors) => {
      const { chime, client } = await startTestChime({ faults: () => bodyFault(body) });
      expect((await suspend(client, "ada")).UserErrors).toEqual(UserErrors);
      expect(chime.directory.user("lwa", "ada")?.registration).toBe("Suspended");
    });

    it.each([
      ["null", TypeError],
      ["<html>", SyntaxError],
    ])("answers 200 with the body %j, at which the SDK throws", async (body, error) => {
      const { chime, client } = await startTestChime({ faults: () => bodyFault(body) });
      await expect(suspend(client, "ada")).rejects.toThrow(error);
      expect(chime.calls.list()).toMatchObject([{ status: 200, tookEffect: true }]);
    });

    it("answers with errors of strangers and of nobody, beside its own", async () => {
      const strange = [{ UserId: "stranger", ErrorCode: "Conflict" }, { ErrorCode: "ServiceFailure" }, {}];
      const { chime, client } = await startTestChime({ faults: () => userErrorsFault(strange) });
      const { UserErrors } = await suspend(client, "nobody", "ada");
      expect(UserErrors).toEqual([
        { UserId: "nobody", ErrorCode: "NotFound", ErrorMessage: expect.any(String) },
        ...strange,
      ]);
      expect(chime.directory.user("lwa", "ada")?.registration).toBe("Suspended");
      expect(chime.calls.list().map((call) => call.userErrors)).toEqual([UserErrors]);
    });
  });

  describe("a user whom a fault strikes", () => {
    it("fails alone, by id or by address, as often as scripted", async () => {
      const { chime, client } = await startTestChime({
        faults: times(2, userError("ADA@lwa.example", "Throttled")),
      });
      const codes: unknown[] = [];
      for (let n = 0; n < 3; n += 1) {
        const { UserErrors } = await suspend(client, "grace", "ada");
        codes.push(UserErrors?.map(({ UserId, ErrorCode }) => [UserId, ErrorCode]));
      }
      expect(codes).toEqual([[["ada", "Throttled"]], [["ada", "Throttled"]], []]);
      expect(chime.directory.tally("lwa")).toEqual({ Unregistered: 0, Registered: 0, Suspended: 3 });
    });

    it("is unchanged by the failure, unless the script says otherwise", async () => {
      const { chime, client } = await startTestChime({ faults: userError("ada", "ServiceFailure") });
      await suspend(client, "ada");
      expect(chime.directory.user("lwa", "ada")?.registration).toBe("Registered");
      chime.faults.clear();
      chime.faults.add(userError("ada", "ServiceFailure", { takesEffect: true, message: "Sorry." }));
      const { UserErrors } = await suspend(client, "ada");
      expect(UserErrors).toEqual([{ UserId: "ada", ErrorCode: "ServiceFailure", ErrorMessage: "Sorry." }]);
      expect(chime.directory.user("lwa", "ada")?.registration).toBe("Suspended");
    });

    it("may be passed over in silence", async () => {
      const { chime, client } = await startTestChime({ faults: leftOut("ada") });
      expect((await suspend(client, "ada", "grace")).UserErrors).toEqual([]);
      expect(chime.directory.users("lwa").map(({ registration }) => registration)).toEqual([
        "Registered",
        "Suspended",
        "Suspended",
      ]);
    });

    it.each([
      ["Throttling", { name: "ThrottledClientException", status: 429 }],
      ["NotFound", { name: "NotFoundException", status: 404 }],
      ["PreconditionFailed", { name: "BadRequestException", status: 400 }],
    ])("fails an operation on one user by the exception of the code %s", async (code, failure) => {
      const { chime, client } = await startTestChime({ faults: userError("ada", code) });
      expect(await failureOf(client.logoutUser({ AccountId: "lwa", UserId: "ada" }))).toEqual(failure);
      expect(chime.directory.user("lwa", "ada")?.signedIn).toBe(true);
    });

    it("may be signed out although the operation says that it failed", async () => {
      const faults = userError("ada", "ServiceFailure", { takesEffect: true });
      const { chime, client } = await startTestChime({ faults });
      const logout = client.logoutUser({ AccountId: "lwa", UserId: "ada" });
      expect(await failureOf(logout)).toEqual({ name: "ServiceFailureException", status: 500 });
      expect(chime.directory.user("lwa", "ada")?.signedIn).toBe(false);
      expect(chime.calls.list()).toMatchObject([{ status: 500, tookEffect: true }]);
    });
  });

  describe("the faults in force", () => {
    it("can be added, taken away one by one and cleared", async () => {
      const { chime, client } = await startTestChime({ faults: userError("ada", "Conflict") });
      const remove = chime.faults.add(when({ carries: "grace" }, exceptionFault("ForbiddenException")));
      expect(await failureOf(suspend(client, "grace"))).toEqual({ name: "ForbiddenException", status: 403 });
      remove();
      expect((await suspend(client, "grace", "ada")).UserErrors).toHaveLength(1);
      chime.faults.clear();
      expect((await suspend(client, "grace", "ada")).UserErrors).toEqual([]);
    });

    it("show a plan that throws as a defect, which the SDK does not retry", async () => {
      const faults = () => {
        throw new Error("no such user");
      };
      const { chime, client } = await startTestChime({ faults }, 3);
      await expect(suspend(client, "ada")).rejects.toThrow(/A fault plan .* threw on call 1.*no such user/s);
      expect(chime.calls.list()).toMatchObject([
        { status: 501, errorType: "SimulatorDefect", tookEffect: false },
      ]);
    });
  });
});

describe("operations", () => {
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
    it.each(operationNames)(
      "%s answers with its own status, its shape and a request id",
      async (operation) => {
        const { chime, client } = await startTestChime();
        const answer = await contract[operation].call(client);
        expect(answer).toMatchObject(contract[operation].answer);
        const [call] = chime.calls.list(operation);
        expect(answer).toMatchObject({
          $metadata: { httpStatusCode: operationTable[operation].successStatus, requestId: call?.requestId },
        });
        expect(call).toMatchObject({ status: operationTable[operation].successStatus, tookEffect: true });
      },
    );

    it("are sixteen", () => {
      expect(Object.keys(contract)).toHaveLength(16);
    });
  });
});
