import type { Presence } from "./presence.ts";

/** Somebody of whom the roster speaks: all rows of one person, in one. */
export interface RosterPerson {
  /** The line or entry of the row that stands for the person. */
  number: number;
  personId: string;
  /** Lower-case, as are all others. */
  email: string;
  previousEmails: readonly string[];
  /** Of further rows of the person. */
  otherEmails: readonly string[];
  presence: Presence;
  role: string | undefined;
  licenseType: string | undefined;
  /** By which the policy chooses an account. */
  attributes: Readonly<Record<string, string>> | undefined;
}

/** Where the roster, or the directory, contradicts itself. Nothing is done to anybody it names but where it says so. */
export type Conflict =
  /**
   * Rows that give a person who is there different addresses, roles, licenses or attributes; or of one who has left
   * different attributes, and so perhaps different accounts.
   */
  | { kind: "personTwice"; personId: string; rows: readonly number[] }
  /** Different people who are there under one address. */
  | { kind: "addressTwice"; email: string; personIds: readonly string[] }
  /** Different people whose addresses, of today and before, lead to one user. */
  | { kind: "userTwice"; accountId: string; email: string; personIds: readonly string[] }
  /** Two active users with the person's address in the account. */
  | { kind: "twoUsers"; accountId: string; email: string; personId: string }
  /** A further active account of somebody, who is served in the right one all the same. */
  | { kind: "secondAccount"; accountId: string; email: string; personId: string }
  /** The same of somebody who has left: the access that they keep. */
  | { kind: "leaverElsewhere"; accountId: string; email: string; personId: string };
