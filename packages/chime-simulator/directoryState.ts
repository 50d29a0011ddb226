import { type Seed, seededFraction, seededUuid } from "@rollcall/simulated-service/seededDraws";
import type {
  AccountStatus,
  AccountType,
  InviteStatus,
  License,
  RegistrationStatus,
  UserType,
} from "./chimeApi.ts";

/** One account and its users. */
export interface AccountRecord {
  account: Account;
  /**
   * Users in the order of arrival, which is the order of ListUsers. A removed user leaves a hole, because page tokens
   * are positions in this list.
   */
  readonly users: (User | undefined)[];
  readonly placeById: Map<string, number>;
  /**
   * By lower-cased address, because Chime compares addresses without regard to case. Usually one place: a suspended user and
   * the one who was invited anew in their stead may share an address.
   */
  readonly placesByEmail: Map<string, readonly number[]>;
}

/** The simulator's whole state. Look-ups take constant time, so 100,000 users are no burden. */
export interface DirectoryState {
  readonly seed: Seed;
  readonly accounts: Map<string, AccountRecord>;
  /** How many accounts CreateAccount has made, deleted ones included: an id is never used twice. */
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
    placesByEmail: new Map(),
  };
  state.accounts.set(seed.id, record);
  return record;
}

/** @throws if the account has a user of that id, or of that address where the seed names no id of its own. */
export function addUser(state: DirectoryState, record: AccountRecord, seed: UserSeed, at: Date): User {
  const { account } = record;
  const user = toUser(seed, {
    id: freeUserId(state, record, seed.email),
    license: account.defaultLicense,
    at,
    randomSeed: state.seed,
  });
  const sharesAddress = seed.id === undefined && findByEmail(record, user.email) !== undefined;
  if (findById(record, user.id) !== undefined || sharesAddress) {
    throw new Error(
      `Account ${account.id} has a user ${user.id} or ${user.email} already. Change that one, or give the new one an id.`,
    );
  }
  index(record, user, record.users.length);
  return user;
}

/** Adds a user beside the one who is suspended under the same address. */
export function addSuccessor(state: DirectoryState, record: AccountRecord, seed: UserSeed, at: Date): User {
  return addUser(state, record, { ...seed, id: freeUserId(state, record, seed.email) }, at);
}

export function findById(record: AccountRecord, userId: string): User | undefined {
  return at(record, record.placeById.get(userId));
}

/** The user of an address; of several the one who is not suspended. */
export function findByEmail(record: AccountRecord, email: string): User | undefined {
  const users = findAllByEmail(record, email);
  return users.find(({ registration }) => registration !== "Suspended") ?? users[0];
}

/** All users of an address, in the order of arrival. */
export function findAllByEmail(record: AccountRecord, email: string): User[] {
  return placesOf(record, email).flatMap((place) => at(record, place) ?? []);
}

function placesOf({ placesByEmail }: AccountRecord, email: string): readonly number[] {
  return placesByEmail.get(email.toLowerCase()) ?? [];
}

/**
 * Replaces the user of the same id.
 * @throws if the id is unknown, or if the new address belongs to another user of the account.
 */
export function replaceUser(record: AccountRecord, user: User): User {
  const place = record.placeById.get(user.id);
  const former = at(record, place);
  if (place === undefined || former === undefined) {
    throw new Error(`Account ${record.account.id} has no user ${user.id}. Add the user first.`);
  }
  const isMoved = former.email.toLowerCase() !== user.email.toLowerCase();
  const holder = findByEmail(record, user.email);
  if (isMoved && holder !== undefined) {
    throw new Error(`The address ${user.email} belongs to user ${holder.id}. Change that one first.`);
  }
  removeAddress(record, former, place);
  index(record, user, place);
  return user;
}

/** Removes a user. The id is not used again. */
export function removeUser(record: AccountRecord, user: User): void {
  const place = record.placeById.get(user.id);
  if (place === undefined) return;
  record.users[place] = undefined;
  removeAddress(record, user, place);
}

function removeAddress(record: AccountRecord, { email }: User, place: number): void {
  const others = placesOf(record, email).filter((other) => other !== place);
  if (others.length === 0) record.placesByEmail.delete(email.toLowerCase());
  else record.placesByEmail.set(email.toLowerCase(), others);
}

function index(record: AccountRecord, user: User, place: number): void {
  record.users[place] = user;
  record.placeById.set(user.id, place);
  const places = [...placesOf(record, user.email), place];
  record.placesByEmail.set(
    user.email.toLowerCase(),
    places.sort((a, b) => a - b),
  );
}

function at(record: AccountRecord, place: number | undefined): User | undefined {
  return place === undefined ? undefined : record.users[place];
}

/** Derives the id from the address and not from a counter, so it does not depend on the order of arrival. */
function freeUserId(state: DirectoryState, record: AccountRecord, email: string): string {
  for (let generation = 1; ; generation += 1) {
    const label = `${record.account.id}/${email.toLowerCase()}/${generation}`;
    const id = seededUuid(state.seed, label);
    if (!record.placeById.has(id)) return id;
  }
}

/** A user as the simulator stores it. It is never changed in place, so a test may keep what it read. */
export interface User {
  readonly id: string;
  readonly email: string;
  readonly displayName: string;
  readonly license: License;
  readonly type: UserType;
  readonly registration: RegistrationStatus;
  /** Absent for a user who was never invited, as on an enterprise account. */
  readonly invitation?: InviteStatus;
  readonly registeredAt?: Date;
  readonly invitedAt?: Date;
  readonly personalPin: string;
  /** Whether a client of this user is signed in. LogoutUser ends that, and on EnterpriseLWA a suspension does. */
  readonly signedIn: boolean;
  readonly alexaForBusiness: AlexaForBusiness;
}

/** The `AlexaForBusinessMetadata` of the API, stored as it was sent. */
interface AlexaForBusiness {
  IsAlexaForBusinessEnabled?: boolean | undefined;
  AlexaForBusinessRoomArn?: string | undefined;
}

/** The fields of a new user; all but the address have defaults. */
export type UserSeed = { email: string } & Partial<Omit<User, "email">>;

/** Fills in the defaults of a new user, who is registered and signed in unless the seed says otherwise. */
function toUser(seed: UserSeed, given: { id: string; license: License; at: Date; randomSeed: Seed }): User {
  const id = seed.id ?? given.id;
  const registration = seed.registration ?? "Registered";
  const registered = registration === "Unregistered" ? {} : { registeredAt: given.at };
  return {
    displayName: seed.email.split("@")[0] ?? seed.email,
    license: given.license,
    type: "PrivateUser",
    personalPin: seededPin(given.randomSeed, id),
    signedIn: registration === "Registered",
    alexaForBusiness: { IsAlexaForBusinessEnabled: false },
    ...registered,
    ...seed,
    id,
    registration,
  };
}

/** Returns a personal meeting PIN: ten digits, the first not zero. */
export function seededPin(seed: Seed, label: string): string {
  return String(1e9 + Math.floor(seededFraction(seed, label) * 9e9));
}

/**
 * Translates a user into the API's `User`.
 * https://docs.aws.amazon.com/chime/latest/APIReference/API_User.html
 */
export function toWireUser(user: User, accountId: string) {
  return {
    UserId: user.id,
    AccountId: accountId,
    PrimaryEmail: user.email,
    DisplayName: user.displayName,
    LicenseType: user.license,
    UserType: user.type,
    UserRegistrationStatus: user.registration,
    // JSON leaves out undefined fields, as the service leaves out unknown ones.
    UserInvitationStatus: user.invitation,
    RegisteredOn: user.registeredAt?.toISOString(),
    InvitedOn: user.invitedAt?.toISOString(),
    AlexaForBusinessMetadata: user.alexaForBusiness,
    PersonalPIN: user.personalPin,
  };
}

/** An account as the simulator stores it. */
export interface Account {
  readonly id: string;
  readonly awsAccountId: string;
  readonly name: string;
  readonly type: AccountType;
  readonly status: AccountStatus;
  readonly defaultLicense: License;
  readonly supportedLicenses: readonly License[];
  readonly createdAt: Date;
  readonly disableRemoteControl: boolean;
  readonly enableDialOut: boolean;
  /** See `suspendedTeamUsers` in the settings. */
  readonly suspendedUsers?: "listed" | "absent";
}

/** The fields of a new account; all but id and type have defaults. */
export interface AccountSeed {
  id: string;
  type: AccountType;
  name?: string;
  status?: AccountStatus;
  /** Default: the first supported license. */
  defaultLicense?: License;
  /** Default: Basic and Pro. */
  supportedLicenses?: readonly License[];
  /** How its suspended users appear, if otherwise than the settings say for all Team accounts. */
  suspendedUsers?: "listed" | "absent";
}

const awsAccountId = "123456789012";

/** @throws if the default license is not among the supported ones: no such account exists. */
function toAccount(seed: AccountSeed, createdAt: Date): Account {
  const supportedLicenses = seed.supportedLicenses ?? ["Basic", "Pro"];
  const defaultLicense = seed.defaultLicense ?? supportedLicenses[0];
  if (defaultLicense === undefined || !supportedLicenses.includes(defaultLicense)) {
    throw new Error(
      `Account ${seed.id}: expected a default license among [${supportedLicenses.join(", ")}], got ${defaultLicense}. Add it to supportedLicenses.`,
    );
  }
  return {
    id: seed.id,
    awsAccountId,
    name: seed.name ?? seed.id,
    type: seed.type,
    status: seed.status ?? "Active",
    defaultLicense,
    supportedLicenses,
    createdAt,
    disableRemoteControl: false,
    enableDialOut: true,
    ...(seed.suspendedUsers !== undefined && { suspendedUsers: seed.suspendedUsers }),
  };
}

/**
 * Translates an account into the API's `Account`.
 * https://docs.aws.amazon.com/chime/latest/APIReference/API_Account.html
 */
export function toWireAccount(account: Account) {
  return {
    AwsAccountId: account.awsAccountId,
    AccountId: account.id,
    Name: account.name,
    AccountType: account.type,
    CreatedTimestamp: account.createdAt.toISOString(),
    DefaultLicense: account.defaultLicense,
    SupportedLicenses: account.supportedLicenses,
    AccountStatus: account.status,
    SigninDelegateGroups: [],
  };
}
