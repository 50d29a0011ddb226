import type { HeldRule } from "../ledger/pendingStore.ts";
import type { SuspensionLimits } from "../policy/suspensionLimits.ts";
import {
  type Admission,
  type Allowance,
  type Change,
  type Latch,
  type SafeguardState,
  withAct,
} from "./safeguardState.ts";

/** The suspensions that one invocation asks for in one account. */
export interface AdmissionRequest extends Leavers {
  /** The account's active users, where they have just been counted. */
  activeUsers?: number;
}

export type AdmissionDecision =
  /** So many of each may be suspended; `heldBy` says why not all of them. */
  | { kind: "decided"; passed: Leavers; receipt: Receipt; heldBy?: HeldRule }
  /** The decision depends on the account's active users: count them and ask again. */
  | { kind: "uncounted" };

/** Says where admitted suspensions are counted, so that unused ones can be taken off again (`returnUnused`). */
export interface Receipt {
  /** The slice of the window. */
  at: number;
  people: number;
  immediate: number;
  /** From the allowance that was given at that moment. */
  allowed?: { people: number; at: number };
}

/**
 * Decides how many suspensions pass now, and how the state changes. Pure, so that it can be done again on a state that another
 * function wrote. An operator's allowance is used first. Once a suspension is held the latch is closed, until an operator
 * resets it.
 *
 * @param now milliseconds since the epoch
 */
export function decideAdmission(
  before: SafeguardState,
  { activeUsers, ...leavers }: AdmissionRequest,
  limits: SuspensionLimits,
  now: number,
): Change<AdmissionDecision> {
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

/** Returns the same state if nobody passed, so that nothing is written while a whole feed is held. */
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

/** The people of an account who are to be suspended now. */
interface Leavers {
  /** Leavers with `urgency: "immediate"`. */
  immediate: number;
  others: number;
}

type Room =
  /** So many of each may pass, and are counted like this. With a latch: the others are held, and it closes. */
  | { kind: "room"; passed: Leavers; counted: Omit<Admission, "at">; latch?: Latch }
  /** The answer depends on how many active users the account has. */
  | { kind: "uncounted" };

/**
 * Decides how many people whom no allowance covers may pass. All or none, because half of a wrong feed is wrong too. Only
 * immediate leavers pass beyond the limit, up to a small number of their own.
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

/** A count of active users is used for a day: it changes little in that time, and costs a call for each 200 users. */
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

/** So many slices to a window: few enough for a small state, and so short that nobody minds waiting for one more. */
const slicesOfWindow = 60;

/** The slice that an admission of now belongs to, by its end. */
function sliceAt(limits: SuspensionLimits, now: number): number {
  const slice = windowMilliseconds(limits) / slicesOfWindow;
  return Math.ceil(now / slice) * slice;
}

/** Adds up the suspensions that passed in the window that ends now. */
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

/** The admissions of the window with one more. Admissions of the same slice are merged. */
function withAdmission(
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

/** The most people that may be suspended in a window, in an account with so many active users. */
export function suspensionLimit({ atLeast, percent }: SuspensionLimits, activeUsers: number): number {
  return Math.max(atLeast, Math.floor((activeUsers * percent) / 100));
}

/**
 * Takes unused admissions of a receipt off the count, because those people were not suspended after all. The window goes first:
 * only the number matters, not who it was. Admissions in a slice that is gone, or in an allowance that another has replaced,
 * are gone with it.
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
