import { describe, expect, it } from "vitest";
import { RosterFault } from "../../src/roster/rosterFault.ts";
import { toAsOf } from "../../src/roster/toAsOf.ts";
import { noon } from "../drain/samples.ts";

describe("the time of a stored roster", () => {
  it("is when it was written, and never later than now", () => {
    const at = (writtenAt: number) => toAsOf({ stated: undefined, writtenAt }, noon);
    expect([at(noon - 5), at(noon + 5)]).toEqual([noon - 5, noon]);
  });

  it("is rather what the export says, in any time zone", () => {
    const at = (stated: string) => toAsOf({ stated, writtenAt: noon }, noon);
    expect([at("2026-05-14T11:00:00Z"), at("2026-05-14T11:00:00+02:00")]).toEqual([
      noon - 3_600_000,
      noon - 3 * 3_600_000,
    ]);
  });

  it.each(["yesterday", "2026-05-14", "2026-05-14T11:00:00", "2026-02-31T11:00:00Z", ""])(
    "is not guessed where the export says %j",
    (stated) => {
      const read = () => toAsOf({ stated, writtenAt: noon }, noon);
      expect(read).toThrow(RosterFault);
      expect(read).toThrow("expected the object's metadata as-of to be a time such as 2026-05-14T06:00:00Z");
    },
  );

  it("must not be still to come, because the roster would go before every decision until then", () => {
    const read = () => toAsOf({ stated: "2026-05-14T12:00:00.001Z", writtenAt: noon }, noon);
    expect(read).toThrow("metadata as-of, 2026-05-14T12:00:00.001Z, is still to come");
  });
});
