import * as z from "zod";
import { parseJson } from "../../events/parseJson.ts";
import type { LogLine } from "../lambda/invocation.ts";
import { type FoundDeadLetter, movedByAws } from "../stack/readDeadLetters.ts";
import type { DayReport } from "./dayReport.ts";

/** Adds up how messages ended, by what the functions say in their logs. */
export interface OutcomeCounter {
  read: (line: Pick<LogLine, "line">) => void;
  /** The dead letters tell of those that no function could bring to an end. */
  counts: (
    deadLetters: readonly Pick<FoundDeadLetter, "reason">[],
  ) => Pick<DayReport, "outcomes" | "retries">;
}

const entrySchema = z.discriminatedUnion("message", [
  z.object({ message: z.literal("drained"), outcomes: z.record(z.string(), z.number()) }),
  z.object({ message: z.literal("published what was due"), published: z.number() }),
]);

export function countOutcomes(): OutcomeCounter {
  const totals = new Map<string, number>();
  const add = (kind: string, count: number) => totals.set(kind, (totals.get(kind) ?? 0) + count);
  return {
    read: ({ line }) => {
      const { data: entry } = entrySchema.safeParse(parseJson(line));
      if (entry?.message === "drained")
        for (const [kind, count] of Object.entries(entry.outcomes)) add(kind, count);
      // An event whose day came has not ended by being deferred: it goes round once more.
      if (entry?.message === "published what was due") add("deferred", -entry.published);
    },
    counts: (deadLetters) => {
      const { retry = 0, ...ended } = Object.fromEntries(totals);
      const of = (sought: string) => deadLetters.filter(({ reason }) => reason === sought).length;
      const undelivered = of(movedByAws.undelivered);
      const receivedTooOften = of(movedByAws.receivedTooOften);
      return { outcomes: withoutZeros({ ...ended, undelivered, receivedTooOften }), retries: retry };
    },
  };
}

function withoutZeros(counts: Record<string, number>): Record<string, number> {
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count !== 0));
}
