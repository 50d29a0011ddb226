import type {
  BatchOperation,
  Capability,
  DirectoryAccount,
  DirectoryCall,
  DirectoryUser,
} from "../directory/directory.ts";
import { dayMilliseconds } from "../events/eventTime.ts";
import { maskQuoted } from "../privacy/masking.ts";
import {
  compareVersions,
  type Decision,
  type PersonDecisions,
  type ResolvedPerson,
  type ScopedDecision,
} from "./decision.ts";
import { groupBy } from "./groupByPerson.ts";
import { type Outcome, outcomeOfFailure, type PersonResult, untilRepairedSeconds } from "./outcome.ts";

/**
 * Plans the fewest valid calls for people whose users are resolved. Pure: the same people and limits give the same calls.
 * Urgent decisions travel in the first calls, the others in the order of their messages.
 */
export function planCalls(
  people: readonly ResolvedPerson[],
  limits: Readonly<Record<BatchOperation, number>>,
  now: number,
): { calls: readonly PlannedCall[]; results: PersonResult[] } {
  const results: PersonResult[] = [];
  const changes: DesiredChange[] = [];
  // People first, so that the urgent share calls; then calls, because each account and operation has its own.
  for (const person of urgentFirst(people, ({ group }) => isUrgent(group))) {
    const decided = decideChange(person, now);
    if ("kind" in decided) results.push({ group: person.group, outcome: decided });
    else changes.push(decided);
  }
  const { calls, superseded } = coalesce(changes, limits);
  for (const { change, by } of superseded)
    results.push({ group: change.group, outcome: { kind: "superseded", by } });
  return { calls: urgentFirst(calls, carriesUrgent), results };
}

/** One call; each of its entries names the groups whose messages depend on it. */
export interface PlannedCall extends DirectoryCall {
  entries: readonly PlannedEntry[];
}

interface PlannedEntry {
  target: string;
  licenseType?: string;
  /** All share the entry's result. More than one only where several people of HR are one user. */
  groups: readonly PersonDecisions<ScopedDecision>[];
}

/** A change that gave way to a newer one about the same user; `by` is the newer one's event id. */
export interface SupersededChange {
  change: DesiredChange;
  by: string;
}

/**
 * Packs changes into calls: one list per account and operation, each user once, split at the operation's limit. That is
 * `ceil(n / limit)` calls for n users, the floor. Operations keep the order in which they first appear, so do the accounts of
 * one, and the users of those.
 */
export function coalesce(
  changes: readonly DesiredChange[],
  limits: Readonly<Record<BatchOperation, number>>,
): { calls: PlannedCall[]; superseded: SupersededChange[] } {
  const calls: PlannedCall[] = [];
  const superseded: SupersededChange[] = [];
  for (const alike of groupAlike(changes)) {
    const merged = mergeTargets(alike);
    superseded.push(...merged.superseded);
    const [first] = alike;
    if (first === undefined) continue;
    const { operation, accountId } = first;
    calls.push(...splitIntoCalls(operation, accountId, merged.entries, limits[operation]));
  }
  return { calls, superseded };
}

/** By operation, then by account: one key of both would have to be built and hashed for every change. */
function groupAlike(changes: readonly DesiredChange[]): DesiredChange[][] {
  const byOperation = [...groupBy(changes, ({ operation }) => operation).values()];
  return byOperation.flatMap((same) => [...groupBy(same, ({ accountId }) => accountId).values()]);
}

/** Nearly always one person is one user, and there is nothing to merge. */
function mergeTargets(alike: readonly DesiredChange[]): {
  entries: PlannedEntry[];
  superseded: SupersededChange[];
} {
  const targets = new Set(alike.map(({ target }) => target));
  if (targets.size === alike.length)
    return { entries: alike.map((change) => toEntry(change, [change.group])), superseded: [] };
  const merged = [...groupBy(alike, ({ target }) => target).values()].map(mergeTarget);
  return {
    entries: merged.map(({ entry }) => entry),
    superseded: merged.flatMap(({ superseded }) => superseded),
  };
}

/**
 * The service refuses a call that names a user twice. Where several people of HR are one user, those who want the same share
 * an entry; of those who want different licenses the newest decision stands.
 */
function mergeTarget(same: readonly DesiredChange[]): {
  entry: PlannedEntry;
  superseded: SupersededChange[];
} {
  const newest = same.reduce((a, b) => (compareVersions(a.group.newest, b.group.newest) < 0 ? b : a));
  const agrees = ({ licenseType }: DesiredChange) => licenseType === newest.licenseType;
  const groups = same.filter(agrees).map(({ group }) => group);
  return {
    entry: toEntry(newest, groups),
    superseded: same
      .filter((change) => !agrees(change))
      .map((change) => ({ change, by: newest.group.newest.eventId })),
  };
}

function toEntry({ target, licenseType }: DesiredChange, groups: PlannedEntry["groups"]): PlannedEntry {
  return licenseType === undefined ? { target, groups } : { target, groups, licenseType };
}

/** One call for each `limit` entries. */
export function splitIntoCalls(
  operation: BatchOperation,
  accountId: string,
  entries: readonly PlannedEntry[],
  limit: number,
): PlannedCall[] {
  return Array.from({ length: Math.ceil(entries.length / limit) }, (_, index) => ({
    operation,
    accountId,
    entries: entries.slice(index * limit, (index + 1) * limit),
  }));
}

/** The same items in their order, the urgent ones before the others. */
export function urgentFirst<T>(items: readonly T[], isUrgent: (item: T) => boolean): readonly T[] {
  const urgent = items.filter(isUrgent);
  return urgent.length === 0 ? items : [...urgent, ...items.filter((item) => !isUrgent(item))];
}

export function carriesUrgent({ entries }: PlannedCall): boolean {
  return entries.some(({ groups }) => groups.some(isUrgent));
}

function isUrgent({ newest }: PersonDecisions<Decision>): boolean {
  return newest.urgent;
}

/** A change that the directory is asked to make for one person. */
export interface DesiredChange {
  group: PersonDecisions<ScopedDecision>;
  operation: BatchOperation;
  accountId: string;
  target: string;
  licenseType?: string;
}

/** Decides which change a person's newest decision needs, or its outcome if it needs no call. `now` in milliseconds. */
export function decideChange({ group, account, user }: ResolvedPerson, now: number): DesiredChange | Outcome {
  const { newest } = group;
  if (account.kind === "failed") return outcomeOfFailure(account.failure, newest.receiveCount);
  const capability = account.value.capabilities[newest.intent];
  if (capability.kind === "reject") return managedElsewhere(capability, account.value);
  const { operation, whenUserIsUnknown } = capability;
  const refused = refuseByAccount(account.value, operation, newest);
  if (refused !== undefined) return refused;
  if (user.kind === "failed") return outcomeOfFailure(user.failure, newest.receiveCount);
  if (isAlreadySo(operation, user, newest)) return { kind: "unchanged", because: "alreadySo" };
  const { accountId, licenseType } = newest;
  const target = targetOf(operation, newest, user);
  if (target === undefined) {
    return whenUserIsUnknown === "await"
      ? waitForUser(newest.waitingSince ?? now, now)
      : userNotFound(accountId);
  }
  const change: DesiredChange = { group, operation, accountId, target };
  if (operation === "updateLicense" && licenseType !== undefined) change.licenseType = licenseType;
  return change;
}

function managedElsewhere(
  { code, reason }: Extract<Capability, { kind: "reject" }>,
  { type, accountId }: DirectoryAccount,
): Outcome {
  return { kind: "rejected", code, reason: `${type} account ${accountId}: ${reason}` };
}

/** Refuses a change that the account makes for no user: it is suspended, or lacks the license. */
function refuseByAccount(
  { active, accountId, supportedLicenses }: DirectoryAccount,
  operation: BatchOperation,
  { licenseType = "" }: ScopedDecision,
): Outcome | undefined {
  if (!active) {
    const reason = `account ${accountId} is suspended by the service; have it reactivated there`;
    return { kind: "retry", code: "AccountSuspended", reason, atLeastSeconds: untilRepairedSeconds };
  }
  if (operation !== "updateLicense" || supportedLicenses.includes(licenseType)) return undefined;
  const reason = `account ${accountId} has no license "${maskQuoted(licenseType)}"; it supports ${supportedLicenses.join(", ")}`;
  return { kind: "rejected", code: "LicenseNotSupported", reason };
}

/** The operation's target: the address for an invitation, else the user id; `undefined` if the id is not known. */
export function targetOf(
  operation: BatchOperation,
  { email }: ScopedDecision,
  user: ResolvedPerson["user"],
): string | undefined {
  if (operation === "invite") return email;
  if (user.kind === "known") return user.userId;
  return user.kind === "found" ? user.user.userId : undefined;
}

function isAlreadySo(
  operation: BatchOperation,
  user: ResolvedPerson["user"],
  { licenseType, follows }: ScopedDecision,
): boolean {
  const isLowering = follows?.type === "EmployeeLeft";
  // A user who is gone has no license to lower, and one who is active again keeps the license.
  if (user.kind === "absent") return isLowering;
  if (user.kind !== "found") return false;
  return (isLowering && user.user.status !== "suspended") || isAs(operation, user.user, licenseType);
}

function isAs(operation: BatchOperation, user: DirectoryUser, licenseType: string | undefined): boolean {
  switch (operation) {
    case "suspend":
      return user.status === "suspended";
    case "unsuspend":
      return user.status !== "suspended";
    case "invite":
      return user.status === "registered" || user.status === "invited";
    case "updateLicense":
      return user.licenseType === licenseType;
    case "signOut":
    case "resetPin":
      // The directory shows neither, and both may be repeated.
      return false;
  }
}

function userNotFound(accountId: string): Outcome {
  return {
    kind: "rejected",
    code: "UserNotFound",
    reason: `account ${accountId} has no user with this address; check the address in HR, or suspend by hand`,
  };
}

const shortestWaitMilliseconds = 5 * 60_000;
const longestWaitMilliseconds = 24 * 3_600_000;
/** After this an operator has to look: the person may never register, or the address may be wrong. */
const longestWaitInAllMilliseconds = 30 * dayMilliseconds;

/**
 * The outcome for a person who has no user in the directory yet. Each wait is about as long as the waits so far, between five
 * minutes and a day, and for 30 days in all. Times in milliseconds since the epoch.
 */
export function waitForUser(since: number, now: number): Outcome {
  const waited = now - since;
  if (waited >= longestWaitInAllMilliseconds) {
    return {
      kind: "rejected",
      code: "NeverRegistered",
      reason:
        "the directory has known no user with this address for 30 days; check the address in HR, or send the event again",
    };
  }
  const wait = Math.min(longestWaitMilliseconds, Math.max(shortestWaitMilliseconds, waited));
  return { kind: "deferred", because: "notRegistered", until: now + wait };
}
