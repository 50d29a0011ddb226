import { readDeadLetters } from "../stack/readDeadLetters.ts";
import { readJournal } from "../stack/readJournal.ts";
import type { ServiceStack } from "../stack/serviceStack.ts";
import { countDeadLetters } from "./countDeadLetters.ts";
import { countLost } from "./countLost.ts";
import type { OutcomeCounter } from "./countOutcomes.ts";
import type { DayReport } from "./dayReport.ts";
import { describeBusLosses } from "./describeBusLosses.ts";
import type { PublishedDay } from "./publishDay.ts";
import { readWaiting } from "./readWaiting.ts";

/** Reads from a stack that is idle what became of the events that were published on it. */
export async function readReport(
  stack: ServiceStack,
  { published, refusals }: PublishedDay,
  counter: OutcomeCounter,
): Promise<Omit<DayReport, "directory" | "seconds">> {
  const deadLetters = await readDeadLetters(stack);
  const journal = await readJournal(stack);
  const { followUps, ...counts } = counter.counts(deadLetters);
  return {
    events: {
      published: published.length,
      followUps,
      malformed: published.filter(({ kind }) => kind === "malformed").length,
      refused: refusals.reduce((sum, { count }) => sum + count, 0),
    },
    refusals,
    ...counts,
    calls: stack.chime.calls.summary(),
    deadLetters: countDeadLetters(deadLetters),
    waiting: await readWaiting(stack),
    lost: countLost(published, journal.keys(), deadLetters),
    busLosses: describeBusLosses(stack.bus.report()),
  };
}
