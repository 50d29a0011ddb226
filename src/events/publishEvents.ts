import { pMapIterable } from "p-map";
import {
  type EntryAnswer,
  type EventBus,
  type EventEntry,
  entrySizeBytes,
  MAX_ENTRIES_PER_REQUEST,
  MAX_REQUEST_BYTES,
  type PutFailure,
} from "./eventBus.ts";
import { type ToEntryResult, toEntry } from "./eventEntry.ts";
import type { EventLine } from "./eventLines.ts";

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

/** A line and what became of it before anything was sent. */
interface CheckedLine {
  line: EventLine;
  check: ToEntryResult;
}

/** Lines that travel together: all their entries fit one request. Bad lines ride along, to keep the order. */
export type Pack = readonly CheckedLine[];

/** Bounds memory where very many bad lines follow each other. */
const MAX_LINES_PER_PACK = 1000;

/** Cuts the stream of lines, in order, into the fewest packs: ten entries, or as many as the bytes allow. */
export async function* packLines(
  lines: AsyncIterable<EventLine> | Iterable<EventLine>,
  check: (bytes: Uint8Array) => ToEntryResult,
): AsyncGenerator<Pack> {
  let pack: CheckedLine[] = [];
  let entries = 0;
  let bytes = 0;
  for await (const line of lines) {
    const checked = { line, check: check(line.bytes) };
    const size = checked.check.status === "entry" ? entrySizeBytes(checked.check.entry) : 0;
    const isFull = size > 0 && (entries === MAX_ENTRIES_PER_REQUEST || bytes + size >= MAX_REQUEST_BYTES);
    if (isFull || pack.length === MAX_LINES_PER_PACK) {
      yield pack;
      pack = [];
      entries = 0;
      bytes = 0;
    }
    pack.push(checked);
    entries += size > 0 ? 1 : 0;
    bytes += size;
  }
  if (pack.length > 0) yield pack;
}

/** How one entry ended. */
type EntryOutcome =
  | { status: "accepted"; eventId: string }
  | { status: "refused"; code: string; message: string }
  | { status: "unsent"; reason: string };

interface PutDependencies {
  bus: EventBus;
  /** Resolves after that time, or as soon as the signal is aborted. Never rejects. */
  sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  /** From 0 up to 1. */
  random: () => number;
  /** Once aborted nothing more is sent. Its reason, a text, is told for each entry that stayed behind. */
  signal: AbortSignal;
  /** Told of a failure that any other call would meet as well. */
  onBusFailure: (failure: PutFailure) => void;
}

export const MAX_ATTEMPTS = 8;
const BASE_DELAY_MILLISECONDS = 200;
const MAX_DELAY_MILLISECONDS = 10_000;

interface Attempted {
  entry: EventEntry;
  outcome?: EntryOutcome;
}

/**
 * Puts at most ten entries, and what failed in passing again and alone, with exponential back-off and full
 * jitter (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/): eight attempts over
 * some 12 s on average. Gives exactly one outcome per entry, in their order.
 *
 * When an answer is lost on its way back, the same event is sent twice. Consumers know it by `metadata.id`.
 */
export async function putUntilSettled(
  entries: readonly EventEntry[],
  { bus, sleep, random, signal, onBusFailure }: PutDependencies,
): Promise<EntryOutcome[]> {
  const all = entries.map((entry): Attempted => ({ entry }));
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
    const open = all.filter(({ outcome }) => outcome === undefined);
    if (open.length === 0) break;
    if (attempt > 1) await sleep(delayBefore(attempt, random), signal);
    if (signal.aborted) break;
    const isLast = attempt === MAX_ATTEMPTS;
    const answer = await bus.put(open.map(({ entry }) => entry));
    for (const [index, attempted] of open.entries()) {
      settle(attempted, answer.kind === "failed" ? answer : answer.entries[index], isLast);
    }
    if (answer.kind === "failed" && endsTheRun(answer.failure, isLast)) onBusFailure(answer.failure);
  }
  return all.map(({ outcome }) => outcome ?? { status: "unsent", reason: String(signal.reason) });
}

/** Half of this on average, because the jitter is full: it spreads callers best that failed together. */
function delayBefore(attempt: number, random: () => number): number {
  return random() * Math.min(MAX_DELAY_MILLISECONDS, BASE_DELAY_MILLISECONDS * 2 ** (attempt - 2));
}

/** A transient failure leaves the entry open, for the next attempt. */
function settle(attempted: Attempted, answer: EntryAnswer | undefined, isLast: boolean): void {
  if (answer === undefined) throw new RangeError("the bus gave fewer answers than it was given entries");
  if (answer.kind === "accepted") {
    attempted.outcome = { status: "accepted", eventId: answer.eventId };
  } else if (answer.failure.class !== "transient") {
    attempted.outcome = refused(answer.failure);
  } else if (isLast) {
    const { code, message } = answer.failure;
    attempted.outcome = refused({ code, message: `${message} (after ${MAX_ATTEMPTS} attempts)` });
  }
}

function refused({ code, message }: Pick<PutFailure, "code" | "message">): EntryOutcome {
  return { status: "refused", code, message };
}

/** A bus that fails whole calls for good would make each of a million events wait its turn to fail. */
function endsTheRun(failure: PutFailure, isLast: boolean): boolean {
  return failure.class === "bus" || (failure.class === "transient" && isLast);
}
