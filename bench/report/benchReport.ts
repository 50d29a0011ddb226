import type { BundleFigures } from "../bundles/measureBundles.ts";
import { findFaults } from "../comparison/findFaults.ts";
import type { Run } from "../comparison/runContender.ts";
import type { ContenderName } from "../contenders/contenders.ts";
import type { OverheadFigures } from "../overhead/measureOverhead.ts";
import { changesOf, type ScenarioName, scenarios } from "../scenarios/scenarios.ts";
import type { Machine } from "./machine.ts";

/** What `npm run bench -- --json` prints. */
export interface BenchReport {
  environment: Environment;
  scenarios: ScenarioReport[];
  /** Everything but input and output. */
  overhead: OverheadFigures;
  bundles: BundleFigures[];
  /** Wrong results and wrong numbers of calls. */
  faults: string[];
}

export interface Environment extends Machine {
  records: number;
  /** Users of the directory. */
  users: number;
  /** What each call of the directory takes. */
  latencyMilliseconds: number;
}

export interface ScenarioReport {
  scenario: ScenarioName;
  title: string;
  runs: RunReport[];
  /** What the ledger in DynamoDB costs beside one in memory. */
  ledger: { cpu: number; memory: number; millisecondsMore: number };
}

interface RunReport {
  contender: ContenderName;
  calls: Record<string, number>;
  callsInAll: number;
  /** Records by calls, look-ups included. */
  usersPerCall: number;
  failures: number;
  wallMilliseconds: number;
  cpuMilliseconds: number;
  /** Of processor time. */
  millisecondsPerRecord: number;
  peakMemoryMegabytes: number;
  /** Each figure by that of Rollcall on its DynamoDB ledger: 2 is twice as much. */
  timesRollcall: { calls: number; wall: number; cpu: number; memory: number };
}

/** One scenario's runs, Rollcall's among them, with what is wrong with each. */
export function reportScenario(
  scenario: ScenarioName,
  records: number,
  runs: readonly Run[],
): { report: ScenarioReport; faults: string[] } {
  const { title } = scenarios[scenario];
  const rollcall = runOf("rollcall", runs);
  const changes = changesOf(scenario, records);
  return {
    report: {
      scenario,
      title,
      runs: runs.map((run) => reportRun(run, records, rollcall)),
      ledger: reportLedger(rollcall, runOf("rollcallInMemory", runs), records),
    },
    faults: runs.flatMap((run) =>
      findFaults(run, changes).map((fault) => `${scenario}, ${run.contender}: ${fault}`),
    ),
  };
}

function runOf(wanted: ContenderName, runs: readonly Run[]): Run {
  const run = runs.find(({ contender }) => contender === wanted);
  if (run === undefined) throw new Error(`expected a run of ${wanted} among the runs to compare`);
  return run;
}

function reportLedger(rollcall: Run, inMemory: Run, records: number): ScenarioReport["ledger"] {
  return {
    cpu: rollcall.cpuMilliseconds / inMemory.cpuMilliseconds,
    memory: rollcall.peakMemoryMegabytes / inMemory.peakMemoryMegabytes,
    millisecondsMore: (rollcall.cpuMilliseconds - inMemory.cpuMilliseconds) / records,
  };
}

function reportRun(run: Run, records: number, rollcall: Run): RunReport {
  const { contender, wallMilliseconds, cpuMilliseconds, peakMemoryMegabytes } = run;
  const callsInAll = countCalls(run);
  return {
    contender,
    calls: Object.fromEntries(
      Object.entries(run.chime.calls).map(([operation, { calls }]) => [operation, calls]),
    ),
    callsInAll,
    usersPerCall: records / callsInAll,
    failures: run.failures.length,
    wallMilliseconds,
    cpuMilliseconds,
    millisecondsPerRecord: cpuMilliseconds / records,
    peakMemoryMegabytes,
    timesRollcall: {
      calls: callsInAll / countCalls(rollcall),
      wall: wallMilliseconds / rollcall.wallMilliseconds,
      cpu: cpuMilliseconds / rollcall.cpuMilliseconds,
      memory: peakMemoryMegabytes / rollcall.peakMemoryMegabytes,
    },
  };
}

function countCalls({ chime }: Run): number {
  return Object.values(chime.calls).reduce((sum, { calls }) => sum + calls, 0);
}
