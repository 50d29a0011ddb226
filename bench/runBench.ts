import { join } from "node:path";
import { packageService, withTemporaryFolder } from "../dev/service/packageService.ts";
import { measureBundles } from "./bundles/measureBundles.ts";
import { runContender } from "./comparison/runContender.ts";
import { contenderNames, contenders } from "./contenders/contenders.ts";
import { bundleHandlers } from "./contenders/startHandler.ts";
import { measureOverhead } from "./overhead/measureOverhead.ts";
import { type BenchReport, type Environment, reportScenario } from "./report/benchReport.ts";
import { describeMachine } from "./report/machine.ts";
import { type ScenarioName, scenarios, usersOfDirectory } from "./scenarios/scenarios.ts";

export interface BenchOptions {
  records: number;
  scenarios: readonly ScenarioName[];
  /** Told what is going on, a line at a time. */
  onProgress: (text: string) => void;
}

const latencyMilliseconds = 20;

/** Measures all that is compared, one thing after the other, so that nothing disturbs its neighbour. */
export function runBench({ records, scenarios: names, onProgress }: BenchOptions): Promise<BenchReport> {
  const environment = describeEnvironment(records);
  return withTemporaryFolder("bench", async (directory) => {
    const packageDirectory = join(directory, "package");
    const codeDirectory = join(directory, "handlers");
    onProgress("packaging the service and what it is compared with");
    await packageService(packageDirectory);
    await bundleHandlers(codeDirectory);
    onProgress("importing the service's bundles");
    const bundles = await measureBundles(packageDirectory, join(directory, "functions"));
    onProgress("timing everything but I/O");
    const overhead = await measureOverhead(records, codeDirectory);
    const compared = await compare(
      names,
      { records, latencyMilliseconds, packageDirectory, codeDirectory },
      onProgress,
    );
    return { environment, ...compared, overhead, bundles };
  });
}

async function compare(
  names: readonly ScenarioName[],
  options: Parameters<typeof runContender>[2],
  onProgress: BenchOptions["onProgress"],
): Promise<Pick<BenchReport, "scenarios" | "faults">> {
  const compared: Pick<BenchReport, "scenarios" | "faults"> = { scenarios: [], faults: [] };
  for (const scenario of names) {
    const runs = [];
    for (const contender of contenderNames) {
      onProgress(`${scenarios[scenario].title}: ${contenders[contender].title}`);
      runs.push(await runContender(contender, scenario, options));
    }
    const { report, faults } = reportScenario(scenario, options.records, runs);
    compared.scenarios.push(report);
    compared.faults.push(...faults);
  }
  return compared;
}

function describeEnvironment(records: number): Environment {
  return { ...describeMachine(), records, users: usersOfDirectory(records), latencyMilliseconds };
}
