import type { DirectoryUser } from "../directory/directory.ts";
import type { Wish } from "../drain/decide.ts";
import type { PolicyRules } from "../policy/policyRules.ts";
import type { Conflict } from "./rosterPerson.ts";
import type { RosterSettings } from "./rosterSettings.ts";

export type ChangeKind = "leaver" | "joiner" | "returner" | "license";

/** What the directory is asked to change about one person. The event follows from the wish's decision. */
export interface Change {
  kind: ChangeKind;
  wish: Wish;
  /** As the directory has the person now; `undefined` for one who is to be invited. */
  user: DirectoryUser | undefined;
}

/** What is told and not acted upon. */
export type Finding =
  | { kind: "conflict"; conflict: Conflict }
  /** The policy leaves the person, or the account without a row, alone. */
  | { kind: "excluded"; email: string; personId?: string; rule: string }
  /** An active user of whom no row speaks. */
  | { kind: "unlisted"; email: string; accountId: string; user: DirectoryUser }
  /** There is no user yet, and the account lets people register by themselves. */
  | { kind: "awaited"; email: string; accountId: string; personId: string }
  /** Would be a dead letter, or wait for somebody to mend the account. */
  | { kind: "impossible"; email: string; accountId: string; personId: string; code: string; reason: string };

export interface Comparison {
  changes: Change[];
  findings: Finding[];
  counts: RosterCounts;
}

interface RosterCounts {
  /** In the roster, with an address, and apart from conflicts in it. */
  people: number;
  present: number;
  left: number;
  /** Who are to come, and have no access before. */
  later: number;
  /** Rows without an address, and so without an account. */
  withoutAddress: number;
}

export interface CompareOptions {
  rules: PolicyRules;
  /** The roster's time, in milliseconds since the epoch. */
  asOf: number;
  absent: RosterSettings["absent"];
  /** The id of the event about a person that a change takes: the same for the same roster. */
  eventIdOf: (kind: ChangeKind, personId: string) => string;
}
