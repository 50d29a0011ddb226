/**
 * The clauses of condition expressions on a person's head, each by its name. `:version` is the decision's version, `:owner`
 * the invocation, `:now` its time, and `:rejected` the text "rejected".
 */

/** No newer decision stands, nor this very one, unless it was rejected and is tried again. */
export const noneStandsOver =
  "(attribute_not_exists(settled) OR settled < :version OR (settled = :version AND settledAs = :rejected))";

/** This very decision was not applied. */
export const isNotApplied = "(attribute_not_exists(settled) OR settled <> :version OR settledAs = :rejected)";

/** No claim on a newer decision is open. Such a claim outlives its lease: its call may have been made. */
export const noNewerClaimIsOpen = "(attribute_not_exists(claimed) OR claimed <= :version)";

export const isClaimed = "claimed = :version";
export const isNotClaimed = "(attribute_not_exists(claimed) OR claimed <> :version)";

/** The present claim found a claim on this decision that was still open. */
export const wasClaimedBefore = "claimedBefore = :version";

export const isNotDiscarded = "(attribute_not_exists(discarded) OR NOT contains(discarded, :version))";

export const leaseHasEnded = "(attribute_not_exists(leaseUntil) OR leaseUntil < :now)";
export const leaseIsFree = "(attribute_not_exists(leaseUntil) OR leaseUntil < :now OR leaseOwner = :owner)";
export const ownsLease = "leaseOwner = :owner";

/** No operator has approved of a newer decision. */
export const noNewerIsApproved = "(attribute_not_exists(approved) OR approved <= :version)";

/** All of the clauses hold. */
export function allOf(...clauses: readonly string[]): string {
  return clauses.join(" AND ");
}
