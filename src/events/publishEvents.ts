import { pMapIterable } from "p-map";
import type { EventBus } from "./eventBus.ts";
import { type Pack, packLines } from "./packLines.ts";
import { type EntryOutcome, type PutDependencies, putUntilSettled } from "./putUntilSettled.ts";
import type { EventLine } from "./readLines.ts";
import { type ToEntryResult, toEntry } from "./toEntry.ts";

/**
 * - `accepted`: the bus has the event.
 * - `malformed`: it breaks its schema, and was not sent.
 * - `refused`: the line is no event that a rule would match, or the bus would not take it.
 * - `unsent`: the run ended before its turn.
 */
type PublishResult = EntryOutcome | Exclude<ToEntryResult, { status: "entry" }>;

export type PublishedLine = { line: EventLine } & PublishResult;

export interface PublishOptions {
  bus: EventBus;
  sleep: PutDependencies["sleep"];
  random: PutDependencies["random"];
  /** Sends what breaks its schema too, if a rule would match it. */
  unchecked?: boolean;
  /** Ends the sending when aborted; its reason should be a text. Results still come for every line. */
  signal?: AbortSignal;
  /** Calls under way at a time. */
  concurrency?: number;
}

/**
 * Lines of events in, exactly one result per line out, in the same order. Reads ahead no further than the
 * calls under way, so the input may be endless; the bus gets the events in no particular order.
 *
 * Once the bus fails as a whole and for good (credentials, a bus that does not exist, no answer to the last
 * attempt), the lines that remain are not sent. Errors of the input are thrown.
 */
export async function* publishEvents(
  lines: AsyncIterable<EventLine> | Iterable<EventLine>,
  { bus, sleep, random, unchecked = false, signal, concurrency = 4 }: PublishOptions,
): AsyncGenerator<PublishedLine> {
  const failed = new AbortController();
  const put: PutDependencies = {
    bus,
    sleep,
    random,
    signal: signal === undefined ? failed.signal : AbortSignal.any([signal, failed.signal]),
    onBusFailure: ({ code, message }) => failed.abort(`stopped after ${code}: ${message}`),
  };
  const packs = packLines(lines, (bytes) => toEntry(bytes, { unchecked }));
  for await (const results of pMapIterable(packs, (pack) => publishPack(pack, put), { concurrency })) {
    yield* results;
  }
}

async function publishPack(pack: Pack, put: PutDependencies): Promise<PublishedLine[]> {
  const entries = pack.flatMap(({ check }) => (check.status === "entry" ? [check.entry] : []));
  const outcomes = (await putUntilSettled(entries, put)).values();
  return pack.map(({ line, check }) => ({ line, ...(check.status === "entry" ? take(outcomes) : check) }));
}

function take(outcomes: Iterator<EntryOutcome>): EntryOutcome {
  const { done, value } = outcomes.next();
  if (done) throw new RangeError("fewer outcomes than entries");
  return value;
}
