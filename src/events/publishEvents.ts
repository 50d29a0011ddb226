import { pMapIterable } from "p-map";
import { type EventBus, entrySizeBytes, MAX_ENTRIES_PER_REQUEST, MAX_REQUEST_BYTES } from "./eventBus.ts";
import { type ToEntryResult, toEntry } from "./eventEntry.ts";
import type { EventLine } from "./eventLines.ts";
import { type EntryOutcome, type PutDependencies, putWithRetries } from "./putWithRetries.ts";

export type PublishedLine = { line: EventLine } & PublishResult;

/**
 * - `accepted`: the bus has the event.
 * - `malformed`: it breaks its schema, and was not sent.
 * - `refused`: the line is no event that a rule would match, or the bus would not take it.
 * - `unsent`: the run ended before its turn.
 */
type PublishResult = EntryOutcome | Exclude<ToEntryResult, { status: "entry" }>;

export interface PublishOptions {
  bus: EventBus;
  sleep: PutDependencies["sleep"];
  random: PutDependencies["random"];
  /** Sends events that break their schema too, if a rule would match them. */
  unchecked?: boolean;
  /** Ends the sending when aborted; its reason should be a text. Results still come for every line. */
  signal?: AbortSignal;
  /** PutEvents calls under way at a time. */
  concurrency?: number;
}

/**
 * Publishes lines of events and yields exactly one result per line, in the same order. Reads ahead no further than the
 * calls under way, so the input may be endless; the bus gets the events in no particular order.
 *
 * Once the bus fails as a whole and for good (credentials, a bus that does not exist, no response to the last
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
  const batches = batchLines(lines, (bytes) => toEntry(bytes, { unchecked }));
  for await (const results of pMapIterable(batches, (batch) => publishBatch(batch, put), { concurrency })) {
    yield* results;
  }
}

async function publishBatch(batch: LineBatch, put: PutDependencies): Promise<PublishedLine[]> {
  const entries = batch.flatMap(({ checked }) => (checked.status === "entry" ? [checked.entry] : []));
  const outcomes = (await putWithRetries(entries, put)).values();
  return batch.map(({ line, checked }) => ({
    line,
    ...(checked.status === "entry" ? nextOutcome(outcomes) : checked),
  }));
}

function nextOutcome(outcomes: Iterator<EntryOutcome>): EntryOutcome {
  const { done, value } = outcomes.next();
  if (done) throw new RangeError("expected an outcome for each entry; got fewer");
  return value;
}

/** Lines that are sent together: all their entries fit one request. Refused lines are among them, to keep the order. */
export type LineBatch = readonly CheckedLine[];

interface CheckedLine {
  line: EventLine;
  checked: ToEntryResult;
}

/** Bounds memory where very many refused lines follow each other. */
const MAX_LINES_PER_BATCH = 1000;

/** Cuts the stream of lines, in order, into the fewest batches: ten entries, or as many as the bytes of a request allow. */
export async function* batchLines(
  lines: AsyncIterable<EventLine> | Iterable<EventLine>,
  check: (bytes: Uint8Array) => ToEntryResult,
): AsyncGenerator<LineBatch> {
  let batch: CheckedLine[] = [];
  let entries = 0;
  let bytes = 0;
  for await (const line of lines) {
    const checked = check(line.bytes);
    const size = checked.status === "entry" ? entrySizeBytes(checked.entry) : 0;
    const isFull = size > 0 && (entries === MAX_ENTRIES_PER_REQUEST || bytes + size >= MAX_REQUEST_BYTES);
    if (isFull || batch.length === MAX_LINES_PER_BATCH) {
      yield batch;
      batch = [];
      entries = 0;
      bytes = 0;
    }
    batch.push({ line, checked });
    entries += size > 0 ? 1 : 0;
    bytes += size;
  }
  if (batch.length > 0) yield batch;
}
