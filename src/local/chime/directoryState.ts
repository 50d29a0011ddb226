import { type Account, type AccountSeed, toAccount } from "./account.ts";
import { type Seed, seededUuid } from "./seededValues.ts";
import { toUser, type User, type UserSeed } from "./user.ts";

/** One account and its users. */
export interface AccountRecord {
  account: Account;
  /** In the order of arrival, which is the order of ListUsers. A removed user leaves a hole, so that page
   * tokens, which are places in this list, stay valid. */
  readonly users: (User | undefined)[];
  readonly placeById: Map<string, number>;
  /** By lower-cased address: Chime compares addresses without regard to case. */
  readonly placeByEmail: Map<string, number>;
}

/** Everything that the simulated service remembers. Lookups take constant time, so 100,000 users are no burden. */
export interface DirectoryState {
  readonly seed: Seed;
  readonly accounts: Map<string, AccountRecord>;
  /** How many came by CreateAccount, the deleted ones too: an id is never given out twice. */
  createdAccounts: number;
}

export function createDirectoryState(seed: Seed): DirectoryState {
  return { seed, accounts: new Map(), createdAccounts: 0 };
}

/** @throws if the id is taken. */
export function addAccount(state: DirectoryState, seed: AccountSeed, createdAt: Date): AccountRecord {
  if (state.accounts.has(seed.id)) throw new Error(`Account ${seed.id} exists already. Choose another id.`);
  const record: AccountRecord = {
    account: toAccount(seed, createdAt),
    users: [],
    placeById: new Map(),
    placeByEmail: new Map(),
  };
  state.accounts.set(seed.id, record);
  return record;
}

/** @throws if the account has a user of that id or address. */
export function addUser(state: DirectoryState, record: AccountRecord, seed: UserSeed, at: Date): User {
  const { account } = record;
  const user = toUser(seed, {
    id: freeUserId(state, record, seed.email),
    license: account.defaultLicense,
    at,
    randomSeed: state.seed,
  });
  if (findById(record, user.id) !== undefined || findByEmail(record, user.email) !== undefined) {
    throw new Error(`Account ${account.id} has a user ${user.id} or ${user.email} already. Change that one.`);
  }
  index(record, user, record.users.length);
  return user;
}

export function findById(record: AccountRecord, userId: string): User | undefined {
  return at(record, record.placeById.get(userId));
}

export function findByEmail(record: AccountRecord, email: string): User | undefined {
  return at(record, record.placeByEmail.get(email.toLowerCase()));
}

/**
 * Puts a changed user in the place of the one with the same id.
 * @throws if the id is unknown, or if the new address belongs to another user of the account.
 */
export function replaceUser(record: AccountRecord, user: User): User {
  const place = record.placeById.get(user.id);
  const former = at(record, place);
  if (place === undefined || former === undefined) {
    throw new Error(`Account ${record.account.id} has no user ${user.id}. Add the user first.`);
  }
  const holder = findByEmail(record, user.email);
  if (holder !== undefined && holder.id !== user.id) {
    throw new Error(`The address ${user.email} belongs to user ${holder.id}. Change that one first.`);
  }
  record.placeByEmail.delete(former.email.toLowerCase());
  index(record, user, place);
  return user;
}

/** Forgets a user, as if the person had never been there; the id is not given out again. */
export function removeUser(record: AccountRecord, user: User): void {
  const place = record.placeById.get(user.id);
  if (place === undefined) return;
  record.users[place] = undefined;
  record.placeByEmail.delete(user.email.toLowerCase());
}

function index(record: AccountRecord, user: User, place: number): void {
  record.users[place] = user;
  record.placeById.set(user.id, place);
  record.placeByEmail.set(user.email.toLowerCase(), place);
}

function at(record: AccountRecord, place: number | undefined): User | undefined {
  return place === undefined ? undefined : record.users[place];
}

/** From the address and not from a counter, so that the order of arrival does not change anyone's id. */
function freeUserId(state: DirectoryState, record: AccountRecord, email: string): string {
  for (let generation = 1; ; generation += 1) {
    const label = `${record.account.id}/${email.toLowerCase()}/${generation}`;
    const id = seededUuid(state.seed, label);
    if (!record.placeById.has(id)) return id;
  }
}
