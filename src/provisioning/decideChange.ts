import type { BatchOperation, Capability, DirectoryAccount, DirectoryUser } from "../directory/directory.ts";
import { dayMilliseconds } from "../events/eventTime.ts";
import { maskEmails } from "../privacy/masking.ts";
import type { PersonDecisions, ResolvedPerson, ScopedDecision } from "./decision.ts";
import { type Outcome, outcomeOfFailure, untilRepairedSeconds } from "./outcome.ts";

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
  const reason = `account ${accountId} has no license "${maskEmails(licenseType)}"; it supports ${supportedLicenses.join(", ")}`;
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
