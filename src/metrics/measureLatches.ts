import type { AccountSafeguard } from "../safeguard/safeguardStore.ts";
import type { Measurement } from "./metricTable.ts";

/**
 * 1 for each account whose latch is closed and 0 for the others: a gauge, so that its alarm lasts as long as the latch.
 * Where no account has a safeguard yet the whole is told, so that the alarm knows that all is well.
 */
export function measureLatches(accounts: readonly AccountSafeguard[]): Measurement[] {
  const name = "LatchClosed";
  if (accounts.length === 0) return [{ name, values: [0], dimensions: {} }];
  return accounts.map(({ accountId, state }) => ({
    name,
    values: [state.latch === undefined ? 0 : 1],
    dimensions: { account: accountId },
  }));
}
