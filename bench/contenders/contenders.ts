import type { TableReport } from "../servers/startServer.ts";

interface Contender {
  title: string;
  /** The entry point's name. */
  file: string;
  /** Whether the code makes a call for each record or as few as it can. */
  calls: "onePerRecord" | "fewest";
  /** What it remembers in DynamoDB. */
  table: keyof TableReport | "none";
}

/** Who is compared, in the order in which they run. */
export const contenders = {
  rollcall: { title: "Rollcall", file: "rollcall", calls: "fewest", table: "ledger" },
  rollcallInMemory: {
    title: "Rollcall, ledger in memory",
    file: "rollcall",
    calls: "fewest",
    table: "none",
  },
  powertoolsIdempotency: {
    title: "Powertools batch with idempotency",
    file: "powertoolsIdempotency",
    calls: "onePerRecord",
    table: "idempotency",
  },
  powertools: { title: "Powertools batch", file: "powertools", calls: "onePerRecord", table: "none" },
  middy: { title: "middy partial batch failure", file: "middy", calls: "onePerRecord", table: "none" },
} as const satisfies Record<string, Contender>;

export type ContenderName = keyof typeof contenders;
export const contenderNames = Object.keys(contenders) as ContenderName[];

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
