import type { SuspensionLimits } from "../policy/suspensionLimits.ts";
import { passedInWindow } from "./admissionWindow.ts";
import type { Admission, Latch, SafeguardState } from "./safeguardState.ts";
import { suspensionLimit } from "./suspensionLimit.ts";

/** Those of an account who are to be suspended now. */
export interface Leavers {
  /** Those who leave at once (`urgency: "immediate"`). */
  immediate: number;
  others: number;
}

export type Room =
  /** So many of each may pass, and count like this. With a latch: the others are held, and it closes. */
  | { kind: "room"; passed: Leavers; counted: Omit<Admission, "at">; latch?: Latch }
  /** It depends on how many active users the account has. */
  | { kind: "uncounted" };

/**
 * How many of those whom no allowance covers may pass. All or none, because half of a wrong feed is wrong too; apart
 * from those who leave at once, as far as their own small number goes.
 */
export function roomFor(
  leavers: Leavers,
  state: SafeguardState,
  limits: SuspensionLimits,
  now: number,
): Room {
  const asked = leavers.immediate + leavers.others;
  const before = passedInWindow(state, limits, now);
  const beyond = Math.min(leavers.immediate, Math.max(0, limits.immediate - before.immediate));
  const onlyImmediate: Room = {
    kind: "room",
    passed: { immediate: beyond, others: 0 },
    counted: { people: 0, immediate: beyond },
  };
  if (state.latch !== undefined) return onlyImmediate;
  const limit = limitOf(state, before.people + asked, limits, now);
  if (limit === undefined) return { kind: "uncounted" };
  const free = Math.max(0, limit - before.people);
  const immediate = asked <= free ? 0 : beyond;
  if (asked - immediate > free)
    return { ...onlyImmediate, latch: { closedAt: now, asked, passed: before.people, limit } };
  return { kind: "room", passed: leavers, counted: { people: asked - immediate, immediate } };
}

/** A count of active users is good for a day: it changes little in that time, and costs a call for each 200 users. */
const countedMilliseconds = 24 * 3_600_000;

/** The limit for so many people in a window; `undefined` if it takes a count of the active users. */
function limitOf(
  { activeUsers }: SafeguardState,
  wanted: number,
  limits: SuspensionLimits,
  now: number,
): number | undefined {
  if (wanted <= limits.atLeast || limits.percent === 0) return limits.atLeast;
  if (activeUsers === undefined || activeUsers.countedAt + countedMilliseconds <= now) return undefined;
  return suspensionLimit(limits, activeUsers.count);
}
