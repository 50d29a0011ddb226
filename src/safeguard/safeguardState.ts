/** The safeguard's state of one account. It names no person. Times are milliseconds since the epoch. */
export interface SafeguardState {
  /** The suspensions that passed lately, the oldest first. */
  admissions: readonly Admission[];
  /** Present while the latch is closed: from the first held suspension until an operator resets it. */
  latch?: Latch;
  /** The suspensions that an operator has allowed in advance. */
  allowance?: Allowance;
  /** Counted in the directory, and only when the percentage matters. */
  activeUsers?: { count: number; countedAt: number };
  /** The latest changes, the oldest first: who allowed and reset, and when the latch closed. */
  acts: readonly Act[];
}

/** The people admitted in one slice of time. The window is kept in slices, so that the state stays small. */
export interface Admission {
  /** The end of the slice. Nobody in it leaves the window too early; some leave it a slice too late. */
  at: number;
  /** People within the limit. */
  people: number;
  /** Immediate leavers beyond it. */
  immediate: number;
}

/** Why the latch closed: `asked` suspensions were requested when `passed` of at most `limit` had passed. */
export interface Latch {
  closedAt: number;
  asked: number;
  passed: number;
  limit: number;
}

/** An allowance: so many suspensions pass before `until`, whatever the latch and the limit say. */
export interface Allowance {
  /** How many are left. */
  people: number;
  until: number;
  by: string;
  at: number;
}

export type Act =
  | ({ what: "closed"; at: number } & Omit<Latch, "closedAt">)
  /** Of no people: the allowance was taken back. */
  | { what: "allowed"; at: number; by: string; people: number; until: number; note?: string }
  | { what: "reset"; at: number; by: string; note?: string };

/** The state of an account that has none stored. */
export const initialState: SafeguardState = { admissions: [], acts: [] };

const actsKept = 20;

export function withAct(state: SafeguardState, act: Act): SafeguardState {
  return { ...state, acts: [...state.acts, act].slice(-actsKept) };
}

/** The port to the safeguard's store: one state per account, changed by one writer at a time. */
export interface SafeguardStore {
  /**
   * Applies `change` to the account's state, writes the new state and returns the answer. If somebody else wrote in between,
   * `change` is applied again to their state, so it must be pure. An unchanged state is not written. Throws what the store
   * throws, and an error if others keep coming first.
   */
  update<T>(accountId: string, change: (state: SafeguardState) => Change<T>): Promise<T>;
  /** The accounts that have a state, by their id. Throws what the store throws. */
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
