import type { Receipt } from "./decideAdmission.ts";
import type { SafeguardState } from "./safeguardState.ts";

/**
 * Takes off again so many of those whom a receipt counts, because they were not suspended after all. From the window
 * first: who it was does not matter, only how many. What was counted in a slice that is gone, or in an allowance that
 * another has replaced, is gone with it.
 */
export function returnUnused(state: SafeguardState, receipt: Receipt, unused: number): SafeguardState {
  const people = Math.min(unused, receipt.people);
  const immediate = Math.min(unused - people, receipt.immediate);
  const allowed = Math.min(unused - people - immediate, receipt.allowed?.people ?? 0);
  const { allowance } = state;
  const next = {
    ...state,
    admissions: state.admissions.map((admission) =>
      admission.at === receipt.at
        ? {
            at: admission.at,
            people: Math.max(0, admission.people - people),
            immediate: Math.max(0, admission.immediate - immediate),
          }
        : admission,
    ),
  };
  return allowance !== undefined && allowance.at === receipt.allowed?.at
    ? { ...next, allowance: { ...allowance, people: allowance.people + allowed } }
    : next;
}
