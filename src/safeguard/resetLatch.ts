import { type SafeguardState, withAct } from "./safeguardState.ts";
import type { SafeguardStore } from "./safeguardStore.ts";

/**
 * Opens an account's latch: suspensions that come from now on pass up to the limit, of which those of the window are
 * still a part. What was held stays held until it is released. Gives back the state after it. Throws what the store
 * throws.
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
