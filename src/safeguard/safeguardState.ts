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

/** How many were let pass after that moment, for a status. */
export function passedSince(
  { admissions }: SafeguardState,
  since: number,
): { people: number; immediate: number } {
  const counted = admissions.filter(({ at }) => at > since);
  return {
    people: counted.reduce((sum, { people }) => sum + people, 0),
    immediate: counted.reduce((sum, { immediate }) => sum + immediate, 0),
  };
}
