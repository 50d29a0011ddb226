import { describe, expect, it } from "vitest";
import { waiting } from "../../src/drain/waiting.ts";
import { noon } from "./samples.ts";

const minute = 60_000;
const day = 86_400_000;

describe("whoever does not exist yet is waited for", () => {
  it.each([
    ["five minutes at first", 0, 5 * minute],
    ["five minutes, if a clock is ahead", -minute, 5 * minute],
    ["as long again as so far", 42 * minute, 42 * minute],
    ["no longer than a day", 3 * day, day],
    ["to the end of the 30 days", 30 * day - 1, day],
  ])("%s", (_, waited, wait) => {
    expect(waiting(noon - waited, noon)).toEqual({
      kind: "deferred",
      because: "notRegistered",
      until: noon + wait,
    });
  });

  it("ever more seldom, about forty times in all", () => {
    const waits: number[] = [];
    let now = noon;
    while (waits.length < 100) {
      const outcome = waiting(noon, now);
      if (outcome.kind !== "deferred") break;
      waits.push(outcome.until - now);
      now = outcome.until;
    }
    expect({
      grow: waits.every((wait, index) => wait >= (waits[index - 1] ?? 0)),
      tries: waits.length,
      days: Math.floor((now - noon) / day),
    }).toEqual({ grow: true, tries: 39, days: 30 });
  });

  it("for 30 days, and then no more", () => {
    const outcome = waiting(noon - 30 * day, noon);
    expect(outcome).toMatchObject({
      code: "NeverRegistered",
      reason: expect.stringMatching(/for 30 days; check the address in HR, or send the event again$/),
    });
  });
});
