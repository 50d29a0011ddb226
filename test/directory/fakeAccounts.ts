import {
  chimeAccountTypes,
  chimeLimits,
  chimeUsersPerPage,
} from "../../src/directory/chime/chimeCapabilities.ts";
import {
  type CallEntry,
  type DirectoryAccount,
  DirectoryError,
  type DirectoryUser,
  type Failure,
  type Operation,
  type UserKeys,
  type UserPage,
  userOfAddress,
} from "../../src/directory/directory.ts";

/** An account to begin with; what is left out is as usual. */
export interface FakeAccount
  extends Partial<Omit<DirectoryAccount, "accountId" | "type" | "capabilities" | "postSuspensionActions">> {
  accountId: string;
  type: keyof typeof chimeAccountTypes;
  users?: readonly DirectoryUser[];
  /** In place of those of the type. */
  capabilities?: DirectoryAccount["capabilities"];
  /** The service keeps HR's ids of people, finds users by all keys, and tells the id of whom it creates. */
  knowsIds?: boolean;
}

export interface AccountState {
  account: DirectoryAccount;
  knowsIds: boolean;
  /** By user id, in the order of arrival, which is the order of pages. */
  users: Map<string, DirectoryUser>;
}

export function toState({ users = [], knowsIds = false, ...account }: FakeAccount): AccountState {
  const usual = {
    active: true,
    limits: chimeLimits,
    licenses: ["Basic", "Pro"],
    defaultLicense: "Basic",
    suspension: "reversible",
  } as const;
  return {
    account: { ...usual, ...chimeAccountTypes[account.type], ...account },
    knowsIds,
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

/** By all keys, where the service knows them: else by address. */
export function findByKeys(
  state: AccountState,
  { userId, externalId, email }: UserKeys,
): DirectoryUser | undefined {
  if (!state.knowsIds) return findByEmail(state, email);
  const byId = userId === undefined ? undefined : state.users.get(userId);
  const byExternalId = [...state.users.values()].find(
    (user) => externalId !== undefined && user.externalId === externalId,
  );
  return byId ?? byExternalId ?? findByEmail(state, email);
}

/** Throws where the account as a whole is in the way: it is suspended, or its type has no such operation. */
export function refuseByAccount({ account }: AccountState, operation: Operation | "read"): void {
  const { accountId, active, capabilities, postSuspensionActions, type } = account;
  if (!active) {
    const message = `account ${accountId} is suspended`;
    throw new DirectoryError({ class: "configuration", code: "ForbiddenException", message });
  }
  const offered = Object.values(capabilities)
    .flatMap((answers) => Object.values(answers))
    .flatMap((answer) => (answer.kind === "call" ? [answer.operation] : []));
  if (operation === "read" || [...offered, ...postSuspensionActions].includes(operation)) return;
  const message = `account ${accountId} of type ${type} has no ${operation}`;
  throw new DirectoryError({ class: "invalidCall", code: "BadRequestException", message });
}

/** Does to one target what the operation does; a failure is that target's own. */
export function change(
  state: AccountState,
  operation: Operation,
  { target, license, externalId }: CallEntry,
): Failure | undefined {
  if (operation === "create") return invite(state, target.toLowerCase(), externalId);
  const user = state.users.get(target);
  if (user === undefined) {
    const isAlone = operation === "signOut" || operation === "resetPin";
    const code = isAlone ? "NotFoundException" : "NotFound";
    return { class: "noSuchUser", code, message: `there is no user ${target}` };
  }
  switch (operation) {
    case "suspend":
      state.users.set(target, { ...user, state: "suspended" });
      return undefined;
    // Who was signed out, and got a PIN, the calls tell.
    case "signOut":
    case "resetPin":
      return undefined;
    case "unsuspend":
      if (user.state === "suspended") state.users.set(target, { ...user, state: "active" });
      return undefined;
    case "setLicense":
      if (!hasLicense(state.account, license))
        return {
          class: "permanent",
          code: "BadRequest",
          message: `the account has no license ${license}`,
        };
      state.users.set(target, { ...user, license });
      return undefined;
  }
}

function hasLicense({ licenses }: DirectoryAccount, license = ""): boolean {
  return licenses === "unknown" || licenses.includes(license);
}

/** A suspended user is let in again, as the user was; a registered one stays. */
function invite(state: AccountState, email: string, externalId: string | undefined): undefined {
  const user = findByEmail(state, email);
  const userId = user?.userId ?? `id-of-${email}`;
  const license = user?.license ?? state.account.defaultLicense;
  const before = user === undefined || user.state === "lapsed" ? "invited" : user.state;
  state.users.set(userId, {
    userId,
    email,
    license,
    state: before === "suspended" ? "active" : before,
    ...(state.knowsIds && externalId !== undefined && { externalId }),
    type: "person",
  });
}
