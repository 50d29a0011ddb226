import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { toInstant, vendorTime } from "../../src/sources/vendorTime.ts";

describe("a vendor's time", () => {
  it.each([
    ["an offset without a colon", "2026-01-31T18:42:00+0000", "2026-01-31T18:42:00.000Z"],
    ["an offset", "2026-01-31T18:42:00-08:00", "2026-02-01T02:42:00.000Z"],
    ["one digit of a second, and no offset", "2026-05-15T00:00:03.1", "2026-05-15T00:00:03.100Z"],
    ["more digits than a clock has", "2026-05-15T00:00:03.123456Z", "2026-05-15T00:00:03.123Z"],
    ["Unix seconds", 1671058841, "2022-12-14T23:00:41.000Z"],
    ["Unix seconds as text", "1671058841", "2022-12-14T23:00:41.000Z"],
  ])("is read with %s", (_, value, instant) => {
    expect(toInstant(value)).toBe(instant);
  });

  it.each(["", "yesterday", "2026-01-31", "2026-13-31T00:00:00Z", "31.01.2026", "1671058841000", -1, NaN])(
    "is none in %j",
    (value) => {
      expect(toInstant(value)).toBe(undefined);
    },
  );

  it("is the same however an instant is spelt", () => {
    const instants = fc.integer({ min: 1e9, max: 4e9 }).map((seconds) => new Date(seconds * 1000));
    fc.assert(
      fc.property(instants, (instant) => {
        const iso = instant.toISOString();
        const bare = iso.replace(/\.000Z$/, "");
        const spellings = [iso, `${bare}+0000`, `${bare}+00:00`, `${bare}.0`, bare, instant.getTime() / 1000];
        expect(spellings.map(vendorTime)).toEqual(spellings.map(() => instant.getTime()));
      }),
    );
  });
});
