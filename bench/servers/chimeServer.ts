import { type ChimeSimulator, startChimeSimulator } from "@rollcall/chime-simulator";
import { perUser } from "@rollcall/chime-simulator/faultPlans";
import { benchAccount, personOf, wantedLicense } from "../scenarios/people.ts";
import { changesOf, isScenarioName, usersOfDirectory } from "../scenarios/scenarios.ts";
import type { ChimeReport } from "./startServer.ts";

// A script for `startServer`: the Chime of one scenario, from its name and its number of records.
const [name, records, latencyMilliseconds] = process.argv.slice(2);
if (!isScenarioName(name)) throw new Error(`expected the name of a scenario, got ${name}`);

const failing = new Set(
  changesOf(name, Number(records))
    .filter(({ fails }) => fails)
    .map(({ ordinal }) => personOf(ordinal).userId),
);
const account = benchAccount(usersOfDirectory(Number(records)));
const simulator = await startChimeSimulator({
  accounts: [account],
  latencyMilliseconds: Number(latencyMilliseconds),
  // Not a code that the SDK retries by itself where a call is about one user: the counts would follow from chance.
  faults: perUser(({ id }) =>
    id !== undefined && failing.has(id) ? { kind: "userError", code: "Conflict" } : undefined,
  ),
});
process.on("message", () => process.send?.(reportOf(simulator)));
process.once("disconnect", () => void simulator.close());
process.send?.({ url: simulator.url });

function reportOf({ calls, directory }: ChimeSimulator): ChimeReport {
  const users = directory.users(account.id);
  return {
    calls: calls.summary(),
    suspended: users.filter(({ registration }) => registration === "Suspended").map(({ id }) => id),
    licensed: users.filter(({ license }) => license === wantedLicense).map(({ id }) => id),
  };
}
