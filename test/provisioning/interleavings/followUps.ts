import { graceDays, type HrDecision, lowered } from "./scenario.ts";

const dayMilliseconds = 86_400_000;

/** A change of license that follows from a decision about access, once that is carried out. */
export interface FollowUp extends HrDecision {
  cause: HrDecision;
}

export function isFollowUp(decision: HrDecision): decision is FollowUp {
  return "cause" in decision;
}

/**
 * What follows from a decision, as the rules are published; `undefined` if nothing does. It counts as decided when its cause was. A
 * leaver's takes effect after the days of grace, which begin with the suspension: here at the earliest moment that this can be.
 */
export function followUpOf(cause: HrDecision): FollowUp | undefined {
  const { id, personId, type, aspect, occurredAt, busTime, effectiveAt = occurredAt } = cause;
  const followUp = {
    id: `#license:${id}`,
    personId,
    type: "LicenseChanged",
    intent: "relicense",
    aspect: "license",
    isOfAbsence: false,
    occurredAt,
    // A license that HR names itself stands over one that follows; of two that follow the one of the newer cause stands.
    busTime: busTime - 1e14,
    cause,
  } as const;
  if (type === "EmployeeLeft")
    return { ...followUp, effectiveAt: effectiveAt + graceDays * dayMilliseconds, licenseType: lowered };
  return aspect === "access" && cause.licenseType !== undefined
    ? { ...followUp, effectiveAt, licenseType: cause.licenseType }
    : undefined;
}
