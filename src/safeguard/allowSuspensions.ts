import { type SafeguardState, withAct } from "./safeguardState.ts";
import type { SafeguardStore } from "./safeguardStore.ts";

/** What an operator allows: so many people, before `until` (milliseconds since the epoch). */
export interface AllowanceRequest {
  people: number;
  until: number;
  by: string;
  note?: string;
}

/**
 * Lets so many suspensions of an account pass, whatever the latch and the limit say; in place of what is left of an
 * earlier allowance. Gives back the state after it. Throws what the store throws.
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
