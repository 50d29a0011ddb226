import type { ScenarioName } from "../scenarios/scenarios.ts";

/** Who is compared. `calls`: whether the code makes a call for each record or as few as it can. */
export const contenders = {
  powertools: { title: "Powertools batch", file: "powertools", calls: "onePerRecord", ledger: "none" },
  middy: { title: "middy partial batch failure", file: "middy", calls: "onePerRecord", ledger: "none" },
  rollcall: { title: "Rollcall", file: "rollcall", calls: "fewest", ledger: "none" },
  rollcallWithLedger: {
    title: "Rollcall and its ledger (dynalite)",
    file: "rollcall",
    calls: "fewest",
    ledger: "dynamo",
  },
} as const satisfies Record<
  string,
  { title: string; file: string; calls: "onePerRecord" | "fewest"; ledger: "none" | "dynamo" }
>;

export type ContenderName = keyof typeof contenders;

/** In the order in which they run. The ledger costs the same whatever the calls are, and dynalite takes its time. */
export function contendersIn(scenario: ScenarioName): ContenderName[] {
  const names: ContenderName[] = ["powertools", "middy", "rollcall"];
  return scenario === "knownIds" ? [...names, "rollcallWithLedger"] : names;
}

/** What is timed without input and output. */
export const overheadTitles = {
  powertoolsInnerSchema: "Powertools batch, its parser with innerSchema",
  powertoolsSchema: "Powertools batch, its parser with schema",
  powertoolsByHand: "Powertools batch, a handler that only parses",
  rollcall: "Rollcall, on a ledger that answers at once",
  rollcallWithMemory: "Rollcall, on its ledger in memory",
};

export type OverheadName = keyof typeof overheadTitles;
export const overheadNames = Object.keys(overheadTitles) as OverheadName[];
