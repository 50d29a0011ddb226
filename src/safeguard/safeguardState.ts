/**
 * What the safeguard remembers of one account. Nothing here names a person. Times are milliseconds since the epoch.
 */
export interface SafeguardState {
  /** Who was let pass lately, the oldest first. */
  admissions: readonly Admission[];
  /** Closed by the first suspension that was held, and until an operator resets it. */
  latch?: Latch;
  /** What an operator has allowed in advance. */
  allowance?: Allowance;
  /** Counted in the directory, only when the percentage matters. */
  activeUsers?: { count: number; countedAt: number };
  /** What was done to the safeguard lately, the oldest first: who allowed and reset, and when the latch closed. */
  acts: readonly Act[];
}

/** Those who were let pass in one slice of time: the window is kept in slices, so that the state stays small. */
export interface Admission {
  /** The end of the slice. Nobody in it leaves the window too early; some do a slice too late. */
  at: number;
  /** Within the limit. */
  people: number;
  /** Beyond it, because they leave at once. */
  immediate: number;
}

/** Why the latch closed: so many more were asked for when so many had passed, of so many at most. */
export interface Latch {
  closedAt: number;
  asked: number;
  passed: number;
  limit: number;
}

/** So many suspensions pass, whatever the latch and the limit say, before `until`. */
export interface Allowance {
  /** What is left of it. */
  people: number;
  until: number;
  by: string;
  at: number;
}

export type Act =
  | ({ what: "closed"; at: number } & Omit<Latch, "closedAt">)
  | { what: "allowed"; at: number; by: string; people: number; until: number; note?: string }
  | { what: "reset"; at: number; by: string; note?: string };

/** An account of which nothing is remembered. */
export const initialState: SafeguardState = { admissions: [], acts: [] };

const actsKept = 20;

export function withAct(state: SafeguardState, act: Act): SafeguardState {
  return { ...state, acts: [...state.acts, act].slice(-actsKept) };
}

/** The port to what the safeguard remembers: one state per account, changed by one writer at a time. */
export interface SafeguardStore {
  /**
   * Hands the account's state to `change`, writes what comes back and gives back its answer. If somebody else wrote in
   * between, it is done again on what they wrote, so `change` must be pure. The same state back is not written. Throws
   * what the store throws, and an error if others keep coming first.
   */
  update<T>(accountId: string, change: (state: SafeguardState) => Change<T>): Promise<T>;
  /** The accounts of which something is remembered, by their id. Throws what the store throws. */
  list(): Promise<AccountSafeguard[]>;
}

export interface Change<T> {
  state: SafeguardState;
  answer: T;
}

export interface AccountSafeguard {
  accountId: string;
  state: SafeguardState;
}
