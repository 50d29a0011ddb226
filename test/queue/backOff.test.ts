import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { backOffSeconds } from "../../src/queue/backOff.ts";

const receiveCount = fc.integer({ min: 1, max: 1_000 });
const retryAfterSeconds = fc.option(fc.double({ min: 0, max: 1e6, noNaN: true }), { nil: undefined });
const uniform = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

/** As a failure with this `retry-after`, or with none. */
function after(seconds: number | undefined) {
  return seconds === undefined ? {} : { retryAfterSeconds: seconds };
}

/** The longest wait that the jitter can give. */
function ceiling(count: number, seconds?: number): number {
  return backOffSeconds(count, after(seconds), () => 1 - Number.EPSILON);
}

describe("the back-off", () => {
  it("doubles its ceiling with every receive, up to a quarter of an hour", () => {
    const ceilings = Array.from({ length: 10 }, (_, index) => ceiling(index + 1));
    expect(ceilings).toEqual([5, 10, 20, 40, 80, 160, 320, 640, 900, 900]);
  });

  it("spreads evenly from at once to the ceiling", () => {
    const seconds = [0, 0.25, 0.5, 0.75].map((random) => backOffSeconds(6, {}, () => random));
    expect(seconds).toEqual([1, 40, 80, 120]);
  });

  it("adds its jitter to the service's own retry-after", () => {
    const seconds = [0, 0.5].map((random) => backOffSeconds(1, { retryAfterSeconds: 30.2 }, () => random));
    expect(seconds).toEqual([31, 34]);
  });

  it("stays under the ceiling of a failure that gets no better with waiting", () => {
    const seconds = [1, 4, 5, 9].map((count) =>
      backOffSeconds(count, { atMostSeconds: 60 }, () => 1 - Number.EPSILON),
    );
    expect(seconds).toEqual([5, 40, 60, 60]);
  });

  it("is long where somebody has to mend something first, and spread out from the first time on", () => {
    const seconds = [0, 0.5, 1 - Number.EPSILON].map((random) =>
      backOffSeconds(1, { atLeastSeconds: 300 }, () => random),
    );
    expect(seconds).toEqual([300, 450, 600]);
  });

  it("leaves the window and the invocation their part of the 12 hours that SQS allows", () => {
    expect(ceiling(1, 43_200)).toBe(43_200 - 300 - 900);
  });

  it("is whole seconds that SQS accepts, whatever comes in", () => {
    fc.assert(
      fc.property(receiveCount, retryAfterSeconds, uniform, (count, retryAfter, random) => {
        const seconds = backOffSeconds(count, after(retryAfter), () => random);
        expect(Number.isInteger(seconds) && seconds >= 1 && seconds <= 42_000).toBe(true);
      }),
    );
  });

  it("is never shorter than the retry-after, unless SQS could not wait so long", () => {
    fc.assert(
      fc.property(
        receiveCount,
        fc.double({ min: 0, max: 1e6, noNaN: true }),
        uniform,
        (count, wanted, random) => {
          const seconds = backOffSeconds(count, { retryAfterSeconds: wanted }, () => random);
          expect(seconds).toBeGreaterThanOrEqual(Math.min(wanted, 42_000));
        },
      ),
    );
  });

  it("never lowers its ceiling for a further receive", () => {
    fc.assert(
      fc.property(receiveCount, retryAfterSeconds, (count, retryAfter) => {
        expect(ceiling(count + 1, retryAfter)).toBeGreaterThanOrEqual(ceiling(count, retryAfter));
      }),
    );
  });
});
