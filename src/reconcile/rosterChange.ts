import { createHash } from "node:crypto";
import type { DirectoryUser } from "../directory/directory.ts";
import type { DetailType } from "../events/hrEvent.ts";
import type { PolicyRules } from "../policy/policyRules.ts";
import type { RosterSettings } from "../policy/rosterSettings.ts";
import type { DesiredChange } from "../provisioning/decideChange.ts";
import type { Conflict } from "./mergeRows.ts";

export type ChangeKind = "leaver" | "joiner" | "returner" | "license";

/** What the directory is asked to change about one person. The event follows from the wish's decision. */
export interface Change {
  kind: ChangeKind;
  wish: DesiredChange;
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

/**
 * Event ids that follow from the roster's time, the change and the person, so that a roster that is synced twice sends
 * the same events, and the second ones are duplicates. Hashed, because a person's id may be too long for it.
 */
export function eventIdsOf(asOf: number): CompareOptions["eventIdOf"] {
  const roster = rosterId(asOf);
  return (kind, personId) =>
    `${roster}-${kind}-${createHash("sha256").update(personId).digest("hex").slice(0, 24)}`;
}

/** Names the roster of that time in the logs. */
function rosterId(asOf: number): string {
  return `roster-${new Date(asOf).toISOString()}`;
}

const typeOf: Record<ChangeKind, DetailType> = {
  leaver: "EmployeeLeft",
  joiner: "EmployeeHired",
  returner: "EmployeeReturned",
  license: "LicenseChanged",
};

/**
 * The line that publishes a change's event. The user's id goes with it, which saves the drain a look-up. Only a change of
 * license tells the license, and no event the role: what follows from a hire would set a license which is as it shall be, by a
 * call that no plan has.
 */
export function toEventLine({ kind, wish, user }: Change): string {
  const { eventId, personId, email, licenseType, attributes, occurredAt } = wish.group.newest;
  const metadata = {
    id: eventId,
    schemaVersion: "1.0",
    occurredAt: new Date(occurredAt).toISOString(),
    correlationId: rosterId(occurredAt),
    origin: "roster",
  };
  const data = {
    personId,
    email,
    ...(user !== undefined && { userId: user.userId }),
    ...(attributes !== undefined && { attributes }),
    ...(kind === "license" && licenseType !== undefined && { licenseType }),
  };
  return JSON.stringify({ "detail-type": typeOf[kind], detail: { metadata, data } });
}
