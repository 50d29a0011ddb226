import type { Account, User } from "@aws-sdk/client-chime";
import type { DirectoryAccount, DirectoryUser, UserStatus } from "../directory.ts";
import { DirectoryError } from "../failure.ts";
import { chimeAnswers } from "./chimeAnswers.ts";
import { isLicenseType } from "./toLicenseType.ts";

/** `undefined` for an entry without an id or an address: there is nothing that could be done about it. */
export function toDirectoryUser(user: User): DirectoryUser | undefined {
  if (!user.UserId || !user.PrimaryEmail) return undefined;
  return {
    userId: user.UserId,
    email: user.PrimaryEmail.toLowerCase(),
    status: toStatus(user),
    licenseType: user.LicenseType,
  };
}

function toStatus(user: User): UserStatus {
  if (user.UserRegistrationStatus === "Registered") return "registered";
  if (user.UserRegistrationStatus === "Suspended") return "suspended";
  return user.UserInvitationStatus === "Pending" ? "invited" : "unregistered";
}

/** Throws `DirectoryError` for an account that the service describes without a type. */
export function toDirectoryAccount(accountId: string, account: Account | undefined): DirectoryAccount {
  const type = account?.AccountType;
  if (account === undefined || type === undefined || !Object.hasOwn(chimeAnswers, type)) {
    throw new DirectoryError({
      class: "unknown",
      code: "UnknownAccountType",
      message: `account ${accountId} has the type ${type ?? "(none)"}; expected one of ${Object.keys(chimeAnswers).join(", ")}`,
    });
  }
  return {
    accountId,
    type,
    active: account.AccountStatus !== "Suspended",
    // Only what the SDK knows too: one foreign license in a call of 20 would fail the call.
    supportedLicenses: (account.SupportedLicenses ?? []).filter(isLicenseType),
    defaultLicense: account.DefaultLicense,
    answers: chimeAnswers[type],
  };
}
