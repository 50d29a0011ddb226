import type { BatchOperation, Capability, DirectoryAccount, DirectoryUser } from "../directory/directory.ts";
import { dayMilliseconds } from "../events/eventTime.ts";
import { maskEmails } from "../privacy/masking.ts";
import type { PersonDecisions, ResolvedPerson, ScopedDecision } from "./decision.ts";
import { type Outcome, outcomeOfFailure, untilSomebodyMendsItSeconds } from "./outcome.ts";

/** What is to be asked of the directory for one person. */
export interface DesiredChange {
  group: PersonDecisions<ScopedDecision>;
  operation: BatchOperation;
  accountId: string;
  target: string;
  licenseType?: string;
}

/** What is to be asked of the directory for this person, or the outcome without asking. `now` in milliseconds. */
export function decideChange({ group, account, user }: ResolvedPerson, now: number): DesiredChange | Outcome {
  const { newest } = group;
  if (account.kind === "failed") return outcomeOfFailure(account.failure, newest.receiveCount);
  const answer = account.value.capabilities[newest.intent];
  if (answer.kind === "reject") return managedElsewhere(answer, account.value);
  const { operation, whenUserIsUnknown } = answer;
  const refusal = refusalOfAccount(account.value, operation, newest);
  if (refusal !== undefined) return refusal;
  if (user.kind === "failed") return outcomeOfFailure(user.failure, newest.receiveCount);
  if (isAlreadySo(operation, user, newest)) return { kind: "unchanged", because: "alreadySo" };
  const { accountId, licenseType } = newest;
  const target = targetOf(operation, newest, user);
  if (target === undefined) {
    return whenUserIsUnknown === "await" ? waiting(newest.waitingSince ?? now, now) : userNotFound(accountId);
  }
  const wish: DesiredChange = { group, operation, accountId, target };
  if (operation === "updateLicense" && licenseType !== undefined) wish.licenseType = licenseType;
  return wish;
}

function managedElsewhere(
  { code, reason }: Extract<Capability, { kind: "reject" }>,
  { type, accountId }: DirectoryAccount,
): Outcome {
  return { kind: "rejected", code, reason: `${type} account ${accountId}: ${reason}` };
}

/** Why the account, whoever the user is, does not do what is asked. */
function refusalOfAccount(
  { active, accountId, supportedLicenses }: DirectoryAccount,
  operation: BatchOperation,
  { licenseType = "" }: ScopedDecision,
): Outcome | undefined {
  if (!active) {
    const reason = `account ${accountId} is suspended by the service; have it reactivated there`;
    return { kind: "retry", code: "AccountSuspended", reason, atLeastSeconds: untilSomebodyMendsItSeconds };
  }
  if (operation !== "updateLicense" || supportedLicenses.includes(licenseType)) return undefined;
  const reason = `account ${accountId} has no license "${maskEmails(licenseType)}"; it supports ${supportedLicenses.join(", ")}`;
  return { kind: "rejected", code: "LicenseNotSupported", reason };
}

/** What the operation calls the person; undefined where that is an id which nobody knows. */
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
  // Whoever is gone has no license left that could be lowered, and who is there again is not to have a lower one.
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
      // The directory tells neither, and both may be done once more.
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
/** After this somebody has to look: the person may never register, or the address may be wrong. */
const patienceMilliseconds = 30 * dayMilliseconds;

/**
 * The outcome for someone who does not exist in the directory yet: wait about as long again as they have been waited
 * for, between five minutes and a day, and for 30 days in all. Times in milliseconds since the epoch.
 */
export function waiting(since: number, now: number): Outcome {
  const waited = now - since;
  if (waited >= patienceMilliseconds) {
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
