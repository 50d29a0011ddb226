import type { FindLimits, SuspensionLimits } from "../policy/suspensionLimits.ts";
import {
  type AdmissionDecision,
  type AdmissionRequest,
  decideAdmission,
  type Receipt,
  returnUnused,
} from "./decideAdmission.ts";
import { initialState, type SafeguardState, type SafeguardStore, withAct } from "./safeguardState.ts";

/** The safeguard against mass suspensions, as a batch uses it. */
export interface Safeguard {
  store: SafeguardStore;
  /** `undefined` for an account whose suspensions are not counted. */
  limitsOf: FindLimits;
  /** Called when unused admissions could not be taken off the count. */
  onFault: (error: unknown) => void;
}

/** Asks to admit suspensions of one account. A fault of the store is an answer: nobody may be suspended on a guess. */
export async function admit(
  { store }: Safeguard,
  accountId: string,
  request: AdmissionRequest,
  limits: SuspensionLimits,
  now: number,
): Promise<AdmissionDecision | { kind: "fault"; reason: string }> {
  try {
    return await store.update(accountId, (state) => decideAdmission(state, request, limits, now));
  } catch (error) {
    return { kind: "fault", reason: `the safeguard could not count the suspensions: ${String(error)}` };
  }
}

/**
 * Takes admitted people who were not suspended off the count. If it fails they stay counted, as they do when a worker dies: the
 * limit is reached too early then, and never too late.
 */
export async function giveBack(
  { store, onFault }: Safeguard,
  accountId: string,
  receipt: Receipt,
  unused: number,
): Promise<void> {
  if (unused === 0) return;
  try {
    await store.update(accountId, (state) => ({
      state: returnUnused(state, receipt, unused),
      answer: undefined,
    }));
  } catch (error) {
    onFault(error);
  }
}

/** An operator's allowance: so many people, before `until` (milliseconds since the epoch). */
export interface AllowanceRequest {
  people: number;
  until: number;
  by: string;
  note?: string;
}

/**
 * Lets so many suspensions of an account pass, whatever the latch and the limit say. The allowance replaces what is left of an
 * earlier one. Returns the new state. Throws what the store throws.
 */
export function allowSuspensions(
  store: SafeguardStore,
  accountId: string,
  { people, until, by, note }: AllowanceRequest,
  now: number,
): Promise<SafeguardState> {
  return store.update(accountId, (before) => {
    const act = { what: "allowed", at: now, by, people, until, ...(note !== undefined && { note }) } as const;
    const state = withAct({ ...before, allowance: { people, until, by, at: now } }, act);
    return { state, answer: state };
  });
}

/**
 * Takes back what is left of an allowance, so that the limit and the latch count from the next suspension on. On record it is an
 * allowance of nobody: a worker of an earlier release knows no other act, and would refuse the state. Returns the new state.
 */
export function disallowSuspensions(
  store: SafeguardStore,
  accountId: string,
  { by, note }: { by: string; note?: string },
  now: number,
): Promise<SafeguardState> {
  return store.update(accountId, (before) => {
    const { allowance, ...rest } = before;
    if (allowance === undefined) return { state: before, answer: before };
    const act = {
      what: "allowed",
      at: now,
      by,
      people: 0,
      until: now,
      ...(note !== undefined && { note }),
    } as const;
    const state = withAct(rest, act);
    return { state, answer: state };
  });
}

/**
 * Opens an account's latch: suspensions pass up to the limit from now on, and those of the window still count. Held suspensions
 * stay held until they are released. Returns the new state. Throws what the store throws.
 */
export function resetLatch(
  store: SafeguardStore,
  accountId: string,
  { by, note }: { by: string; note?: string },
  now: number,
): Promise<SafeguardState> {
  return store.update(accountId, ({ latch: _, ...before }) => {
    const state = withAct(before, { what: "reset", at: now, by, ...(note !== undefined && { note }) });
    return { state, answer: state };
  });
}

/** The safeguard's store in memory. It keeps the same contract as the one in DynamoDB. */
export function memorySafeguardStore(states = new Map<string, SafeguardState>()): SafeguardStore {
  return {
    update: async (accountId, change) => {
      const { state, answer } = change(states.get(accountId) ?? initialState);
      if (state !== initialState) states.set(accountId, state);
      return answer;
    },
    list: async () =>
      [...states]
        .map(([accountId, state]) => ({ accountId, state }))
        .sort((a, b) => (a.accountId < b.accountId ? -1 : 1)),
  };
}
