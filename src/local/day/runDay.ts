import { readDeadLetters } from "../stack/readDeadLetters.ts";
import { readJournal } from "../stack/readJournal.ts";
import { startStack } from "../stack/stack.ts";
import { waitUntilIdle } from "../stack/waitUntilIdle.ts";
import { countLost } from "./countLost.ts";
import { countOutcomes } from "./countOutcomes.ts";
import type { DayReport } from "./dayReport.ts";
import { publishDay } from "./publishDay.ts";
import { sampleDirectory } from "./sampleDirectory.ts";
import { tallyUsers } from "./tallyUsers.ts";

export interface DayOptions {
  /** JSON lines, as `rollcall publish` reads them. */
  eventsFile: string;
  packageDirectory: string;
  /** Told what is going on, a line at a time. */
  onProgress: (text: string) => void;
  onProblem: (problem: string) => void;
}

/** Longer than the longest window, a timeout and a few rounds of back-off. */
const limitSeconds = 900;

/** Runs one HR day on the embedded stack, from the first event to the last message, and reports what it came to. */
export async function runDay({
  eventsFile,
  packageDirectory,
  onProgress,
  onProblem,
}: DayOptions): Promise<DayReport> {
  const startedAt = Date.now();
  const counter = countOutcomes();
  onProgress("starting the stack");
  const stack = await startStack({
    packageDirectory,
    chime: { accounts: sampleDirectory() },
    onLog: counter.read,
    onProblem,
  });
  try {
    const before = tallyUsers(stack.chime.directory);
    const day = await publishDay(eventsFile, stack, (count) => onProgress(`published ${count} events`));
    await waitUntilIdle(stack, limitSeconds, (waiting) =>
      onProgress(`draining: ${waiting.map(({ queue, messages }) => `${queue} ${messages}`).join(", ")}`),
    );
    const deadLetters = await readDeadLetters(stack);
    const journal = await readJournal(stack);
    const after = tallyUsers(stack.chime.directory);
    const { published, malformed, refused } = day;
    return {
      events: { published, malformed, refused },
      ...counter.counts(),
      calls: stack.chime.calls.summary(),
      deadLetters: countDeadLetters(deadLetters),
      directory: stack.chime.directory.accounts().map(({ id, type }) => ({
        accountId: id,
        type,
        before: before.get(id) ?? nobody,
        after: after.get(id) ?? nobody,
      })),
      lost: countLost(day, new Set(journal.keys()), deadLetters),
      seconds: (Date.now() - startedAt) / 1000,
    };
  } finally {
    await stack.close();
  }
}

const nobody = { registered: 0, invited: 0, suspended: 0 };

function countDeadLetters(letters: readonly { queue: string; reason: string }[]): DayReport["deadLetters"] {
  const counts = new Map<string, DayReport["deadLetters"][number]>();
  for (const { queue, reason } of letters) {
    const key = `${queue} ${reason}`;
    counts.set(key, { queue, reason, count: (counts.get(key)?.count ?? 0) + 1 });
  }
  return [...counts.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, count]) => count);
}
