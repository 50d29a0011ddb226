import {
  answerOf,
  type CallEntry,
  type CallLimits,
  type DirectoryAccount,
  type DirectoryCall,
  type Operation,
  type StateAnswer,
  type UserState,
} from "../directory/directory.ts";
import { dayMilliseconds } from "../events/eventTime.ts";
import { compareDecisions } from "../ledger/decisionOrder.ts";
import { maskQuoted } from "../privacy/masking.ts";
import type {
  Decision,
  PersonDecisions,
  ResolvedPerson,
  ScopedDecision,
  UserResolution,
} from "./decision.ts";
import { groupBy } from "./groupByPerson.ts";
import { type Outcome, outcomeOfFailure, type PersonResult, untilRepairedSeconds } from "./outcome.ts";

/**
 * Plans the fewest valid calls for people whose users are resolved. Pure: the same people give the same calls.
 * Urgent decisions travel in the first calls, the others in the order of their messages.
 */
export function planCalls(
  people: readonly ResolvedPerson[],
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
  const { calls, superseded } = coalesce(changes, limitsByAccount(accountsOf(people)));
  for (const { change, by } of superseded)
    results.push({ group: change.group, outcome: { kind: "superseded", by } });
  return { calls: urgentFirst(calls, carriesUrgent), results };
}

/** The accounts of people, as far as they were read, by id. */
export function accountsOf(
  people: readonly Pick<ResolvedPerson, "account">[],
): Map<string, DirectoryAccount> {
  const accounts = new Map<string, DirectoryAccount>();
  for (const { account } of people)
    if (account.kind === "found") accounts.set(account.value.accountId, account.value);
  return accounts;
}

/** The limits of an account's calls. */
export type FindCallLimits = (accountId: string) => CallLimits;

/** Throws for an account that was not read: nobody of it has a change. */
export function limitsByAccount(accounts: ReadonlyMap<string, DirectoryAccount>): FindCallLimits {
  return (accountId) => {
    const account = accounts.get(accountId);
    if (account === undefined) throw new Error(`expected account ${accountId} to be read before its calls`);
    return account.limits;
  };
}

/** One call; each of its entries names the groups whose messages depend on it. */
export interface PlannedCall extends DirectoryCall {
  entries: readonly PlannedEntry[];
}

interface PlannedEntry extends CallEntry {
  /** All share the entry's result. More than one only where several people of HR are one user. */
  groups: readonly PersonDecisions<ScopedDecision>[];
}

/** A change that gave way to a newer one about the same user; `by` is the newer one's event id. */
export interface SupersededChange {
  change: DesiredChange;
  by: string;
}

/**
 * Packs changes into calls: one list per account and operation, each user once, split at the account's limit for it. That is
 * `ceil(n / limit)` calls for n users, the floor. Operations keep the order in which they first appear, so do the accounts of
 * one, and the users of those.
 */
export function coalesce(
  changes: readonly DesiredChange[],
  limitsOf: FindCallLimits,
): { calls: PlannedCall[]; superseded: SupersededChange[] } {
  const calls: PlannedCall[] = [];
  const superseded: SupersededChange[] = [];
  for (const alike of groupAlike(changes)) {
    const merged = mergeTargets(alike);
    superseded.push(...merged.superseded);
    const [first] = alike;
    if (first === undefined) continue;
    const { operation, accountId } = first;
    calls.push(...splitIntoCalls(operation, accountId, merged.entries, limitsOf(accountId)[operation]));
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
  const newest = same.reduce((a, b) => (compareDecisions(a.group.newest, b.group.newest) < 0 ? b : a));
  const agrees = ({ license }: DesiredChange) => license === newest.license;
  const groups = same.filter(agrees).map(({ group }) => group);
  return {
    entry: toEntry(newest, groups),
    superseded: same
      .filter((change) => !agrees(change))
      .map((change) => ({ change, by: newest.group.newest.eventId })),
  };
}

function toEntry(
  { target, license, externalId, profile }: DesiredChange,
  groups: PlannedEntry["groups"],
): PlannedEntry {
  const entry: PlannedEntry = { target, groups };
  if (license !== undefined) entry.license = license;
  if (externalId !== undefined) entry.externalId = externalId;
  if (profile !== undefined) entry.profile = profile;
  return entry;
}

/** One call for each `limit` entries. */
export function splitIntoCalls(
  operation: Operation,
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
export interface DesiredChange extends CallEntry {
  group: PersonDecisions<ScopedDecision>;
  operation: Operation;
  accountId: string;
}

/** Decides which change a person's newest decision needs, or its outcome if it needs no call. `now` in milliseconds. */
export function decideChange({ group, account, user }: ResolvedPerson, now: number): DesiredChange | Outcome {
  const { newest } = group;
  if (account.kind === "failed") return outcomeOfFailure(account.failure, newest.receiveCount);
  const refused = refuseByAccount(account.value, newest);
  if (refused !== undefined) return refused;
  if (user.kind === "failed") return outcomeOfFailure(user.failure, newest.receiveCount);
  if (isAlreadySo(user, newest)) return { kind: "unchanged", because: "alreadySo" };
  const state = stateOf(user);
  const answer = answerOf(account.value, newest.intent, state);
  switch (answer.kind) {
    case "call":
      return toChange(group, answer.operation, account.value, user);
    case "await":
      return waitForUser(newest.waitingSince ?? now, now);
    case "unchanged":
      return { kind: "unchanged", because: "alreadySo" };
    case "reject":
      return rejectedBy(account.value, state, answer);
  }
}

/** Refuses what the account does for no user: it takes no such orders, is suspended, or lacks the license. */
function refuseByAccount(account: DirectoryAccount, newest: ScopedDecision): Outcome | undefined {
  const { active, accountId, licenses } = account;
  const { intent, licenseType = "" } = newest;
  const usual = answerOf(account, intent, "remembered");
  if (usual.kind === "reject") return rejectedBy(account, "remembered", usual);
  if (!active) {
    const reason = `account ${accountId} is suspended by the service; have it reactivated there`;
    return { kind: "retry", code: "AccountSuspended", reason, atLeastSeconds: untilRepairedSeconds };
  }
  if (intent !== "relicense" || hasLicense(licenses, licenseType)) return undefined;
  const supported = licenses === "none" ? "none" : licenses === "unknown" ? "others" : licenses.join(", ");
  const reason = `account ${accountId} has no license "${maskQuoted(licenseType)}"; it supports ${supported}`;
  return { kind: "rejected", code: "LicenseNotSupported", reason };
}

function hasLicense(licenses: DirectoryAccount["licenses"], licenseType: string): boolean {
  if (licenses === "none" || licenseType === "") return false;
  return licenses === "unknown" || licenses.includes(licenseType);
}

function rejectedBy(
  { type, accountId }: DirectoryAccount,
  state: UserState | "remembered",
  { code, reason }: Extract<StateAnswer, { kind: "reject" }>,
): Outcome {
  const account = state === "absent" ? `account ${accountId}` : `${type} account ${accountId}:`;
  return { kind: "rejected", code, reason: `${account} ${reason}` };
}

function stateOf(user: Exclude<UserResolution, { kind: "failed" }>): UserState | "remembered" {
  switch (user.kind) {
    case "found":
      // Who may be suspended for all that is shown is not left out: to let in somebody who has access does no harm.
      return user.user.isStateUnknown ? "remembered" : user.user.state;
    case "absent":
      return "absent";
    case "known":
    case "notAsked":
      return "remembered";
  }
}

function toChange(
  group: PersonDecisions<ScopedDecision>,
  operation: Operation,
  { accountId, createsWithLicense }: DirectoryAccount,
  user: UserResolution,
): DesiredChange {
  const { personId, licenseType, profile } = group.newest;
  const target = targetOf(operation, group.newest, user);
  if (target === undefined)
    throw new Error(`expected the user's id to be known for ${operation}; the user is ${user.kind}`);
  const change: DesiredChange = { group, operation, accountId, target };
  if (operation === "create") {
    change.externalId = personId;
    if (profile !== undefined) change.profile = profile;
  }
  const takesLicense = operation === "setLicense" || (operation === "create" && createsWithLicense);
  if (takesLicense && licenseType !== undefined) change.license = licenseType;
  return change;
}

/** The operation's target: the address for a user to create, else the user id; `undefined` if the id is not known. */
export function targetOf(
  operation: Operation,
  { email }: ScopedDecision,
  user: ResolvedPerson["user"],
): string | undefined {
  if (operation === "create") return email;
  if (user.kind === "known") return user.userId;
  return user.kind === "found" ? user.user.userId : undefined;
}

/** Of a license: the user has it, or a leaver who would get a lower one is gone, or is active again and keeps it. */
function isAlreadySo(user: UserResolution, { intent, licenseType, follows }: ScopedDecision): boolean {
  if (intent !== "relicense") return false;
  const isLowering = follows?.type === "EmployeeLeft";
  if (user.kind === "absent") return isLowering;
  if (user.kind !== "found") return false;
  return (isLowering && user.user.state !== "suspended") || user.user.license === licenseType;
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
