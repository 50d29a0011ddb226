import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isoTime } from "../../src/events/isoTime.ts";

describe("a moment as text", () => {
  it("is what Date makes of it, over and over, as far as Date goes", () => {
    const moments = fc.integer({ min: -8_640_000_000_000_000, max: 8_640_000_000_000_000 });
    fc.assert(
      fc.property(
        fc.array(fc.oneof(moments, fc.integer({ min: -2_000_000_000, max: 2_000_000_000_000 }))),
        (drawn) => {
          expect(drawn.map(isoTime)).toEqual(drawn.map((moment) => new Date(moment).toISOString()));
        },
      ),
    );
  });

  it.each([0.5, 1.5, -0.5, -1.5, 8_640_000_000_000_000])("is what Date makes of %s", (moment) => {
    expect(isoTime(moment)).toBe(new Date(moment).toISOString());
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, 8_640_000_000_000_001, -8_640_000_000_000_001])(
    "is not %s",
    (moment) => {
      expect(() => isoTime(moment)).toThrow(RangeError);
    },
  );
});
