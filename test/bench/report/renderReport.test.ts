import { expect, it } from "vitest";
import type { Run } from "../../../bench/comparison/runContender.ts";
import { type ContenderName, contenderNames } from "../../../bench/contenders/contenders.ts";
import { type BenchReport, reportScenario } from "../../../bench/report/benchReport.ts";
import { renderReport, renderTable } from "../../../bench/report/renderReport.ts";

it("puts the first column to the left and the others to the right, each as wide as its widest cell", () => {
  expect(
    renderTable([
      ["", "calls", "wall"],
      ["Rollcall", "201", "1.20 s"],
      ["middy", "10,000"],
    ]),
  ).toEqual(["           calls    wall", "Rollcall     201  1.20 s", "middy     10,000"]);
});

const records = 100;
const used: Record<ContenderName, { calls: number; cpuMilliseconds: number; memory: number }> = {
  rollcall: { calls: 2, cpuMilliseconds: 60, memory: 110 },
  rollcallInMemory: { calls: 2, cpuMilliseconds: 30, memory: 100 },
  powertoolsIdempotency: { calls: 100, cpuMilliseconds: 600, memory: 220 },
  powertools: { calls: 100, cpuMilliseconds: 120, memory: 110 },
  middy: { calls: 100, cpuMilliseconds: 120, memory: 110 },
};
const runOf = (contender: ContenderName): Run => ({
  contender,
  failures: [],
  chime: {
    calls: { BatchSuspendUser: { calls: used[contender].calls, users: 100 } },
    suspended: [],
    licensed: [],
  },
  wallMilliseconds: 1000,
  cpuMilliseconds: used[contender].cpuMilliseconds,
  peakMemoryMegabytes: used[contender].memory,
});

it("compares everybody with Rollcall on its ledger in DynamoDB, and says what that ledger costs", () => {
  const { report } = reportScenario("knownIds", records, contenderNames.map(runOf));
  const bench: BenchReport = {
    environment: {
      node: "v20.19.0",
      cpu: "a processor",
      cores: 2,
      platform: "linux x64",
      startedAt: "2026-01-05T09:00:00.000Z",
      load: 1.25,
      records,
      users: 200,
      latencyMilliseconds: 20,
    },
    scenarios: [report],
    overhead: { rounds: 1, runs: [] },
    bundles: [],
    faults: [],
  };
  const lines = renderReport(bench, (_style, text) => text);
  const table = lines.slice(lines.indexOf("Suspensions, user ids known") + 1).slice(0, 7);
  expect(table.map((line) => line.replace(/ {2,}/g, "  "))).toEqual([
    "  calls  users a call  wall  CPU  a record  memory  │  calls  wall  CPU  memory",
    "Rollcall  2  50.0  1.00 s  0.06 s  0.600 ms  110 MB  │  1.00 ×  1.00 ×  1.00 ×  1.00 ×",
    "Rollcall, ledger in memory  2  50.0  1.00 s  0.03 s  0.300 ms  100 MB  │  1.00 ×  1.00 ×  0.50 ×  0.91 ×",
    "Powertools batch with idempotency  100  1.0  1.00 s  0.60 s  6.000 ms  220 MB  │  50.0 ×  1.00 ×  10.0 ×  2.00 ×",
    "Powertools batch  100  1.0  1.00 s  0.12 s  1.200 ms  110 MB  │  50.0 ×  1.00 ×  2.00 ×  1.00 ×",
    "middy partial batch failure  100  1.0  1.00 s  0.12 s  1.200 ms  110 MB  │  50.0 ×  1.00 ×  2.00 ×  1.00 ×",
    "The ledger in DynamoDB by the one in memory: CPU 2.00 ×, 0.300 ms more a record; memory 1.10 ×.",
  ]);
});
