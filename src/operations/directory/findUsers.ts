import type { Administration, UserDetails } from "../../directory/administration.ts";
import {
  type CallBudget,
  type Directory,
  DirectoryError,
  type DirectoryUser,
  type Failure,
  type UserKeys,
} from "../../directory/directory.ts";
import type { History, PersonHistory } from "../../ledger/personHistory.ts";
import { findPeople, isAddress } from "../inspectPerson.ts";

/** What is asked to find somebody: the directories, and the ledger for the addresses of a person. */
export interface FindUsersPorts {
  directory: Pick<Directory, "findUser">;
  administration: Pick<Administration, "readUser">;
  history: Pick<History, "ofPerson" | "peopleAt">;
  /** Ids of the accounts that are asked. */
  accounts: readonly string[];
}

export interface FoundUsers {
  /** Whom the ledger knows by what was asked. */
  people: PersonHistory[];
  /** By account, in the order of the accounts. */
  answers: AccountAnswer[];
}

/** What one account's directory says. */
export type AccountAnswer = { accountId: string } & (
  | { kind: "found"; user: UserDetails }
  | { kind: "absent" }
  | { kind: "failed"; failure: Failure }
);

/** Somebody waits for it, and a look-up may take several requests. */
export const userBudget: CallBudget = { milliseconds: 30_000 };

/**
 * Finds the users of a person's id, an e-mail address or a directory's own id, in every account that is asked. A person whom the ledger
 * knows is looked for by id and latest addresses; what nobody is known by is taken for a user's id. Throws what the ledger throws.
 */
export async function findUsers(asked: string, ports: FindUsersPorts): Promise<FoundUsers> {
  const people = await findPeople(ports.history, asked);
  const keys = keysOf(asked, people);
  const answers: AccountAnswer[] = [];
  for (const accountId of ports.accounts) answers.push(await askAccount(accountId, asked, keys, ports));
  return { people, answers };
}

function keysOf(asked: string, people: readonly PersonHistory[]): UserKeys[] {
  const ofPeople = people.flatMap(({ personId, heads }) =>
    heads.flatMap(({ email }) => (email === undefined ? [] : [{ externalId: personId, email }])),
  );
  const ofAddress = isAddress(asked) ? [{ email: asked.toLowerCase() }] : [];
  return [...ofAddress, ...ofPeople];
}

async function askAccount(
  accountId: string,
  asked: string,
  keys: readonly UserKeys[],
  { directory, administration }: FindUsersPorts,
): Promise<AccountAnswer> {
  try {
    const user = await findByKeys(accountId, keys, directory);
    if (user === undefined && isAddress(asked)) return { accountId, kind: "absent" };
    const userId = user?.userId ?? asked;
    const details = await administration.readUser(accountId, userId, userBudget);
    if (details !== undefined) return { accountId, kind: "found", user: details };
    return user === undefined
      ? { accountId, kind: "absent" }
      : { accountId, kind: "found", user: { ...user, facts: {} } };
  } catch (error) {
    if (!(error instanceof DirectoryError)) throw error;
    return { accountId, kind: "failed", failure: error.failure };
  }
}

async function findByKeys(
  accountId: string,
  keys: readonly UserKeys[],
  directory: FindUsersPorts["directory"],
): Promise<DirectoryUser | undefined> {
  for (const who of keys) {
    const user = await directory.findUser(accountId, who, userBudget);
    if (user !== undefined) return user;
  }
  return undefined;
}
