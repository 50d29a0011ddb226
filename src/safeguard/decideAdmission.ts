import type { HeldRule } from "../ledger/pendingStore.ts";
import type { SuspensionLimits } from "../policy/suspensionLimits.ts";
import { sliceAt, withAdmission } from "./admissionWindow.ts";
import { type Leavers, type Room, roomFor } from "./roomFor.ts";
import { type Allowance, type Latch, type SafeguardState, withAct } from "./safeguardState.ts";
import type { Change } from "./safeguardStore.ts";

/** What one invocation asks for one account. */
export interface AdmissionRequest extends Leavers {
  /** The account's active users, where they have just been counted. */
  activeUsers?: number;
}

export type AdmissionVerdict =
  /** So many of each may be suspended; `heldBy` says why not all of them. */
  | { kind: "decided"; passed: Leavers; receipt: Receipt; heldBy?: HeldRule }
  /** Count the account's active users and ask again. */
  | { kind: "uncounted" };

/** Where those who passed are counted, to take off again who was not suspended after all (`returnUnused`). */
export interface Receipt {
  /** The slice of the window. */
  at: number;
  people: number;
  immediate: number;
  /** From the allowance that was given at that moment. */
  allowed?: { people: number; at: number };
}

/**
 * Who may be suspended now, and what is remembered of it. Pure, so that it can be done again on what another wrote.
 * What an operator has allowed is used first. Once somebody is held the latch is closed, until an operator resets it.
 *
 * @param now milliseconds since the epoch
 */
export function decideAdmission(
  before: SafeguardState,
  { activeUsers, ...leavers }: AdmissionRequest,
  limits: SuspensionLimits,
  now: number,
): Change<AdmissionVerdict> {
  const state =
    activeUsers === undefined ? before : { ...before, activeUsers: { count: activeUsers, countedAt: now } };
  const { allowed, left } = takeAllowance(leavers, state.allowance, now);
  const room: Room = roomFor(left, state, limits, now);
  if (room.kind === "uncounted") return { state: before, answer: room };
  const receipt = { at: sliceAt(limits, now), ...room.counted, ...(allowed && { allowed }) };
  const passed = {
    immediate: leavers.immediate - left.immediate + room.passed.immediate,
    others: leavers.others - left.others + room.passed.others,
  };
  const isHeld = passed.immediate < leavers.immediate || passed.others < leavers.others;
  const heldBy = state.latch === undefined ? "SuspensionLimit" : "SuspensionLatch";
  return {
    state: withLatch(withReceipt(state, receipt, limits, now), room.latch),
    answer: { kind: "decided", passed, receipt, ...(isHeld && { heldBy }) },
  };
}

function takeAllowance(
  { immediate, others }: Leavers,
  allowance: Allowance | undefined,
  now: number,
): { allowed?: { people: number; at: number }; left: Leavers } {
  if (allowance === undefined || allowance.people === 0 || allowance.until <= now)
    return { left: { immediate, others } };
  const people = Math.min(allowance.people, immediate + others);
  const ofImmediate = Math.min(people, immediate);
  return {
    allowed: { people, at: allowance.at },
    left: { immediate: immediate - ofImmediate, others: others - (people - ofImmediate) },
  };
}

/** The same state if nobody passed: so nothing is written while a whole feed is held. */
function withReceipt(
  state: SafeguardState,
  { at, people, immediate, allowed }: Receipt,
  limits: SuspensionLimits,
  now: number,
): SafeguardState {
  const { allowance } = state;
  let next = state;
  if (allowed !== undefined && allowance !== undefined)
    next = { ...next, allowance: { ...allowance, people: allowance.people - allowed.people } };
  if (people + immediate > 0)
    next = { ...next, admissions: withAdmission(next.admissions, { at, people, immediate }, limits, now) };
  return next;
}

function withLatch(state: SafeguardState, latch: Latch | undefined): SafeguardState {
  if (latch === undefined) return state;
  const { closedAt: at, ...why } = latch;
  return withAct({ ...state, latch }, { what: "closed", at, ...why });
}
