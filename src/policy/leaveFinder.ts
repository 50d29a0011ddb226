import { maskEmails } from "../privacy/maskEmails.ts";
import { patternFinder } from "./patternFinder.ts";
import type { Policy } from "./policy.ts";

/** What HR systems call a leave of absence, where the policy does not say. */
const usualLeaveReasons: readonly string[] = ["leaveOfAbsence", "leave of absence", "leave-of-absence"];

/** The rule by which a leaver with this reason is only on leave and keeps access; `undefined` for everybody else. */
export type FindLeave = (leaver: { reason: string | undefined; urgent: boolean }) => string | undefined;

/**
 * Whoever is only on leave keeps access unless the policy says otherwise: HR wants them back, and they come back without a
 * word. Whoever has to go at once is suspended, whatever the reason.
 */
export function leaveFinder({ leaveOfAbsence }: Policy): FindLeave {
  if (leaveOfAbsence?.do === "suspend") return () => undefined;
  const find = patternFinder(leaveOfAbsence?.reasons ?? usualLeaveReasons);
  return ({ reason, urgent }) => {
    const pattern = urgent || reason === undefined ? undefined : find(reason.trim());
    return pattern === undefined ? undefined : `leaveOfAbsence.reasons: ${maskEmails(pattern)}`;
  };
}
