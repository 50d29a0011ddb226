import { pMapIterable } from "p-map";
import type { EventLine } from "../events/eventLines.ts";
import { describeProblems } from "../events/problems.ts";
import { type PublishedLine, type PublishOptions, publishEvents } from "../events/publishEvents.ts";
import type { PendingStore, StoredDecision } from "./pendingStore.ts";

export interface PublishDueContext extends PublishOptions {
  pending: PendingStore;
  /** Milliseconds since the epoch. */
  now: number;
}

/** An event that the bus did not take. It stays in the store, and is tried again at the next run. */
interface Unpublished {
  eventId: string;
  reason: string;
}

export interface PublishedDue {
  /** Events that the bus has taken. */
  published: number;
  /** Those of them that are follow-ups: no event of HR's own was deferred for them. */
  followUps: number;
  unpublished: Unpublished[];
}

/** An operator may release thousands in one go: removed one by one they would outlast the function's minute. */
const removalsAtOnce = 32;

/**
 * Publishes waiting decisions that are due and still wait, and removes each once the bus has it. A process that dies in between publishes it a
 * second time, which the ledger recognizes as a duplicate. Throws what the store throws.
 */
export async function publishDue(context: PublishDueContext): Promise<PublishedDue> {
  const decisions = new Map<number, StoredDecision>();
  const unpublished: Unpublished[] = [];
  let published = 0;
  let followUps = 0;
  // They were checked when they came; whether they pass today's schema is for the pipeline to say.
  const results = publishEvents(toLines(context, decisions), { ...context, unchecked: true });
  const removeIfTaken = async (result: PublishedLine) => {
    const decision = decisions.get(result.line.number);
    decisions.delete(result.line.number);
    if (decision === undefined) return;
    if (result.status === "accepted") {
      await context.pending.remove(decision);
      published += 1;
      if (decision.because === "follows") followUps += 1;
    } else unpublished.push({ eventId: decision.eventId, reason: reasonOf(result) });
  };
  const removals = pMapIterable(results, removeIfTaken, { concurrency: removalsAtOnce });
  for await (const _ of removals);
  return { published, followUps, unpublished };
}

async function* toLines(
  context: PublishDueContext,
  decisions: Map<number, StoredDecision>,
): AsyncGenerator<EventLine> {
  let number = 0;
  for await (const decision of listConfirmed(context)) {
    number += 1;
    decisions.set(number, decision);
    yield { number, bytes: Buffer.from(decision.event) };
  }
}

/** As many as one read confirms. */
const confirmedAtOnce = 100;

/** The list comes from an index, which lags: what was put off or removed a second ago is still in it, and must not be published. */
async function* listConfirmed({ pending, now }: PublishDueContext): AsyncGenerator<StoredDecision> {
  let listed: StoredDecision[] = [];
  for await (const decision of pending.list(now)) {
    listed.push(decision);
    if (listed.length < confirmedAtOnce) continue;
    yield* await pending.stillWaiting(listed);
    listed = [];
  }
  if (listed.length > 0) yield* await pending.stillWaiting(listed);
}

function reasonOf(result: Exclude<PublishedLine, { status: "accepted" }>): string {
  switch (result.status) {
    case "refused":
      return `${result.code}: ${result.message}`;
    case "unsent":
      return result.reason;
    case "malformed":
      return describeProblems(result.problems);
  }
}
