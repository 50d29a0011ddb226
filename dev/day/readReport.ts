import type { BusReport } from "@rollcall/aws-local/delivery";
import type { LogLine } from "@rollcall/aws-local/invocation";
import type { Stack } from "@rollcall/aws-local/stack";
import * as z from "zod";
import { parseJson } from "../../src/events/boundedJson.ts";
import { parseEnvelope } from "../../src/events/parseEvent.ts";
import { dynamoPendingStore } from "../../src/ledger/dynamo/dynamoPendingStore.ts";
import type { StoredDecision } from "../../src/ledger/pendingStore.ts";
import { countOf } from "../../src/operations/words/plainWords.ts";
import { movedByAws } from "../../src/queue/storedDeadLetter.ts";
import { type FoundDeadLetter, readDeadLetters, readJournal } from "../service/readOutcomes.ts";
import type { DirectoryStack } from "../service/serviceStack.ts";
import type { DayReport, Waiting } from "./dayReport.ts";
import { type EventKey, type PublishedDay, toEventKey } from "./publishDay.ts";

/** Reads the outcomes of the published events from an idle stack. */
export async function readReport(
  stack: DirectoryStack,
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
    calls: stack.directories.map((directory) => ({
      directory: directory.name,
      operations: directory.calls(),
    })),
    deadLetters: countDeadLetters(deadLetters),
    waiting: await readWaiting(stack),
    lost: countLost(published, journal.keys(), deadLetters),
    busLosses: describeBusLosses(stack.bus.report()),
  };
}

/** Counts final outcomes and retries from the log lines of the functions. */
interface OutcomeCounter {
  read: (line: Pick<LogLine, "line">) => void;
  /** @param deadLetters from which those are counted that AWS itself moved */
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
  const outcomes: Record<string, number> = {};
  const retries: Record<string, number> = {};
  let followUps = 0;
  return {
    read: ({ line }) => {
      const { data: entry } = entrySchema.safeParse(parseJson(line));
      switch (entry?.message) {
        case "drained":
          for (const [kind, count] of Object.entries(entry.outcomes))
            if (kind !== "retry") addCount(outcomes, kind, count);
          break;
        case "retry":
          addCount(retries, entry.code, 1);
          break;
        case "published what was due":
          // A deferred event that became due is published again, so "deferred" is not its final outcome.
          addCount(outcomes, "deferred", entry.followUps - entry.published);
          followUps += entry.followUps;
      }
    },
    counts: (deadLetters) => {
      const count = (code: string) => deadLetters.filter(({ reason }) => reason === code).length;
      const undelivered = count(movedByAws.undelivered);
      const receivedTooOften = count(movedByAws.receivedTooOften);
      return { outcomes: withoutZeros({ ...outcomes, undelivered, receivedTooOften }), retries, followUps };
    },
  };
}

function addCount(counts: Record<string, number>, key: string, count: number): void {
  counts[key] = (counts[key] ?? 0) + count;
}

function withoutZeros(counts: Record<string, number>): Record<string, number> {
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count !== 0));
}

/** Counts dead letters by queue and reason, sorted by name. */
function countDeadLetters(
  deadLetters: readonly Pick<FoundDeadLetter, "queue" | "reason">[],
): DayReport["deadLetters"] {
  const counts = new Map<string, DayReport["deadLetters"][number]>();
  for (const { queue, reason } of deadLetters) {
    const key = `${queue} ${reason}`;
    counts.set(key, { queue, reason, count: (counts.get(key)?.count ?? 0) + 1 });
  }
  return [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, count]) => count);
}

/**
 * Counts published events that are neither in the journal nor in a dead-letter queue. An event that was published twice is
 * one event. A malformed event has no id, so each of its copies has to be a dead letter.
 */
export function countLost(
  published: readonly EventKey[],
  journalled: Iterable<string>,
  deadLetters: readonly Pick<FoundDeadLetter, "body">[],
): number {
  const dead = deadLetters.flatMap(({ body }) => keyOf(body));
  const known = new Set([...journalled, ...dead.flatMap(idOf)]);
  const missing = [...new Set(published.flatMap(idOf))].filter((id) => !known.has(id));
  return missing.length + countMissing(published.flatMap(contentOf), dead.flatMap(contentOf));
}

function keyOf(body: string): EventKey[] {
  const envelope = parseEnvelope(body);
  return envelope.ok ? [toEventKey(envelope.type, envelope.detail)] : [];
}

function idOf(key: EventKey): string[] {
  return key.kind === "event" ? [key.id] : [];
}

function contentOf(key: EventKey): string[] {
  return key.kind === "malformed" ? [key.content] : [];
}

/** Counts the texts that have no equal of their own among the others. */
function countMissing(texts: readonly string[], others: readonly string[]): number {
  const left = new Map<string, number>();
  for (const text of others) left.set(text, (left.get(text) ?? 0) + 1);
  return texts.filter((text) => {
    const count = left.get(text) ?? 0;
    left.set(text, count - 1);
    return count <= 0;
  }).length;
}

/** Counts the waiting decisions of the stack's ledger by the reason why they wait. */
async function readWaiting({ dynamo, model }: Stack): Promise<Waiting[]> {
  const waiting = new Map<Waiting["because"], Waiting>();
  for (const { name: tableName } of model.tables) {
    const store = dynamoPendingStore({ dynamo: dynamo.client, tableName });
    for await (const decision of store.list()) waiting.set(decision.because, addDecision(decision, waiting));
  }
  return [...waiting.values()];
}

/** The store lists the decision that is due first before the others. */
function addDecision(
  { because, dueAt }: StoredDecision,
  waiting: ReadonlyMap<Waiting["because"], Waiting>,
): Waiting {
  const { count, nextAt } = waiting.get(because) ?? { count: 0, nextAt: new Date(dueAt).toISOString() };
  return { because, count: count + 1, nextAt };
}

/** Describes events that the bus accepted and did not deliver. AWS would drop them without a report. */
export function describeBusLosses({ unmatched, unknownBuses, dropped }: BusReport): string[] {
  return [
    ...(unmatched === 0 ? [] : [`${countOf(unmatched, "event")} matched no rule`]),
    ...Object.entries(unknownBuses).map(
      ([bus, count]) => `${countOf(count, "event")} went to the bus ${bus}, which does not exist`,
    ),
    ...dropped.map(
      ({ targetArn, failure, deadLetterFailure }) =>
        `1 event could not be delivered to ${targetArn} (${failure.message}), and ${
          deadLetterFailure === undefined
            ? "the target has no dead-letter queue"
            : `its dead-letter queue did not accept it (${deadLetterFailure.message})`
        }`,
    ),
  ];
}
