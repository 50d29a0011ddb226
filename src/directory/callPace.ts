/** Lets the calls of one service pass at its rate. Every client of an execution environment for that service shares it. */
export interface CallPace {
  /** Waits for the call's turn, and returns `true`; `false` at once, without a turn, if that would take longer. */
  wait(longestMilliseconds: number): Promise<boolean>;
  /** How the service answered a call. An answer that says nothing of the rate is not to be noted. */
  noteAnswer(answer: "throttled" | "answered"): void;
}

export interface Timer {
  /** Milliseconds since the epoch. */
  now: () => number;
  sleep: (milliseconds: number) => Promise<void>;
}

/** The factor by which the rate falls when the service throttles a call. */
const decrease = 0.8;
/** Each answered call adds this to the rate, in calls per second: some ten per cent more in a second, at any rate. */
const increase = 0.1;
const slowestCallsPerSecond = 0.5;
/** Calls that were under way together are throttled together, and slow the rate down once. */
const ignoreFurtherMilliseconds = 500;

/**
 * Paces calls so that all of them slow down together once the service throttles: additive increase, multiplicative decrease, as TCP
 * shares a line among strangers. Nothing is saved up while nothing is to be done, because many services take no bursts.
 *
 * https://www.rfc-editor.org/rfc/rfc5681 (congestion avoidance)
 *
 * @param fastestCallsPerSecond the rate that the service is known to allow, which is kept to from the first call on; without it
 * nothing waits until the service throttles
 */
export function callPace({ now, sleep }: Timer, fastestCallsPerSecond?: number): CallPace {
  const fastest = fastestCallsPerSecond ?? Number.POSITIVE_INFINITY;
  const slowest = Math.min(slowestCallsPerSecond, fastest);
  let callsPerSecond = fastestCallsPerSecond;
  let nextAt = 0;
  let slowedAt = Number.NEGATIVE_INFINITY;
  let sentAt: number[] = [];

  function slowDown() {
    if (now() - slowedAt < ignoreFurtherMilliseconds) return;
    slowedAt = now();
    callsPerSecond = Math.max(slowest, (callsPerSecond ?? sentAt.length) * decrease);
  }

  return {
    async wait(longestMilliseconds) {
      const asked = now();
      if (callsPerSecond === undefined) {
        sentAt = [...sentAt.filter((at) => at > asked - 1000), asked];
        return true;
      }
      const at = Math.max(asked, nextAt);
      if (at - asked > longestMilliseconds) return false;
      nextAt = at + 1000 / callsPerSecond;
      if (at > asked) await sleep(at - asked);
      return true;
    },
    noteAnswer(answer) {
      if (answer === "throttled") slowDown();
      else if (callsPerSecond !== undefined) callsPerSecond = Math.min(fastest, callsPerSecond + increase);
    },
  };
}
