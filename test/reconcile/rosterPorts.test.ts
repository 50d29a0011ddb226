import { describe, expect, it } from "vitest";
import { parseRemembered, toRememberedJson } from "../../src/reconcile/rosterPorts.ts";

const asOf = Date.parse("2026-05-14T12:00:00Z");
const stored = { present: 4, etag: '"b"', circumstances: "c", asOf: "2026-05-14T12:00:00.000Z" };

describe("the stored form of a remembered roster", () => {
  it("has its time in ISO 8601, and its inputs digest under the name `circumstances`", () => {
    const roster = { present: 4, asOf, etag: '"b"', inputsDigest: "c" };
    expect(toRememberedJson(roster)).toBe(JSON.stringify(stored));
    expect(parseRemembered(stored)).toEqual(roster);
  });

  it("lacks what is not known", () => {
    const roster = { present: 4, asOf };
    expect(toRememberedJson(roster)).toBe('{"present":4,"asOf":"2026-05-14T12:00:00.000Z"}');
    expect(parseRemembered({ present: 4, asOf: stored.asOf })).toEqual(roster);
  });

  it.each([
    undefined,
    null,
    {},
    { ...stored, present: -1 },
    { ...stored, asOf: "noon" },
    { ...stored, etag: 1 },
  ])("is not %j", (value) => {
    expect(parseRemembered(value)).toBeUndefined();
  });
});
