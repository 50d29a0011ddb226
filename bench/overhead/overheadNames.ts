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
