import type { SuspensionLimits } from "../policy/suspensionLimits.ts";
import type { Admission, SafeguardState } from "./safeguardState.ts";

/** So many slices to a window: few enough for a small state, and so short that nobody minds waiting for one more. */
const slicesOfWindow = 60;

/** The slice that an admission of now belongs to, by its end. */
export function sliceAt(limits: SuspensionLimits, now: number): number {
  const slice = windowMilliseconds(limits) / slicesOfWindow;
  return Math.ceil(now / slice) * slice;
}

/** Adds up who was let pass in the window that ends now. */
export function passedInWindow(
  { admissions }: SafeguardState,
  limits: SuspensionLimits,
  now: number,
): Omit<Admission, "at"> {
  const sum = { people: 0, immediate: 0 };
  for (const { people, immediate } of inWindow(admissions, limits, now)) {
    sum.people += people;
    sum.immediate += immediate;
  }
  return sum;
}

/** The admissions of the window with one more. Those of a slice are one. */
export function withAdmission(
  admissions: readonly Admission[],
  { at, people, immediate }: Admission,
  limits: SuspensionLimits,
  now: number,
): Admission[] {
  const recent = inWindow(admissions, limits, now);
  const same = recent.find((admission) => admission.at === at) ?? { people: 0, immediate: 0 };
  const merged = { at, people: same.people + people, immediate: same.immediate + immediate };
  return [...recent.filter((admission) => admission !== same), merged].sort((a, b) => a.at - b.at);
}

function inWindow(admissions: readonly Admission[], limits: SuspensionLimits, now: number): Admission[] {
  return admissions.filter(({ at }) => at > now - windowMilliseconds(limits));
}

const windowMilliseconds = ({ windowMinutes }: SuspensionLimits) => windowMinutes * 60_000;
