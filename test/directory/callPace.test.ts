import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type CallPace, callPace } from "../../src/directory/callPace.ts";

describe("the pace of a service whose rate is known", () => {
  const sleep = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds));
  const timer = { now: () => Date.now(), sleep };

  beforeEach(() => {
    vi.useFakeTimers({ now: 0 });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  /** When each of so many calls gets its turn, or `false`. */
  async function turns({ wait }: CallPace, count: number, longest = Number.POSITIVE_INFINITY) {
    const calls = Array.from({ length: count }, () =>
      wait(longest).then((hasTurn) => (hasTurn ? Date.now() : hasTurn)),
    );
    await vi.advanceTimersByTimeAsync(60_000);
    return Promise.all(calls);
  }

  it("is kept to from the first call on, which does not wait", async () => {
    expect(await turns(callPace(timer, 4), 4)).toEqual([0, 250, 500, 750]);
  });

  it("gives no turn that comes too late, and keeps none for whoever does not wait", async () => {
    const pace = callPace(timer, 4);
    expect([await turns(pace, 4, 300), await turns(pace, 1)]).toEqual([[0, 250, false, false], [60_000]]);
  });

  it("is never faster than known, however many calls are answered", async () => {
    const pace = callPace(timer, 4);
    for (let call = 0; call < 100; call += 1) pace.noteAnswer("answered");
    expect(await turns(pace, 2)).toEqual([0, 250]);
  });

  it("falls once the service throttles all the same, and a slow service is not called faster for it", async () => {
    const [quick, slow] = [callPace(timer, 4), callPace(timer, 0.25)];
    quick.noteAnswer("throttled");
    slow.noteAnswer("throttled");
    expect([await turns(quick, 2), await turns(slow, 2)]).toEqual([
      [0, 312],
      [60_000, 64_000],
    ]);
  });
});
