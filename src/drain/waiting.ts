import { dayMilliseconds } from "../events/day.ts";
import type { Outcome } from "./outcome.ts";

const shortestWaitMilliseconds = 5 * 60_000;
const longestWaitMilliseconds = 24 * 3_600_000;
/** After this somebody has to look: the person may never register, or the address may be wrong. */
const patienceMilliseconds = 30 * dayMilliseconds;

/**
 * The outcome for someone who does not exist in the directory yet: wait about as long again as they have been waited
 * for, between five minutes and a day, and for 30 days in all. Times in milliseconds since the epoch.
 */
export function waiting(since: number, now: number): Outcome {
  const waited = now - since;
  if (waited >= patienceMilliseconds) {
    return {
      kind: "rejected",
      code: "NeverRegistered",
      reason:
        "the directory has known no user with this address for 30 days; check the address in HR, or send the event again",
    };
  }
  const wait = Math.min(longestWaitMilliseconds, Math.max(shortestWaitMilliseconds, waited));
  return { kind: "deferred", because: "notRegistered", until: now + wait };
}
