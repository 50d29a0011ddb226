import type {
  BatchOperation,
  DirectoryAccount,
  DirectoryUser,
  IntentAnswer,
} from "../directory/directory.ts";
import { maskEmails } from "../privacy/maskEmails.ts";
import type { Group } from "./collapse.ts";
import type { Outcome } from "./outcome.ts";
import { outcomeOfFailure, untilSomebodyMendsItSeconds } from "./outcomeOfFailure.ts";
import type { ResolvedPerson } from "./person.ts";
import type { ScopedDecision } from "./screen.ts";
import { waiting } from "./waiting.ts";

/** What is to be asked of the directory for one person. */
export interface Wish {
  group: Group<ScopedDecision>;
  operation: BatchOperation;
  accountId: string;
  target: string;
  licenseType?: string;
}

/** What is to be asked of the directory for this person, or the outcome without asking. `now` in milliseconds. */
export function decide({ group, account, user }: ResolvedPerson, now: number): Wish | Outcome {
  const { leader } = group;
  if (account.kind === "failed") return outcomeOfFailure(account.failure, leader.receiveCount);
  const answer = account.value.answers[leader.intent];
  if (answer.kind === "reject") return managedElsewhere(answer, account.value);
  const { operation, whenUserIsUnknown } = answer;
  const refusal = refusalOfAccount(account.value, operation, leader);
  if (refusal !== undefined) return refusal;
  if (user.kind === "failed") return outcomeOfFailure(user.failure, leader.receiveCount);
  if (isAlreadySo(operation, user, leader)) return { kind: "unchanged", because: "alreadySo" };
  const { accountId, licenseType } = leader;
  const target = targetOf(operation, leader, user);
  if (target === undefined) {
    return whenUserIsUnknown === "await" ? waiting(leader.waitingSince ?? now, now) : userNotFound(accountId);
  }
  const wish: Wish = { group, operation, accountId, target };
  if (operation === "updateLicense" && licenseType !== undefined) wish.licenseType = licenseType;
  return wish;
}

function managedElsewhere(
  { code, reason }: Extract<IntentAnswer, { kind: "reject" }>,
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
