import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type CallPace, type CallRank, callPace } from "../../src/directory/callPace.ts";

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

  it.each<{ title: string; calls: [name: string, rank: CallRank, longest: number][]; order: string[] }>([
    {
      title: "lets a call of a higher rank go first, and refuses whoever has no turn in time for it",
      calls: [
        ["one", "usual", 9_000],
        ["two", "usual", 9_000],
        ["three", "usual", 500],
        ["four", "soon", 9_000],
        ["five", "first", 9_000],
        ["six", "first", 9_000],
      ],
      order: ["one at 0", "three refused at 0", "five at 250", "six at 500", "four at 750", "two at 1000"],
    },
    {
      title:
        "refuses a call after one more turn, so that a caller of many does not give all of them up at once",
      calls: [
        ["one", "usual", 300],
        ["two", "usual", 300],
        ["three", "usual", 300],
      ],
      order: ["one at 0", "two at 250", "three refused at 250"],
    },
  ])("$title", async ({ calls, order }) => {
    const pace = callPace(timer, 4);
    const seen: string[] = [];
    const made = calls.map(async ([name, rank, longest]) => {
      const word = (await pace.wait(longest, rank)) ? "at" : "refused at";
      seen.push(`${name} ${word} ${Date.now()}`);
    });
    await vi.advanceTimersByTimeAsync(10_000);
    await Promise.all(made);
    expect(seen).toEqual(order);
  });
});
