import { describe, expect, it } from "vitest";
import { vendorNames } from "../../src/inbound/webhooks/vendor.ts";
import { listWatchedSources, sourcesSchema, watchableSources } from "../../src/policy/sourceSettings.ts";

describe("the hours for which a source may be silent", () => {
  it("are told of each source that has any, and a trial of it is another thing", () => {
    const sources = sourcesSchema.parse({
      bamboohr: { silentHours: 72 },
      okta: { silentHours: 24, observe: true },
      hibob: { observe: true },
      feed: { observe: true },
    });
    expect([listWatchedSources(sources), listWatchedSources(undefined)]).toEqual([
      [
        { origin: "bamboohr", silentHours: 72 },
        { origin: "okta", silentHours: 24 },
      ],
      [],
    ]);
  });

  it("can be said of sources with a function of their own: the vendors of webhooks, and Okta", () => {
    expect([...watchableSources].sort()).toEqual([...vendorNames, "okta"].sort());
    const { error } = sourcesSchema.safeParse({ feed: { silentHours: 24 } });
    expect(error?.issues.map(({ path, message }) => [path.join("."), message])).toEqual([
      ["feed.silentHours", "can be watched for bamboohr, hibob, gusto, okta only"],
    ]);
  });

  it.each([0, 169, 1.5, "24"])("are whole hours, and no more than a week: not %s", (silentHours) => {
    expect(sourcesSchema.safeParse({ okta: { silentHours } }).success).toBe(false);
  });
});
