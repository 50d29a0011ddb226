import { describe, expect, it } from "vitest";
import { scanMemory } from "../../src/directory/scanMemory.ts";

describe("scanMemory", () => {
  it("gives a scan of a moment ago, and none that is a minute old", () => {
    let now = 0;
    const scans = scanMemory(() => now);
    const scan = scans.begin("team");
    const before = scans.recent("team");
    now = 59_999;
    const still = scans.recent("team");
    now = 60_000;
    expect([before === scan, still === scan, scans.recent("team")]).toEqual([true, true, undefined]);
  });

  it("keeps the latest scan of each account, and forgets on demand", () => {
    const scans = scanMemory(() => 0);
    scans.begin("team");
    const [second, other] = [scans.begin("team"), scans.begin("other")];
    const latest = scans.recent("team") === second;
    scans.forget("team");
    expect([latest, scans.recent("team"), scans.recent("other") === other]).toEqual([true, undefined, true]);
  });
});
