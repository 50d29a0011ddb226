import { toEntry } from "../events/eventEntry.ts";
import type { EventLine } from "../events/eventLines.ts";
import { problemText } from "../events/problems.ts";
import { type PublishedLine, type PublishOptions, publishEvents } from "../events/publishEvents.ts";
import { maskEmails } from "../privacy/masking.ts";

/** What became of a line: `valid` in a dry run, and otherwise what the publishing says. */
type LineResult = PublishedLine | { line: EventLine; status: "valid" };

/** A line that was not accepted. It holds nothing of the line's content, which may be personal. */
export interface Rejection {
  line: number;
  status: "malformed" | "refused" | "unsent";
  reasons: string[];
}

interface Rejections {
  malformed: number;
  refused: number;
  /** The first 1,000; `rejectedNotListed` counts the others. */
  rejected: Rejection[];
  rejectedNotListed: number;
}

export interface DryRunReport extends Rejections {
  events: number;
  valid: number;
}

export interface PublishReport extends Rejections {
  events: number;
  accepted: number;
  unsent: number;
  bus: string;
  seconds: number;
  /** Where the lines are kept that were not accepted; `null` if there are none. */
  rejectedFile: string | null;
}

/** Nothing was published, because nothing could be: there is no such bus, for example. */
export interface PublishRefusal {
  kind: "refused";
  message: string;
}

export interface ProgressPorts {
  /** Told of each line that was accepted, in its turn. */
  onAccepted?: (line: EventLine) => void;
  /** Told of each line that was not accepted, in its turn. */
  onRejection: (rejection: Rejection) => void;
  onProgress: (progress: { events: number; rejected: number }) => void;
}

/** Checks lines as publishing would, and sends nothing. */
export async function checkLines(
  lines: AsyncIterable<EventLine>,
  { unchecked }: { unchecked: boolean },
  progress: ProgressPorts,
): Promise<DryRunReport> {
  const { counts, ...rejections } = await tally(checked(lines, unchecked), progress, async () => {});
  const { valid, malformed, refused } = counts;
  return { events: totalOf(counts), valid, malformed, refused, ...rejections };
}

async function* checked(lines: AsyncIterable<EventLine>, unchecked: boolean): AsyncGenerator<LineResult> {
  for await (const line of lines) {
    const check = toEntry(line.bytes, { unchecked });
    yield check.status === "entry" ? { line, status: "valid" } : { line, ...check };
  }
}

export interface PublishPorts extends ProgressPorts {
  bus: PublishOptions["bus"];
  /** Names the bus in the report. */
  busName: string;
  sleep: PublishOptions["sleep"];
  random: PublishOptions["random"];
  /** Keeps the lines that were not accepted, byte for byte, so that they can be mended and published again. */
  rejected: { path: string; write: (line: Uint8Array) => Promise<void> };
  /** Once it is aborted, the calls under way finish, and every line that was not sent counts as `unsent`. */
  signal: AbortSignal;
  /** A clock in milliseconds that is never set back. */
  clock: () => number;
}

/** Publishes lines of events to the bus, and keeps those that were not accepted. */
export async function publishLines(
  lines: AsyncIterable<EventLine>,
  { unchecked }: { unchecked: boolean },
  ports: PublishPorts,
): Promise<PublishReport> {
  const { bus, busName, sleep, random, rejected, signal, clock } = ports;
  const startedAt = clock();
  const results = publishEvents(lines, { bus, sleep, random, unchecked, signal });
  const { counts, ...rejections } = await tally(results, ports, rejected.write);
  const { accepted, malformed, refused, unsent } = counts;
  return {
    events: totalOf(counts),
    accepted,
    malformed,
    refused,
    unsent,
    bus: busName,
    seconds: Math.round((clock() - startedAt) / 100) / 10,
    rejectedFile: rejectedOf(counts) === 0 ? null : rejected.path,
    ...rejections,
  };
}

export function isClean({ malformed, refused, ...report }: DryRunReport | PublishReport): boolean {
  return malformed + refused + ("unsent" in report ? report.unsent : 0) === 0;
}

type Counts = Record<LineResult["status"], number>;

/** A file of a million bad lines must not fill the memory with their reasons. */
const mostListedRejections = 1000;

/** Follows the results to their end: counts them, and hands each line that was not accepted to `keep`. */
async function tally(
  results: AsyncIterable<LineResult>,
  { onAccepted, onRejection, onProgress }: ProgressPorts,
  keep: (line: Uint8Array) => Promise<void>,
): Promise<{ counts: Counts; rejected: Rejection[]; rejectedNotListed: number }> {
  const counts: Counts = { accepted: 0, valid: 0, malformed: 0, refused: 0, unsent: 0 };
  const rejected: Rejection[] = [];
  for await (const result of results) {
    counts[result.status]++;
    if (result.status === "accepted") onAccepted?.(result.line);
    const rejection = toRejection(result);
    if (rejection !== undefined) {
      await keep(result.line.bytes);
      if (rejected.length < mostListedRejections) rejected.push(rejection);
      onRejection(rejection);
    }
    onProgress({ events: totalOf(counts), rejected: rejectedOf(counts) });
  }
  return { counts, rejected, rejectedNotListed: rejectedOf(counts) - rejected.length };
}

function totalOf(counts: Counts): number {
  return Object.values(counts).reduce((sum, n) => sum + n, 0);
}

function rejectedOf({ malformed, refused, unsent }: Counts): number {
  return malformed + refused + unsent;
}

/**
 * `undefined` for a line that is accepted or valid. The service's own words may quote what was sent, so addresses in them
 * are masked; a schema problem never quotes.
 */
export function toRejection(result: LineResult): Rejection | undefined {
  const { status } = result;
  const line = result.line.number;
  switch (status) {
    case "accepted":
    case "valid":
      return undefined;
    case "malformed":
      return { line, status, reasons: result.problems.map(problemText) };
    case "refused":
      return { line, status, reasons: [maskEmails(`${result.code}: ${result.message}`)] };
    case "unsent":
      return { line, status, reasons: [maskEmails(`not sent: ${result.reason}`)] };
  }
}
