import { expect, it } from "vitest";
import { dayLines } from "../../../bench/day/dayLines.ts";
import type { DayBenchReport } from "../../../bench/day/measureDay.ts";

const run: DayBenchReport["runs"][number] = {
  leavers: 10_000,
  suspended: 10_000,
  seconds: 30,
  callsTaken: 220,
  callsRefused: 12,
  usersPerCall: 45.45,
  idealSeconds: 25,
  timesIdeal: 1.2,
  function: {
    batches: 16,
    recordsPerBatch: 625,
    secondsPerBatch: { min: 1, median: 2.5, max: 4 },
    processorSeconds: 8,
    processorSecondsPerBatch: 0.5,
    processorMillisecondsPerRecord: 0.8,
    gigabyteSecondsPerBatch: 1.25,
  },
  emulators: { dynamoSeconds: 15, otherSeconds: 6 },
};
const report: DayBenchReport = {
  environment: {
    node: "v20.19.0",
    cpu: "a processor",
    cores: 2,
    platform: "linux x64",
    startedAt: "2026-01-05T09:00:00.000Z",
    load: 1.25,
    memoryMegabytes: 512,
    processors: 512 / 1769,
    callsPerSecond: 10,
    burst: 10,
    latencyMilliseconds: 20,
    dynamoMilliseconds: 5,
  },
  runs: [run, { ...run, seconds: 32.5, timesIdeal: 1.3 }],
  timesIdeal: { min: 1.2, median: 1.25, max: 1.3 },
  trickle: {
    events: 60,
    suspended: 60,
    windowSeconds: 5,
    seconds: { p50: 2.6, p95: 5.1, max: 5.3 },
    callsTaken: 12,
    callsRefused: 0,
    usersPerCall: 5,
  },
  faults: [],
};

it("tells the runs, their median, what the function took, and the trickle", () => {
  expect(dayLines(report)).toEqual([
    "10,000 leavers at once, functions of 512 MB",
    "Node.js v20.19.0 · 2 × a processor · linux x64 · 2026-01-05T09:00:00.000Z · load 1.3",
    "The directory takes 10 calls/s, 10 at once, and 20 ms a call; DynamoDB takes 5 ms a request.",
    "Each process of a function has 0.29 of a processor; the emulators are not limited.",
    "",
    "run  seconds  by the ideal  calls  refused  users a call  DynamoDB  other emulators",
    "1    30.00 s        1.20 ×    220       12          45.5   15.00 s           6.00 s",
    "2    32.50 s        1.30 ×    220       12          45.5   15.00 s           6.00 s",
    "Median: 1.25 times the ideal, 25.00 s: the window, and full calls at the directory's rate.",
    "",
    "run  batches  records  a batch: median     max  GB-s  processor  a record",
    "1         16      625           2.50 s  4.00 s  1.25     0.50 s   0.80 ms",
    "2         16      625           2.50 s  4.00 s  1.25     0.50 s   0.80 ms",
    "",
    "One event a second, 60 of them; 60 people suspended, window 5 s",
    "  from an event to its suspension: p50 2.60 s, p95 5.10 s, max 5.30 s",
    "  12 calls, 0 refused, 5.0 users a call",
    "",
    "Every leaver is suspended, and no batch failed.",
  ]);
});

it("says aloud that the functions were not limited, and what went wrong", () => {
  const lines = dayLines({
    ...report,
    environment: { ...report.environment, unlimited: "no groups here" },
    faults: ["a batch of 7 ended with: timeout"],
  });
  expect([lines[3], lines.at(-1)]).toEqual([
    "THE FUNCTIONS ARE NOT LIMITED to 0.29 of a processor: no groups here",
    "a batch of 7 ended with: timeout",
  ]);
});
