import type { PlannedCall } from "./coalesce.ts";
import type { Group } from "./collapse.ts";
import type { Decision } from "./decision.ts";

/** The same items, those that are urgent before the others. */
export function urgentFirst<T>(items: readonly T[], isUrgent: (item: T) => boolean): readonly T[] {
  const urgent = items.filter(isUrgent);
  return urgent.length === 0 ? items : [...urgent, ...items.filter((item) => !isUrgent(item))];
}

export function carriesUrgent({ entries }: PlannedCall): boolean {
  return entries.some(({ groups }) => groups.some(isUrgent));
}

export function isUrgent({ leader }: Group<Decision>): boolean {
  return leader.urgent;
}
