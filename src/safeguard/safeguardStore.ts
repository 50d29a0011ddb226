import type { SafeguardState } from "./safeguardState.ts";

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
