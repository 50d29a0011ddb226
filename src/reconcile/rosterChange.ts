import { createHash } from "node:crypto";
import { type DirectoryUser, unknownLicense } from "../directory/directory.ts";
import { type DetailType, rosterOrigin } from "../events/hrEvent.ts";
import type { UserBefore } from "../ledger/ledger.ts";
import type { PolicyRules } from "../policy/policyRules.ts";
import type { RosterSettings } from "../policy/rosterSettings.ts";
import { wordOfState } from "../provisioning/journalEntries.ts";
import type { DesiredChange } from "../provisioning/planCalls.ts";
import type { Conflict } from "./mergeRows.ts";

/** What a roster changes about one person in the directory. The event to publish follows from the decision in `desired`. */
export interface RosterChange {
  kind: ChangeKind;
  desired: DesiredChange;
  /** As the directory has the person now; `undefined` for a joiner without a user. */
  user: DirectoryUser | undefined;
}

export type ChangeKind = "leaver" | "joiner" | "returner" | "license";

/** Findings that no event can fix: refused by the directory, waiting for registration, a data conflict, or left alone. */
export type Finding =
  | { kind: "conflict"; conflict: Conflict }
  /** The policy leaves the person, or the user without a row, alone. */
  | { kind: "excluded"; email: string; personId?: string; rule: string }
  /** An active user without a row. */
  | { kind: "unlisted"; email: string; accountId: string; user: DirectoryUser }
  /** There is no user yet, and the account lets people register by themselves. */
  | { kind: "awaited"; email: string; accountId: string; personId: string }
  /** An event would become a dead letter, or be retried until somebody mends the account. */
  | { kind: "impossible"; email: string; accountId: string; personId: string; code: string; reason: string };

export interface Comparison {
  changes: RosterChange[];
  findings: Finding[];
  counts: RosterCounts;
}

interface RosterCounts {
  /** People of the roster with an address and without a conflict between their rows. */
  people: number;
  present: number;
  left: number;
  /** Joiners whose first day is still to come, and who have no access before. */
  later: number;
  /** Rows without an address, and so without an account. */
  withoutAddress: number;
  /** Texts of people's profiles that are wrong, and left out, where there are some. */
  droppedTexts?: number;
}

export interface CompareOptions {
  rules: PolicyRules;
  /** The roster's time, in milliseconds since the epoch. */
  asOf: number;
  /** What is done about active users without a row. */
  absent: RosterSettings["absent"];
  /** The id of the event of a change: the same for the same roster. */
  eventIdOf: (kind: ChangeKind, personId: string) => string;
}

/**
 * Makes event ids of the roster's time, the change and the person, so that a roster that is synced twice publishes
 * the same events, and the second ones are duplicates. They are hashed, because a person's id may be too long for one.
 */
export function eventIdsOf(asOf: number): CompareOptions["eventIdOf"] {
  const roster = rosterId(asOf);
  return (kind, personId) =>
    `${roster}-${kind}-${createHash("sha256").update(personId).digest().toString("hex", 0, 12)}`;
}

/** Names the roster of that time in the logs. */
function rosterId(asOf: number): string {
  return `roster-${new Date(asOf).toISOString()}`;
}

const detailTypeOf: Record<ChangeKind, DetailType> = {
  leaver: "EmployeeLeft",
  joiner: "EmployeeHired",
  returner: "EmployeeReturned",
  license: "LicenseChanged",
};

/** Some directories delete whom they suspend, so a return may make a user too. */
const makesUser: Record<ChangeKind, boolean> = {
  leaver: false,
  joiner: true,
  returner: true,
  license: false,
};

/**
 * The line that publishes a change's event. It has the user's id, which saves provisioning a look-up. Only a change of
 * license has the license, and no event has the role: a license that follows from a hire would be set once more, by a call
 * that is in no plan. The profile goes along where a user may be made.
 */
export function toEventLine({ kind, desired, user }: RosterChange): string {
  const { eventId, personId, email, previousEmails, licenseType, attributes, profile, occurredAt } =
    desired.group.newest;
  const metadata = {
    id: eventId,
    schemaVersion: "1.0",
    occurredAt: new Date(occurredAt).toISOString(),
    correlationId: rosterId(occurredAt),
    origin: rosterOrigin,
  };
  const data = {
    personId,
    email,
    ...(previousEmails.length > 0 && { previousEmails }),
    ...(user !== undefined && { userId: user.userId }),
    userBefore: userSeen(user),
    ...(attributes !== undefined && { attributes }),
    ...(makesUser[kind] && profile !== undefined && { profile }),
    ...(kind === "license" && licenseType !== undefined && { licenseType }),
  };
  return JSON.stringify({ "detail-type": detailTypeOf[kind], detail: { metadata, data } });
}

function userSeen(user: DirectoryUser | undefined): UserBefore {
  if (user === undefined) return { status: "absent" };
  const { state, license } = user;
  return {
    status: wordOfState[state],
    ...(license !== undefined && license !== unknownLicense && { license }),
  };
}
