import type { EntryAnswer, EventBus, EventEntry, PutFailure } from "./eventBus.ts";

/** How the attempts to put one entry ended. */
export type EntryOutcome =
  | { status: "accepted"; eventId: string }
  | { status: "refused"; code: string; message: string }
  | { status: "unsent"; reason: string };

export interface PutDependencies {
  bus: EventBus;
  /** Resolves after that time, or as soon as the signal is aborted. Never rejects. */
  sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  /** From 0 up to 1. */
  random: () => number;
  /** Once it is aborted, nothing more is sent. Its reason, a text, becomes the reason of each unsent entry. */
  signal: AbortSignal;
  /** Called with a failure that every other call would meet as well. */
  onBusFailure: (failure: PutFailure) => void;
}

export const MAX_ATTEMPTS = 8;
const BASE_DELAY_MILLISECONDS = 200;
const MAX_DELAY_MILLISECONDS = 10_000;

/**
 * Puts at most ten entries, and retries only those that failed transiently, with exponential back-off and full
 * jitter (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/): eight attempts over
 * some 12 s on average. Gives exactly one outcome per entry, in their order.
 *
 * When a response is lost on its way back, the same event is sent twice. Consumers know it by `metadata.id`.
 */
export async function putWithRetries(
  entries: readonly EventEntry[],
  { bus, sleep, random, signal, onBusFailure }: PutDependencies,
): Promise<EntryOutcome[]> {
  const attempts = entries.map((entry): EntryAttempt => ({ entry }));
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
    const open = attempts.filter(({ outcome }) => outcome === undefined);
    if (open.length === 0) break;
    if (attempt > 1) await sleep(delayBefore(attempt, random), signal);
    if (signal.aborted) break;
    const isLast = attempt === MAX_ATTEMPTS;
    const answer = await bus.put(open.map(({ entry }) => entry));
    for (const [index, entryAttempt] of open.entries()) {
      recordAnswer(entryAttempt, answer.kind === "failed" ? answer : answer.entries[index], isLast);
    }
    if (answer.kind === "failed" && isBusFailure(answer.failure, isLast)) onBusFailure(answer.failure);
  }
  return attempts.map(({ outcome }) => outcome ?? { status: "unsent", reason: String(signal.reason) });
}

interface EntryAttempt {
  entry: EventEntry;
  outcome?: EntryOutcome;
}

/** The delay is half of the cap on average, because the jitter is full: it spreads callers best that failed together. */
function delayBefore(attempt: number, random: () => number): number {
  return random() * Math.min(MAX_DELAY_MILLISECONDS, BASE_DELAY_MILLISECONDS * 2 ** (attempt - 2));
}

/** A transient failure leaves the entry without an outcome, for the next attempt. */
function recordAnswer(attempt: EntryAttempt, answer: EntryAnswer | undefined, isLast: boolean): void {
  if (answer === undefined) throw new RangeError("expected an answer for each entry from the bus; got fewer");
  if (answer.kind === "accepted") {
    attempt.outcome = { status: "accepted", eventId: answer.eventId };
  } else if (answer.failure.class !== "transient") {
    attempt.outcome = refused(answer.failure);
  } else if (isLast) {
    const { code, message } = answer.failure;
    attempt.outcome = refused({ code, message: `${message} (after ${MAX_ATTEMPTS} attempts)` });
  }
}

function refused({ code, message }: Pick<PutFailure, "code" | "message">): EntryOutcome {
  return { status: "refused", code, message };
}

/** A bus that fails whole calls for good would make each of a million events wait its turn to fail. */
function isBusFailure(failure: PutFailure, isLast: boolean): boolean {
  return failure.class === "bus" || (failure.class === "transient" && isLast);
}
