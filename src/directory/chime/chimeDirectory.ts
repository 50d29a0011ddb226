import {
  type Account,
  type ChimeClient,
  GetAccountCommand,
  ListUsersCommand,
  type ListUsersCommandOutput,
  type User,
} from "@aws-sdk/client-chime";
import {
  type CallBudget,
  checkCall,
  type Directory,
  type DirectoryAccount,
  DirectoryError,
  type DirectoryUser,
  userOfAddress,
} from "../directory.ts";
import { sendBatch } from "./chimeCalls.ts";
import { chimeAccountTypes, chimeLimits, chimeUsersPerPage, isLicenseType } from "./chimeCapabilities.ts";
import { toDirectoryError } from "./chimeFailures.ts";

export interface ChimeClients {
  /** Retries throttles and network faults by itself. */
  retrying: ChimeClient;
  /** Makes one attempt: for invitations, which have no idempotency token, so that a retry may mail twice. */
  single: ChimeClient;
}

/** Amazon Chime as a directory, which finds users by address alone. Every method throws `DirectoryError`, and no other error of the SDK. */
export function chimeDirectory({ retrying, single }: ChimeClients): Directory {
  return {
    getAccount: (accountId, budget) =>
      translated(async () => {
        const { Account } = await retrying.send(
          new GetAccountCommand({ AccountId: accountId }),
          within(budget),
        );
        return toDirectoryAccount(accountId, Account);
      }),
    listUsers: (accountId, pageToken, budget) =>
      translated(async () => {
        const page = await retrying.send(
          new ListUsersCommand({ AccountId: accountId, MaxResults: chimeUsersPerPage, NextToken: pageToken }),
          within(budget),
        );
        return { users: usersOf(page), nextPageToken: page.NextToken || undefined };
      }),
    findUser: (accountId, { email }, budget) =>
      translated(async () => {
        const page = await retrying.send(
          new ListUsersCommand({ AccountId: accountId, UserEmail: email }),
          within(budget),
        );
        return userOfAddress(usersOf(page).filter((user) => user.email === email.toLowerCase()));
      }),
    perform: async (call, budget) => {
      checkCall(call, chimeLimits);
      const client = call.operation === "create" ? single : retrying;
      return translated(() => sendBatch(client, call, within(budget)));
    },
  };
}

function usersOf(page: ListUsersCommandOutput): DirectoryUser[] {
  return (page.Users ?? []).map(toDirectoryUser).filter((user) => user !== undefined);
}

/** The SDK's own retries stop when the budget is spent. */
function within({ milliseconds }: CallBudget): { abortSignal: AbortSignal } {
  return { abortSignal: AbortSignal.timeout(Math.max(1, Math.floor(milliseconds))) };
}

async function translated<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw toDirectoryError(error);
  }
}

/** Returns `undefined` for an entry without an id or an address, because no call can name it. */
export function toDirectoryUser(user: User): DirectoryUser | undefined {
  if (!user.UserId || !user.PrimaryEmail) return undefined;
  return {
    userId: user.UserId,
    email: user.PrimaryEmail.toLowerCase(),
    state: toState(user),
    license: user.LicenseType,
    type: user.UserType === "SharedDevice" ? "device" : "person",
  };
}

function toState(user: User): DirectoryUser["state"] {
  if (user.UserRegistrationStatus === "Registered") return "active";
  if (user.UserRegistrationStatus === "Suspended") return "suspended";
  return user.UserInvitationStatus === "Pending" ? "invited" : "lapsed";
}

/** Throws `DirectoryError` for an account that the service describes without a type. */
export function toDirectoryAccount(accountId: string, account: Account | undefined): DirectoryAccount {
  const type = account?.AccountType;
  if (account === undefined || type === undefined || !Object.hasOwn(chimeAccountTypes, type)) {
    throw new DirectoryError({
      class: "unknown",
      code: "UnknownAccountType",
      message: `account ${accountId} has the type ${type ?? "(none)"}; expected one of ${Object.keys(chimeAccountTypes).join(", ")}`,
    });
  }
  return {
    accountId,
    type,
    active: account.AccountStatus !== "Suspended",
    // Only licenses that the SDK knows too: one foreign license would fail a call of 20.
    licenses: (account.SupportedLicenses ?? []).filter(isLicenseType),
    defaultLicense: account.DefaultLicense,
    limits: chimeLimits,
    suspension: "reversible",
    ...chimeAccountTypes[type],
  };
}
