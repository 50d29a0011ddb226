import { describe, expect, it } from "vitest";
import { isLicenseType, toLicenseType } from "../../../src/directory/chime/chimeCapabilities.ts";

describe("toLicenseType", () => {
  it("takes the licenses of Chime, in their own spelling", () => {
    const names = ["Basic", "Plus", "Pro", "ProTrial", "pro", "", undefined];
    expect(names.map(isLicenseType)).toEqual([true, true, true, true, false, false, false]);
    expect(toLicenseType("ProTrial")).toBe("ProTrial");
  });

  it.each([
    ["Platinum", "Platinum"],
    [undefined, "(none)"],
  ])("names the licenses that there are to who asks for %s", (name, shown) => {
    expect(() => toLicenseType(name)).toThrow(
      new RangeError(`license ${shown}: expected one of Basic, Plus, Pro, ProTrial`),
    );
  });
});
