import { describe, expect, it } from "vitest";
import {
  functionFigures,
  idealSeconds,
  leaversFigures,
  trickleFigures,
} from "../../../bench/day/dayFigures.ts";

const settings = { windowSeconds: 5, callsPerSecond: 10, latencyMilliseconds: 20 };
const aCall = (at: number, userIds: readonly string[], tookEffect = true) => ({
  at,
  tookEffect,
  users: userIds.map((sent) => ({ sent })),
});

describe("idealSeconds", () => {
  it.each([
    [10_000, 25],
    [50, 5.1],
    [51, 5.2],
  ])("is the window and full calls at the rate, for %i leavers", (leavers, seconds) => {
    expect(idealSeconds(leavers, settings)).toBeCloseTo(seconds);
  });
});

describe("leaversFigures", () => {
  it("ends with the last suspension, whichever call came last, and counts what the rate refused by itself", () => {
    const calls = [
      aCall(7000, ["a", "b"]),
      aCall(7010, ["c"], false),
      aCall(11_180, ["c"]),
      aCall(12_000, ["d"], false),
    ];
    expect(leaversFigures({ leavers: 100, startedAt: 1000 }, calls, settings)).toEqual({
      leavers: 100,
      suspended: 3,
      seconds: 10.2,
      callsTaken: 2,
      callsRefused: 2,
      usersPerCall: 1.5,
      idealSeconds: 5.2,
      timesIdeal: expect.closeTo(10.2 / 5.2),
    });
  });

  it("takes a person's first suspension, not one that was made again", () => {
    const calls = [aCall(6980, ["a"]), aCall(9000, ["a"])];
    const { suspended, seconds } = leaversFigures({ leavers: 1, startedAt: 1000 }, calls, settings);
    expect({ suspended, seconds }).toEqual({ suspended: 1, seconds: 6 });
  });
});

describe("trickleFigures", () => {
  it("measures each person from the event to the suspension", () => {
    const publishedAt = new Map([
      ["a", 1000],
      ["b", 2000],
      ["c", 3000],
    ]);
    const calls = [aCall(5980, ["a", "b"]), aCall(6100, ["c"], false), aCall(9480, ["c"])];
    expect(trickleFigures(publishedAt, calls, settings)).toEqual({
      events: 3,
      suspended: 3,
      windowSeconds: 5,
      seconds: { p50: 5, p95: 6.5, max: 6.5 },
      callsTaken: 2,
      callsRefused: 1,
      usersPerCall: 1.5,
    });
  });
});

describe("functionFigures", () => {
  it("divides what the function took by its batches and records", () => {
    const batches = [
      { records: 100, milliseconds: 1000 },
      { records: 200, milliseconds: 3000 },
      { records: 100, milliseconds: 2000 },
    ];
    expect(functionFigures(batches, 1.2, 512)).toEqual({
      batches: 3,
      recordsPerBatch: expect.closeTo(400 / 3),
      secondsPerBatch: { min: 1, median: 2, max: 3 },
      processorSeconds: 1.2,
      processorSecondsPerBatch: expect.closeTo(0.4),
      processorMillisecondsPerRecord: expect.closeTo(3),
      gigabyteSecondsPerBatch: 1,
    });
  });
});
