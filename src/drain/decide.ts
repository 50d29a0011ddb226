import type { BatchOperation, DirectoryUser } from "../directory/directory.ts";
import type { Group } from "./collapse.ts";
import type { Outcome } from "./outcome.ts";
import { outcomeOfFailure } from "./outcomeOfFailure.ts";
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
  const { active, answers, type, supportedLicenses, accountId } = account.value;
  const answer = answers[leader.intent];
  if (answer.kind === "reject")
    return { kind: "rejected", code: answer.code, reason: `${type} account ${accountId}: ${answer.reason}` };
  if (!active) {
    const reason = `account ${accountId} is suspended by the service; have it reactivated there`;
    return { kind: "retry", code: "AccountSuspended", reason };
  }
  const { operation } = answer;
  if (operation === "updateLicense" && !supportedLicenses.includes(leader.licenseType ?? "")) {
    const reason = `account ${accountId} has no license "${leader.licenseType}"; it supports ${supportedLicenses.join(", ")}`;
    return { kind: "rejected", code: "LicenseNotSupported", reason };
  }
  if (user.kind === "failed") return outcomeOfFailure(user.failure, leader.receiveCount);
  if (user.kind === "found" && isAlreadySo(operation, user.user, leader))
    return { kind: "unchanged", because: "alreadySo" };
  const target = targetOf(operation, leader, user);
  if (target === undefined) {
    return answer.whenUserIsUnknown === "await"
      ? waiting(leader.waitingSince ?? now, now)
      : userNotFound(accountId);
  }
  const wish: Wish = { group, operation, accountId, target };
  if (operation === "updateLicense" && leader.licenseType !== undefined)
    wish.licenseType = leader.licenseType;
  return wish;
}

function targetOf(
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
  user: DirectoryUser,
  { licenseType }: ScopedDecision,
): boolean {
  switch (operation) {
    case "suspend":
      return user.status === "suspended";
    case "unsuspend":
      return user.status !== "suspended";
    case "invite":
      return user.status === "registered" || user.status === "invited";
    case "updateLicense":
      return user.licenseType === licenseType;
  }
}

function userNotFound(accountId: string): Outcome {
  return {
    kind: "rejected",
    code: "UserNotFound",
    reason: `account ${accountId} has no user with this address; check the address in HR, or suspend by hand`,
  };
}
