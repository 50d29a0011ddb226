import type { JournalEntry, JournalOutcome } from "../ledger/ledger.ts";
import type { History } from "../ledger/personHistory.ts";
import type { Intent } from "../pipelineSettings.ts";
import { redactForDisplay } from "./displayText.ts";
import { type DecisionReport, findPeople, toDecisionReport } from "./inspectPerson.ts";

/** Narrows down what happened lately. All filters that are given must match; of several values of one filter, one. */
export interface RecentFilter {
  /** Both moments included, in milliseconds since the epoch. */
  since: number;
  until: number;
  outcome?: readonly JournalOutcome[];
  pipeline?: readonly Intent[];
  account?: readonly string[];
  /** Why: the service's error code, or the rule. */
  code?: readonly string[];
  /** A person's id, or the latest address. */
  person?: string;
  /** At most so many are listed, the newest. */
  limit: number;
}

export interface RecentPorts {
  history: History;
  /** Names the ledger in the report. */
  table: string;
  /** Milliseconds since the epoch. */
  now: () => number;
}

/** The outcome of one event. Times are ISO 8601 in UTC. */
export interface RecentEntry extends DecisionReport {
  personId: string;
  /** How long ago the outcome was written. */
  agoSeconds: number;
}

/** The latest outcomes, and the filters as far as they were given. */
export interface RecentReport {
  table: string;
  since: string;
  until: string;
  outcome: readonly JournalOutcome[] | null;
  pipeline: readonly Intent[] | null;
  account: readonly string[] | null;
  code: readonly string[] | null;
  person: string | null;
  count: number;
  /** Whether there are older ones that the limit leaves out. */
  more: boolean;
  /** By the time of their latest outcome, the newest first. */
  entries: RecentEntry[];
}

/**
 * Lists the events whose latest outcome was written in a period, the newest first. It reads from the newest hour back, and no
 * further than the limit needs; of one person it reads the history. What it reads does not grow with the rest of the ledger.
 * Throws what the ledger throws.
 */
export async function listRecent(
  filter: RecentFilter,
  { history, table, now }: RecentPorts,
): Promise<RecentReport> {
  const { since, until, limit, outcome, pipeline, account, code, person } = filter;
  const isMeant = toTest(filter);
  const found: JournalEntry[] = [];
  for await (const entry of entriesOf(filter, history)) {
    if (!isMeant(entry)) continue;
    found.push(entry);
    if (found.length > limit) break;
  }
  const readAt = now();
  const redact = redactForDisplay(person);
  const entries = found.slice(0, limit).map((entry) => ({
    personId: redact(entry.personId),
    ...toDecisionReport(entry, redact),
    agoSeconds: Math.max(0, Math.round((readAt - Date.parse(entry.settledAt)) / 1000)),
  }));
  return {
    table,
    since: new Date(since).toISOString(),
    until: new Date(until).toISOString(),
    outcome: outcome ?? null,
    pipeline: pipeline ?? null,
    account: account ?? null,
    code: code ?? null,
    person: person ?? null,
    count: entries.length,
    more: found.length > limit,
    entries,
  };
}

async function* entriesOf(
  { since, until, person }: RecentFilter,
  history: History,
): AsyncGenerator<JournalEntry> {
  if (person === undefined) {
    yield* history.latest(since, until + 1);
    return;
  }
  const entries = (await findPeople(history, person)).flatMap((one) => one.entries);
  yield* entries
    .filter(({ settledAt }) => isBetween(Date.parse(settledAt), since, until))
    .toSorted((a, b) => (a.settledAt < b.settledAt ? 1 : -1));
}

function isBetween(moment: number, since: number, until: number): boolean {
  return moment >= since && moment <= until;
}

function toTest({ outcome, pipeline, account, code }: RecentFilter): (entry: JournalEntry) => boolean {
  return (entry) =>
    (outcome === undefined || outcome.includes(entry.outcome)) &&
    (pipeline === undefined || pipeline.includes(entry.intent)) &&
    (account === undefined || account.includes(entry.accountId ?? "")) &&
    (code === undefined || code.includes(entry.code ?? ""));
}
