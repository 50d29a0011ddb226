import { type RegistrationStatus, registrationStatuses } from "./chimeApi.ts";
import {
  type Account,
  type AccountRecord,
  type AccountSeed,
  addAccount,
  addUser,
  type DirectoryState,
  findByEmail,
  findById,
  removeUser,
  replaceUser,
  type User,
  type UserSeed,
} from "./directoryState.ts";

/** Lets a test read and change the directory without the API. The values that it returns never change later. */
export interface DirectoryAccess {
  accounts(): Account[];
  /** @throws if the account is unknown; so do all methods below. */
  account(accountId: string): Account;
  addAccount(seed: AccountSeed): Account;
  changeAccount(accountId: string, change: Partial<Omit<Account, "id">>): Account;
  /** In the order of ListUsers. */
  users(accountId: string): User[];
  user(accountId: string, idOrEmail: string): User | undefined;
  addUser(accountId: string, seed: UserSeed): User;
  /** @throws if the user is unknown, or if the new address is taken. */
  changeUser(accountId: string, idOrEmail: string, change: Partial<Omit<User, "id">>): User;
  /** @throws if the user is unknown. */
  removeUser(accountId: string, idOrEmail: string): void;
  /** How many users stand in each registration status. */
  tally(accountId: string): Record<RegistrationStatus, number>;
}

export function openDirectory(state: DirectoryState, now: () => number): DirectoryAccess {
  const record = (accountId: string) => expectAccount(state, accountId);
  const users = (accountId: string) => record(accountId).users.filter((user) => user !== undefined);
  return {
    accounts: () => [...state.accounts.values()].map(({ account }) => account),
    account: (accountId) => record(accountId).account,
    addAccount: (seed) => addAccount(state, seed, new Date(now())).account,
    changeAccount: (accountId, change) => {
      const changed = record(accountId);
      changed.account = { ...changed.account, ...change };
      return changed.account;
    },
    users,
    user: (accountId, idOrEmail) => findUser(record(accountId), idOrEmail),
    addUser: (accountId, seed) => addUser(state, record(accountId), seed, new Date(now())),
    changeUser: (accountId, idOrEmail, change) =>
      replaceUser(record(accountId), { ...expectUser(record(accountId), idOrEmail), ...change }),
    removeUser: (accountId, idOrEmail) =>
      removeUser(record(accountId), expectUser(record(accountId), idOrEmail)),
    tally: (accountId) => tally(users(accountId)),
  };
}

function findUser(record: AccountRecord, idOrEmail: string): User | undefined {
  return findById(record, idOrEmail) ?? findByEmail(record, idOrEmail);
}

function expectAccount(state: DirectoryState, accountId: string): AccountRecord {
  const record = state.accounts.get(accountId);
  if (record !== undefined) return record;
  const known = [...state.accounts.keys()].join(", ");
  throw new Error(`Expected one of the accounts [${known}], got ${accountId}. Add it first.`);
}

function expectUser(record: AccountRecord, idOrEmail: string): User {
  const user = findUser(record, idOrEmail);
  if (user !== undefined) return user;
  throw new Error(
    `Expected the id or address of a user of account ${record.account.id}, got ${idOrEmail}. Add the user first.`,
  );
}

function tally(users: readonly User[]): Record<RegistrationStatus, number> {
  const count = (status: RegistrationStatus) => users.filter((user) => user.registration === status).length;
  const [unregistered, registered, suspended] = registrationStatuses;
  return {
    [unregistered]: count(unregistered),
    [registered]: count(registered),
    [suspended]: count(suspended),
  };
}
