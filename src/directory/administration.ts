import type { CallBudget, DirectoryUser, PostSuspensionAction } from "./directory.ts";

/** What an operator asks the directories, beside what provisioning asks. Everything here only reads, and throws `DirectoryError`. */
export interface Administration {
  /** The user of an id at the directory, devices included; `undefined` if the account has none. */
  readUser(accountId: string, userId: string, budget: CallBudget): Promise<UserDetails | undefined>;
  describeAccount(accountId: string, budget: CallBudget): Promise<AccountDetails>;
  /** The accounts that the operator's credentials reach, and those of the policy. */
  listAccounts(filter: AccountFilter, budget: CallBudget): Promise<AccountDetails[]>;
}

/** Narrows a list of accounts down. All filters that are given must match. */
export interface AccountFilter {
  /** How its name, or its id where it has no name, begins. */
  name?: string;
  /** Only the account that has a user of this address. */
  userEmail?: string;
}

export interface UserDetails extends DirectoryUser {
  /** What else the service tells of the user, by its names in plain words. It holds no secret, such as a PIN. */
  facts: Readonly<Record<string, string>>;
}

export interface AccountDetails {
  accountId: string;
  /** The name that people know it by, where it has one. */
  name?: string;
  /** The service's own word for the type. */
  type: string;
  active: boolean;
  /** What can be done to a user of it by hand. */
  actions: readonly PostSuspensionAction[];
  /** What else the service tells of the account. */
  facts: Readonly<Record<string, string>>;
}
