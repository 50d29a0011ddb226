import { chimeCapabilities, chimeUsersPerPage } from "../../src/directory/chime/chimeCapabilities.ts";
import {
  type BatchOperation,
  type CallEntry,
  type DirectoryAccount,
  DirectoryError,
  type DirectoryUser,
  type Failure,
  type UserPage,
  userOfAddress,
} from "../../src/directory/directory.ts";

/** An account to begin with; what is left out is as usual. */
export interface FakeAccount extends Partial<Omit<DirectoryAccount, "accountId" | "type" | "capabilities">> {
  accountId: string;
  type: keyof typeof chimeCapabilities;
  users?: readonly DirectoryUser[];
}

export interface AccountState {
  account: DirectoryAccount;
  /** By user id, in the order of arrival, which is the order of pages. */
  users: Map<string, DirectoryUser>;
}

export function toState({ users = [], ...account }: FakeAccount): AccountState {
  const usual = { active: true, supportedLicenses: ["Basic", "Pro"], defaultLicense: "Basic" };
  return {
    account: { ...usual, capabilities: chimeCapabilities[account.type], ...account },
    users: new Map(users.map((user) => [user.userId, user])),
  };
}

export function pageOf({ users }: AccountState, pageToken = "0"): UserPage {
  const start = Number(pageToken);
  const end = start + chimeUsersPerPage;
  return {
    users: [...users.values()].slice(start, end),
    nextPageToken: end < users.size ? String(end) : undefined,
  };
}

export function findByEmail({ users }: AccountState, email: string): DirectoryUser | undefined {
  return userOfAddress([...users.values()].filter((user) => user.email === email.toLowerCase()));
}

/** Throws where the account as a whole is in the way: it is suspended, or its type has no such operation. */
export function refuseByAccount({ account }: AccountState, operation: BatchOperation | "read"): void {
  const { accountId, active, capabilities, type } = account;
  if (!active) {
    const message = `account ${accountId} is suspended`;
    throw new DirectoryError({ class: "configuration", code: "ForbiddenException", message });
  }
  const offered = Object.values(capabilities).flatMap((answer) =>
    answer.kind === "call" ? [answer.operation, ...(answer.postSuspensionActions ?? [])] : [],
  );
  if (operation === "read" || offered.includes(operation)) return;
  const message = `account ${accountId} of type ${type} has no ${operation}`;
  throw new DirectoryError({ class: "invalidCall", code: "BadRequestException", message });
}

/** Does to one target what the operation does; a failure is that target's own. */
export function change(
  state: AccountState,
  operation: BatchOperation,
  { target, licenseType }: CallEntry,
): Failure | undefined {
  if (operation === "invite") return invite(state, target.toLowerCase());
  const user = state.users.get(target);
  if (user === undefined) {
    const isAlone = operation === "signOut" || operation === "resetPin";
    const code = isAlone ? "NotFoundException" : "NotFound";
    return { class: "noSuchUser", code, message: `there is no user ${target}` };
  }
  switch (operation) {
    case "suspend":
      state.users.set(target, { ...user, status: "suspended" });
      return undefined;
    // Who was signed out, and got a PIN, the calls tell.
    case "signOut":
    case "resetPin":
      return undefined;
    case "unsuspend":
      if (user.status === "suspended") state.users.set(target, { ...user, status: "registered" });
      return undefined;
    case "updateLicense":
      if (!state.account.supportedLicenses.includes(licenseType ?? ""))
        return {
          class: "permanent",
          code: "BadRequest",
          message: `the account has no license ${licenseType}`,
        };
      state.users.set(target, { ...user, licenseType });
      return undefined;
  }
}

/** A suspended user is let in again, as the user was; a registered one stays. */
function invite(state: AccountState, email: string): undefined {
  const user = findByEmail(state, email);
  const userId = user?.userId ?? `id-of-${email}`;
  const licenseType = user?.licenseType ?? state.account.defaultLicense;
  const status = user === undefined || user.status === "unregistered" ? "invited" : user.status;
  state.users.set(userId, {
    userId,
    email,
    licenseType,
    status: status === "suspended" ? "registered" : status,
  });
}
