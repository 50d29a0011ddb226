import { initialState, type SafeguardState } from "../safeguardState.ts";
import type { SafeguardStore } from "../safeguardStore.ts";

/** What the safeguard remembers, in memory; held to the same contract as the one in DynamoDB. */
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
