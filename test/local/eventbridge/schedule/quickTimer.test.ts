import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { quickTimer } from "../../../../src/local/eventbridge/schedule/quickTimer.ts";

beforeEach(() => void vi.useFakeTimers({ now: 1_000_000 }));
afterEach(() => void vi.useRealTimers());

describe("a quick timer", () => {
  it("lets six minutes pass in one", () => {
    const timer = quickTimer(6);
    vi.advanceTimersByTime(60_000);
    expect(timer.now()).toBe(1_000_000 + 360_000);
  });

  it("calls back as much earlier, unless it is cancelled", () => {
    const calls: string[] = [];
    const timer = quickTimer(6);
    timer.after(60_000, () => calls.push("due"));
    timer.after(60_000, () => calls.push("cancelled"))();
    vi.advanceTimersByTime(9_999);
    const early = [...calls];
    vi.advanceTimersByTime(1);
    expect({ early, calls }).toEqual({ early: [], calls: ["due"] });
  });
});
