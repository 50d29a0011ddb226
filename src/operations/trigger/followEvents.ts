import type { JournalEntry, JournalOutcome } from "../../ledger/ledger.ts";
import { redactForDisplay } from "../displayText.ts";
import { type DecisionReport, toDecisionReport } from "../inspectPerson.ts";

export interface FollowPorts {
  /** The journal's entries among which those of the events are. */
  readEntries: () => AsyncIterable<JournalEntry>;
  /** In milliseconds, and never set back. */
  clock: () => number;
  /** Ends early once `signal` is aborted. */
  sleep: (milliseconds: number) => Promise<void>;
  signal: AbortSignal;
  /** Told of each event whose journal entry is new or has changed. */
  onNews: (news: FollowedEvent) => void;
}

export interface FollowRequest {
  eventIds: readonly string[];
  /** For so long nothing may change before the following gives up. */
  patienceMilliseconds: number;
  /** The addresses and ids that were typed, which are shown. */
  typed?: readonly string[];
}

/** The journal's entry of an event that is followed. */
export interface FollowedEvent extends DecisionReport {
  personId: string;
}

/** How an event stands when the following ends. */
export type Standing =
  /** It was carried out, or was so already. */
  | "done"
  /** It will never be carried out. */
  | "failed"
  /** It ended, and nothing was done: superseded, excluded or observed. */
  | "nothingDone"
  /** For its day, for its user, or for an operator. */
  | "waits"
  /** The journal has no entry of it yet. */
  | "unsettled";

export interface FollowReport {
  /** Those of which the journal has an entry, by the time of the outcome. */
  events: FollowedEvent[];
  unsettled: string[];
  /** The worst of all. */
  standing: Standing;
}

const standings: Record<JournalOutcome, Standing> = {
  applied: "done",
  unchanged: "done",
  superseded: "nothingDone",
  excluded: "nothingDone",
  observed: "nothingDone",
  deferred: "waits",
  held: "waits",
  rejected: "failed",
  discarded: "failed",
};

export function standingOf({ outcome }: Pick<FollowedEvent, "outcome">): Standing {
  return standings[outcome];
}

/** Of many events a whole period is read each time. */
function readEachMilliseconds(count: number): number {
  return count === 1 ? 500 : 2000;
}

/** From the worst to the best. */
const order: readonly Standing[] = ["unsettled", "failed", "waits", "nothingDone", "done"];

/**
 * Reads the journal again and again until it has an outcome of each event, or nothing changes for too long. What is held or
 * deferred counts as an outcome: nobody waits here for next month. Throws what the ledger throws.
 */
export async function followEvents(request: FollowRequest, ports: FollowPorts): Promise<FollowReport> {
  const { eventIds, patienceMilliseconds, typed = [] } = request;
  const { readEntries, clock, sleep, signal, onNews } = ports;
  const redact = redactForDisplay(...typed);
  const wanted = new Set(eventIds);
  const found = new Map<string, FollowedEvent>();
  const seen = new Map<string, string>();
  let newsAt = clock();
  while (!signal.aborted) {
    for await (const entry of readEntries()) {
      if (!wanted.has(entry.eventId) || seen.get(entry.eventId) === entry.settledAt) continue;
      const event = { personId: redact(entry.personId), ...toDecisionReport(entry, redact) };
      seen.set(entry.eventId, entry.settledAt);
      found.set(entry.eventId, event);
      newsAt = clock();
      onNews(event);
    }
    if (found.size === wanted.size || clock() - newsAt > patienceMilliseconds) break;
    await sleep(readEachMilliseconds(wanted.size));
  }
  const events = [...found.values()].toSorted((a, b) => (a.settledAt < b.settledAt ? -1 : 1));
  const unsettled = [...wanted].filter((id) => !found.has(id));
  const all = [...events.map(standingOf), ...(unsettled.length === 0 ? [] : ["unsettled" as const])];
  return { events, unsettled, standing: order.find((each) => all.includes(each)) ?? "done" };
}
