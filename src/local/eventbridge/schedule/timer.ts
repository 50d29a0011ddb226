/** The clock that the scheduler goes by. */
export interface Timer {
  /** Milliseconds since 1970. */
  now: () => number;
  /** Calls back once after that time; the function that it returns prevents it. */
  after: (milliseconds: number, callback: () => void) => () => void;
}

export const systemTimer: Timer = {
  now: () => Date.now(),
  after: (milliseconds, callback) => {
    const timeout = setTimeout(callback, milliseconds);
    return () => clearTimeout(timeout);
  },
};
