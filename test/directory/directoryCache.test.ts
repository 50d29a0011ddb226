import { describe, expect, it } from "vitest";
import { accountCache, scanMemory } from "../../src/directory/directoryCache.ts";
import { fakeDirectory } from "./fakeDirectory.ts";

describe("the account cache", () => {
  const budget = { milliseconds: 1000 };

  /** A cache over a directory of two accounts, with a clock to turn. */
  function setUp({ active = true } = {}) {
    const clock = { now: 0 };
    const directory = fakeDirectory([
      { accountId: "team", type: "Team", active },
      { accountId: "lwa", type: "EnterpriseLWA", active },
    ]);
    const cache = accountCache(() => clock.now, 1000);
    const get = (accountId: string) => cache.get(accountId, (id) => directory.getAccount(id, budget));
    return { clock, directory, get };
  }

  it("reads an account once in its lifetime, and each account for itself", async () => {
    const { clock, directory, get } = setUp();
    const types: string[] = [];
    for (const [now, accountId] of [
      [0, "team"],
      [0, "lwa"],
      [999, "team"],
    ] as const) {
      clock.now = now;
      types.push((await get(accountId)).type);
    }
    expect([types, directory.tally()]).toEqual([["Team", "EnterpriseLWA", "Team"], { getAccount: 2 }]);
  });

  it("reads it again when the lifetime is over", async () => {
    const { clock, directory, get } = setUp();
    await get("team");
    clock.now = 1000;
    await get("team");
    expect(directory.tally()).toEqual({ getAccount: 2 });
  });

  it("does not remember a suspended account, so that work resumes as soon as it is active", async () => {
    const { directory, get } = setUp({ active: false });
    const seen = [(await get("team")).active, (await get("team")).active];
    expect([seen, directory.tally()]).toEqual([[false, false], { getAccount: 2 }]);
  });

  it("does not remember a failure", async () => {
    const { directory, get } = setUp();
    directory.faults.call = () => ({ class: "transient", code: "Down", message: "down" });
    await expect(get("team")).rejects.toThrow("Down: down");
    directory.faults.call = () => undefined;
    expect((await get("team")).type).toBe("Team");
  });
});

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
