import * as z from "zod";
import { parseJson } from "../../events/parseJson.ts";
import { movedByAws } from "../../queue/causeOfDeath.ts";
import type { LogLine } from "../lambda/invocation.ts";
import type { FoundDeadLetter } from "../stack/readDeadLetters.ts";
import type { DayReport } from "./dayReport.ts";

/** Adds up how messages ended, and why they were put back, by what the functions say in their logs. */
export interface OutcomeCounter {
  read: (line: Pick<LogLine, "line">) => void;
  /** The dead letters tell of those that no function could bring to an end. */
  counts: (
    deadLetters: readonly Pick<FoundDeadLetter, "reason">[],
  ) => Pick<DayReport, "outcomes" | "retries"> & Pick<DayReport["events"], "followUps">;
}

const entrySchema = z.discriminatedUnion("message", [
  z.object({ message: z.literal("drained"), outcomes: z.record(z.string(), z.number()) }),
  z.object({ message: z.literal("retry"), code: z.string() }),
  z.object({ message: z.literal("published what was due"), published: z.number(), followUps: z.number() }),
]);

export function countOutcomes(): OutcomeCounter {
  const ended: Record<string, number> = {};
  const retries: Record<string, number> = {};
  let followUps = 0;
  return {
    read: ({ line }) => {
      const { data: entry } = entrySchema.safeParse(parseJson(line));
      switch (entry?.message) {
        case "drained":
          for (const [kind, count] of Object.entries(entry.outcomes))
            if (kind !== "retry") add(ended, kind, count);
          break;
        case "retry":
          add(retries, entry.code, 1);
          break;
        case "published what was due":
          // An event whose day came has not ended by being deferred: it goes round once more.
          add(ended, "deferred", entry.followUps - entry.published);
          followUps += entry.followUps;
      }
    },
    counts: (deadLetters) => {
      const of = (sought: string) => deadLetters.filter(({ reason }) => reason === sought).length;
      const undelivered = of(movedByAws.undelivered);
      const receivedTooOften = of(movedByAws.receivedTooOften);
      return { outcomes: withoutZeros({ ...ended, undelivered, receivedTooOften }), retries, followUps };
    },
  };
}

function add(counts: Record<string, number>, key: string, count: number): void {
  counts[key] = (counts[key] ?? 0) + count;
}

function withoutZeros(counts: Record<string, number>): Record<string, number> {
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count !== 0));
}
