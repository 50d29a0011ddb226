import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  processorSecondsIn,
  processorShare,
  processorShares,
  quotaMicroseconds,
} from "../../../bench/day/processorShares.ts";

describe("the processor's share of a function", () => {
  it.each([
    [1769, 1, 100_000],
    [512, 0.29, 28_943],
    [1024, 0.58, 57_886],
    [3538, 2, 200_000],
  ])("follows from its memory: %i MB", (memory, share, quota) => {
    expect([processorShare(memory), quotaMicroseconds(memory, 100_000)]).toEqual([
      expect.closeTo(share, 2),
      quota,
    ]);
  });
});

describe("processorShares", () => {
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), "processor-shares-"));
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  it("gives each process a group of its own with the quota of its memory", async () => {
    await writeFile(join(root, "cpu.cfs_period_us"), "50000\n");
    await writeFile(join(root, "cpu.cfs_quota_us"), "-1\n");
    const shares = processorShares(root);
    shares.limit({ memoryMegabytes: 1769, pid: 7 });
    shares.limit({ memoryMegabytes: 512, pid: 8 });
    const read = (group: string, file: string) =>
      readFile(join(root, `rollcall-bench-${group}`, file), "utf8");
    expect(await Promise.all([read("7", "cgroup.procs"), read("7", "cpu.cfs_quota_us")])).toEqual([
      "7",
      "50000",
    ]);
    expect(await Promise.all([read("8", "cgroup.procs"), read("8", "cpu.cfs_quota_us")])).toEqual([
      "8",
      "14471",
    ]);
    expect(shares.unlimited).toBe(undefined);
  });

  it("says why where there are no quotas, and leaves the processes as they are", async () => {
    const shares = processorShares(join(root, "nowhere"));
    shares.limit({ memoryMegabytes: 512, pid: 8 });
    await shares.close();
    expect(shares.unlimited).toContain("no processor shares can be set in");
  });
});

describe("processorSecondsIn", () => {
  it("adds up user and system time, whatever the program is called", () => {
    const stat = "4711 (node) (x y)) S 1 4711 4711 0 -1 4194560 900 0 3 0 250 31 0 0 20 0 11 0 8000 900 100";
    expect(processorSecondsIn(stat)).toBeCloseTo(2.81);
  });
});
