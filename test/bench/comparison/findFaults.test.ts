import { describe, expect, it } from "vitest";
import { findFaults } from "../../../bench/comparison/findFaults.ts";
import type { Run } from "../../../bench/comparison/runContender.ts";
import type { ContenderName } from "../../../bench/contenders/contenders.ts";
import { personOf } from "../../../bench/scenarios/people.ts";
import { type Change, changesOf, messageIdOf } from "../../../bench/scenarios/scenarios.ts";

const changes = changesOf("mix", 200);
const userIds = (wanted: (change: Change) => boolean) =>
  changes.filter(wanted).map(({ ordinal }) => personOf(ordinal).userId);

/** A run in which all went as it must, but for what is changed. */
function aRun(
  contender: ContenderName,
  calls: Record<string, number>,
  chime: Partial<Run["chime"]> = {},
): Run {
  return {
    contender,
    failures: changes.filter(({ fails }) => fails).map(({ ordinal }) => messageIdOf(ordinal)),
    chime: {
      calls: Object.fromEntries(
        Object.entries(calls).map(([name, count]) => [name, { calls: count, users: 0 }]),
      ),
      suspended: userIds(({ intent, fails }) => intent === "offboard" && !fails),
      licensed: userIds(({ intent, fails }) => intent === "relicense" && !fails),
      ...chime,
    },
    wallMilliseconds: 1,
    cpuMilliseconds: 1,
    peakMemoryMegabytes: 1,
  };
}

const perRecord = { BatchSuspendUser: 100, UpdateUser: 100, ListUsers: 100 };
const fewest = { BatchSuspendUser: 2, BatchUpdateUser: 5, ListUsers: 4, GetAccount: 1 };

describe("findFaults", () => {
  it("finds nothing where each record has its calls", () => {
    expect(findFaults(aRun("powertools", perRecord), changes)).toEqual([]);
    expect(findFaults(aRun("powertoolsIdempotency", perRecord), changes)).toEqual([]);
  });

  it("finds nothing where Rollcall makes the fewest calls, however few of them are look-ups", () => {
    expect(findFaults(aRun("rollcall", fewest), changes)).toEqual([]);
    expect(findFaults(aRun("rollcall", { ...fewest, ListUsers: 0 }), changes)).toEqual([]);
  });

  it("finds one batch call more than the fewest, a page more than the directory has, and a foreign call", () => {
    const calls = { ...fewest, BatchSuspendUser: 3, ListUsers: 5, LogoutUser: 1 };
    expect(findFaults(aRun("rollcall", calls), changes)).toEqual([
      "BatchSuspendUser: expected 2 calls, got 3",
      "ListUsers: expected 0 to 4 calls, got 5",
      "LogoutUser: expected 0 calls, got 1",
    ]);
  });

  it("finds that an operation was not called at all", () => {
    const { BatchSuspendUser: _, ...calls } = fewest;
    expect(findFaults(aRun("rollcallInMemory", calls), changes)).toEqual([
      "BatchSuspendUser: expected 2 calls, got 0",
    ]);
  });

  it("finds a failed message that was not reported, and one that was reported for nothing", () => {
    const run = aRun("middy", perRecord);
    const [, ...rest] = run.failures;
    const innocent = messageIdOf(changes.find(({ fails }) => !fails)?.ordinal ?? 0);
    expect(findFaults({ ...run, failures: rest }, changes)).toEqual([
      "messages reported as failed: expected 10, got 9; 1 missing, 0 too many",
    ]);
    expect(findFaults({ ...run, failures: [...rest, innocent] }, changes)).toEqual([
      "messages reported as failed: expected 10, got 10; 1 missing, 1 too many",
    ]);
    expect(findFaults({ ...run, failures: [...run.failures, ...rest] }, changes)).toEqual([
      "messages reported as failed: expected 10, got 19; 0 missing, 9 too many",
    ]);
  });

  it("finds a user who was left out, and one who was changed by mistake", () => {
    const suspended = userIds(({ intent }) => intent === "offboard");
    expect(findFaults(aRun("middy", perRecord, { suspended, licensed: [] }), changes)).toEqual([
      "suspended users: expected 95, got 100; 0 missing, 5 too many",
      "users with the new license: expected 95, got 0; 95 missing, 0 too many",
    ]);
  });
});
