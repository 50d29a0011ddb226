import type { LogLine } from "../lambda/invocation.ts";
import type { DayReport } from "./dayReport.ts";

/** Adds up what the functions say in their logs: how each message ended, and how often one was put back. */
export interface OutcomeCounter {
  read: (line: LogLine) => void;
  counts: () => Pick<DayReport, "outcomes" | "retries">;
}

export function countOutcomes(): OutcomeCounter {
  const totals = new Map<string, number>();
  return {
    read: ({ line }) => {
      if (!line.includes('"drained"')) return;
      const { message, outcomes } = JSON.parse(line);
      if (message !== "drained") return;
      for (const [kind, count] of Object.entries(outcomes))
        totals.set(kind, (totals.get(kind) ?? 0) + Number(count));
    },
    counts: () => {
      const { retry = 0, ...outcomes } = Object.fromEntries(totals);
      return { outcomes, retries: retry };
    },
  };
}
