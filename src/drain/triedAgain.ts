import type { Retry } from "./outcome.ts";

/**
 * Others are done in seconds, or their lease ends soon: a leaver must not wait for a quarter of an hour because of them.
 * Yet not so short that a dead worker's message, hidden for minutes, costs the ones behind it all of their receives.
 */
export const longestWaitForOthersSeconds = 60;

/** Another decision about the same person is under way. The worker that it waits for may be dead for good. */
export function personBusy(reason: string): Retry {
  return {
    kind: "retry",
    code: "PersonBusy",
    reason,
    atMostSeconds: longestWaitForOthersSeconds,
    receivesAreNumbered: true,
  };
}

/** @param answer the ledger's fault; `undefined` if it said nothing of the message */
export function ledgerUnavailable(answer: { reason: string } | undefined): Retry {
  const reason = answer?.reason ?? "the ledger gave no answer for the message";
  return { kind: "retry", code: "LedgerUnavailable", reason };
}
