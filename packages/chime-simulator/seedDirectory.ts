import { type Seed, seededFraction } from "@rollcall/simulated-service/seededDraws";
import {
  type AccountSeed,
  addAccount,
  addUser,
  createDirectoryState,
  type DirectoryState,
  type UserSeed,
} from "./directoryState.ts";

/** An account at the start, with its users. */
export interface PopulatedAccount extends AccountSeed {
  /** How many generated people, in the address domain below. Default 0. */
  users?: number;
  /** Default: the account's id with `.example`. */
  emailDomain?: string;
  /** How many of the generated people, the last ones, are `Suspended`. Default 0. */
  suspended?: number;
  /** Named people, after the generated ones. */
  people?: readonly UserSeed[];
}

// The date is fixed, so that the directory depends on the seed alone.
const foundedAt = new Date("2021-03-01T09:00:00.000Z");

const givenNames =
  "Ada Alan Annie Barbara Claude Donald Edsger Frances Grace Hedy Ivan Jean Karen Ken Leslie Margaret".split(
    " ",
  );
const familyNames =
  "Allen Bartik Dijkstra Easley Hamilton Hopper Keller Knuth Lamarr Lamport Liskov Lovelace Shannon Sparck Sutherland Turing".split(
    " ",
  );

/** Creates the accounts and their people, which depend on the arguments alone. 100,000 people take about a second. */
export function seedDirectory(accounts: readonly PopulatedAccount[], seed: Seed): DirectoryState {
  const state = createDirectoryState(seed);
  for (const account of accounts) populate(state, account);
  return state;
}

/**
 * Returns the `ordinal`-th generated person of an account, from 1. A generator of events can name existing people by
 * it. The ordinal makes the address unique.
 */
export function seededPerson(account: PopulatedAccount, ordinal: number, seed: Seed): UserSeed {
  const label = `${account.id}/person/${ordinal}`;
  const given = pick(givenNames, seededFraction(seed, `${label}/given`));
  const family = pick(familyNames, seededFraction(seed, `${label}/family`));
  const domain = account.emailDomain ?? `${account.id.toLowerCase()}.example`;
  return {
    email: `${given}.${family}.${ordinal}@${domain}`.toLowerCase(),
    displayName: `${given} ${family}`,
  };
}

function populate(state: DirectoryState, account: PopulatedAccount): void {
  const record = addAccount(state, account, foundedAt);
  const { users = 0, suspended = 0, people = [] } = account;
  for (let ordinal = 1; ordinal <= users; ordinal += 1) {
    const person = seededPerson(account, ordinal, state.seed);
    const seed: UserSeed = ordinal > users - suspended ? { ...person, registration: "Suspended" } : person;
    addUser(state, record, { ...invitationOf(account, seed), ...seed }, foundedAt);
  }
  for (const person of people) {
    addUser(state, record, { ...invitationOf(account, person), ...person }, foundedAt);
  }
}

/** Fills in the invitation. On a Team account everyone was invited; elsewhere nobody was. */
function invitationOf(account: AccountSeed, person: UserSeed): Partial<UserSeed> {
  if (account.type !== "Team") return {};
  const invitation = person.registration === "Unregistered" ? "Pending" : "Accepted";
  return { invitation, invitedAt: foundedAt };
}

function pick(names: readonly string[], fraction: number): string {
  return names[Math.floor(fraction * names.length)] ?? "Ada";
}
