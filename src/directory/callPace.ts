/** Lets the calls of one service pass at its rate. Every client of an execution environment for that service shares it. */
export interface CallPace {
  /**
   * Waits for the call's turn, and returns `true`; `false` without a turn if it would come too late, but not before one more turn has
   * passed, so that a caller with many calls does not give all of them up at once. Calls wait in the order of their ranks, and in the
   * order of arrival within a rank.
   */
  wait(longestMilliseconds: number, rank?: CallRank): Promise<boolean>;
  /** How the service answered a call. An answer that says nothing of the rate is not to be noted. */
  noteAnswer(answer: "throttled" | "answered"): void;
  /** From one call to the next; 0 where nothing waits. */
  intervalMilliseconds(): number;
}

/** `first`: before all others, because earlier calls are worth nothing without it. `soon`: a call that one of those will follow. */
export type CallRank = "first" | "soon" | "usual";

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
  let waiting: WaitingCall[] = [];
  let isServing = false;

  const intervalMilliseconds = () => (callsPerSecond === undefined ? 0 : 1000 / callsPerSecond);

  function slowDown() {
    if (now() - slowedAt < ignoreFurtherMilliseconds) return;
    slowedAt = now();
    callsPerSecond = Math.max(slowest, (callsPerSecond ?? sentAt.length) * decrease);
    refuseLate();
  }

  /** When the call at this place of the queue has its turn. */
  const turnAt = (place: number) => Math.max(now(), nextAt) + place * intervalMilliseconds();

  /** Whoever has been overtaken, or waits for a rate that has fallen, may have no turn in time any more. */
  function refuseLate() {
    const inTime: WaitingCall[] = [];
    for (const call of waiting)
      if (turnAt(inTime.length) <= call.latest) inTime.push(call);
      else call.pass(false);
    waiting = inTime;
  }

  /** Lets the waiting calls pass, one at each turn. Whoever arrives before a turn may still overtake. */
  async function serve() {
    isServing = true;
    while (waiting.length > 0) {
      const at = turnAt(0);
      if (at > now()) await sleep(at - now());
      const next = waiting.shift();
      if (next === undefined) break;
      nextAt = at + intervalMilliseconds();
      next.pass(true);
    }
    isServing = false;
  }

  return {
    intervalMilliseconds,
    async wait(longestMilliseconds, rank = "usual") {
      const asked = now();
      if (callsPerSecond === undefined) {
        sentAt = [...sentAt.filter((at) => at > asked - 1000), asked];
        return true;
      }
      const place = waiting.filter((other) => rankOf[other.rank] <= rankOf[rank]).length;
      if (turnAt(place) - asked > longestMilliseconds) {
        await sleep(Math.max(0, Math.min(intervalMilliseconds(), longestMilliseconds)));
        return false;
      }
      return new Promise<boolean>((pass) => {
        waiting.splice(place, 0, { rank, latest: asked + longestMilliseconds, pass });
        refuseLate();
        if (!isServing) void serve();
      });
    },
    noteAnswer(answer) {
      if (answer === "throttled") slowDown();
      else if (callsPerSecond !== undefined) callsPerSecond = Math.min(fastest, callsPerSecond + increase);
    },
  };
}

interface WaitingCall {
  rank: CallRank;
  /** Milliseconds since the epoch. */
  latest: number;
  pass: (hasTurn: boolean) => void;
}

const rankOf: Readonly<Record<CallRank, number>> = { first: 0, soon: 1, usual: 2 };
