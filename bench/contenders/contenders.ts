/** The handlers that are compared. `calls`: whether the code makes a call for each record, or as few as it can. */
export const contenders = {
  oneCallPerRecord: { title: "One call per record (middy)", calls: "onePerRecord" },
  rollcall: { title: "Rollcall", calls: "fewest" },
} as const satisfies Record<string, { title: string; calls: "onePerRecord" | "fewest" }>;

export type ContenderName = keyof typeof contenders;

/** In the order in which they run. The name is that of the handler's bundle, too. */
export const contenderNames = Object.keys(contenders) as ContenderName[];

/** The handlers whose CPU time is measured without input and output. */
export const overheadTitles = {
  powertools: "Powertools batch, which only parses",
  rollcall: "Rollcall, with a ledger that answers at once",
  rollcallWithMemory: "Rollcall, with its ledger in memory",
};

export type OverheadName = keyof typeof overheadTitles;
export const overheadNames = Object.keys(overheadTitles) as OverheadName[];
