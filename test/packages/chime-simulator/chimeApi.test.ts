import * as sdk from "@aws-sdk/client-chime";
import { describe, expect, it } from "vitest";
import * as ours from "../../../packages/chime-simulator/chimeApi.ts";
import { exceptions } from "../../../packages/chime-simulator/chimeApi.ts";

describe("the vocabulary", () => {
  it.each([
    ["licenses", ours.licenses, sdk.License],
    ["user types", ours.userTypes, sdk.UserType],
    ["account types", ours.accountTypes, sdk.AccountType],
    ["account statuses", ours.accountStatuses, sdk.AccountStatus],
    ["registration statuses", ours.registrationStatuses, sdk.RegistrationStatus],
    ["invite statuses", ours.inviteStatuses, sdk.InviteStatus],
    ["e-mail statuses", ours.emailStatuses, sdk.EmailStatus],
    ["user error codes", ours.userErrorCodes, sdk.ErrorCode],
  ])("names the same %s as the SDK", (_, words, sdkEnum) => {
    expect([...words].sort()).toEqual(Object.values(sdkEnum).sort());
  });

  it("names every exception of the SDK, besides its own two", () => {
    const named = Object.keys(sdk).filter(
      (name) => /^[A-Z].*Exception$/.test(name) && !name.startsWith("Chime"),
    );
    expect(Object.keys(exceptions).sort()).toEqual(
      [...named, "SimulatorDefect", "UnknownOperationException"].sort(),
    );
  });
});
