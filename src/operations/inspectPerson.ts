import { trailOf } from "../ledger/journal.ts";
import type { JournalEntry, TrailStep } from "../ledger/ledger.ts";
import type { OperatorAct } from "../ledger/operatorDecisions.ts";
import type { Head, History, PersonHistory } from "../ledger/personHistory.ts";
import { type Aspect, pipelines } from "../pipelineSettings.ts";
import { type Redact, redactForDisplay } from "./displayText.ts";
import { toWaitingReport, type WaitingReport } from "./waitingDecisions.ts";

export interface InspectPersonPorts {
  history: History;
  /** Names the ledger in the report. */
  table: string;
  /** Milliseconds since the epoch. */
  now: () => number;
}

/** Everything that the ledger knows of a person, or of everyone at an address. */
export interface HistoryReport {
  /** The id or the address that was asked for. */
  asked: string;
  table: string;
  /** By their ids; empty if the ledger knows nobody of that id or address. */
  people: PersonReport[];
}

/**
 * Reads the history of a person by id or e-mail address. An address may belong to several people, and may be somebody's
 * id as well. Throws what the ledger throws.
 */
export async function inspectPerson(
  asked: string,
  { history, table, now }: InspectPersonPorts,
): Promise<HistoryReport> {
  const found = await findPeople(history, asked);
  const redact = redactForDisplay(asked);
  const readAt = now();
  return { asked, table, people: found.map((person) => toPersonReport(person, redact, readAt)) };
}

/** Everyone whom the operator may mean, in the order of their ids. */
export async function findPeople(
  history: Pick<History, "ofPerson" | "peopleAt">,
  asked: string,
): Promise<PersonHistory[]> {
  const atAddress = isAddress(asked) ? await history.peopleAt(asked.toLowerCase()) : [];
  const people: PersonHistory[] = [];
  for (const personId of [...new Set([asked, ...atAddress])].sort()) {
    const person = await history.ofPerson(personId);
    if (person !== undefined) people.push(person);
  }
  return people;
}

export function isAddress(asked: string): boolean {
  return asked.includes("@");
}

/** Everything about one person. */
export interface PersonReport {
  personId: string;
  /** As of the latest decisions. */
  emails: string[];
  /** One for each aspect that anything was decided about. */
  heads: HeadReport[];
  /** In their order, the oldest first. */
  decisions: DecisionReport[];
  /** By their due date. */
  waiting: WaitingReport[];
  /** What operators did at the directory, past the events; the oldest first, and left out for nothing. */
  acts?: ActReport[];
}

/** A call that an operator made at a directory. */
export type ActReport = Omit<OperatorAct, "personId" | "id">;

export function toActReport({ personId: _, id: __, ...act }: OperatorAct, redact: Redact): ActReport {
  return { ...act, by: redact(act.by), note: redact(act.note) };
}

const aspects: readonly Aspect[] = ["access", "license"];

/** @param now milliseconds since the epoch */
export function toPersonReport(
  { personId, heads, entries, waiting, acts }: PersonHistory,
  redact: Redact,
  now: number,
): PersonReport {
  const decisions = new Map(entries.map((entry) => [entry.eventId, toDecisionReport(entry, redact)]));
  const decided = new Set(
    [...heads, ...entries.map(({ intent }) => pipelines[intent])].map(({ aspect }) => aspect),
  );
  const emails = heads.flatMap(({ email }) => (email === undefined ? [] : [redact(email)]));
  return {
    personId: redact(personId),
    emails: [...new Set(emails)],
    heads: aspects
      .filter((aspect) => decided.has(aspect))
      .map((aspect) => heads.find((head) => head.aspect === aspect) ?? { aspect })
      .map((head) => toHeadReport(head, (eventId) => decisions.get(eventId), redact, now)),
    decisions: [...decisions.values()],
    waiting: waiting.map((decision) => toWaitingReport(decision, redact, now)),
    ...(acts !== undefined && { acts: acts.map((act) => toActReport(act, redact)) }),
  };
}

/** An entry of the journal, with how long it took. */
export interface DecisionReport extends Omit<JournalEntry, "personId" | "version" | "trail"> {
  /** What happened to the event, the oldest first. */
  trail: TrailStep[];
  /** From HR's decision, or from the operator's to undo one, to its settlement. */
  secondsFromDecision: number;
  /** From the moment at which the decision took effect, if that was another. */
  secondsFromEffect?: number;
}

export function toDecisionReport(entry: JournalEntry, redact: Redact): DecisionReport {
  const {
    personId,
    version,
    eventId,
    code,
    requestId,
    accountId,
    by,
    note,
    origin,
    correlationId,
    ...others
  } = entry;
  const { license, alsoAt, undoes, ...rest } = others;
  const { occurredAt, effectiveAt, settledAt, undoneAt } = rest;
  return {
    eventId: redact(eventId),
    ...rest,
    ...(code !== undefined && { code: redact(code) }),
    ...(requestId !== undefined && { requestId: redact(requestId) }),
    ...(accountId !== undefined && { accountId: redact(accountId) }),
    ...(by !== undefined && { by: redact(by) }),
    ...(note !== undefined && { note: redact(note) }),
    ...(origin !== undefined && { origin: redact(origin) }),
    ...(correlationId !== undefined && { correlationId: redact(correlationId) }),
    ...(license !== undefined && { license: redact(license) }),
    ...(alsoAt !== undefined && { alsoAt: alsoAt.map(redact) }),
    ...(undoes !== undefined && { undoes: redact(undoes) }),
    trail: trailOf(entry).map((step) => redactStep(step, redact)),
    // What undoes another decision has the times of that one.
    secondsFromDecision: secondsBetween(undoneAt ?? occurredAt, settledAt),
    ...(effectiveAt !== undefined &&
      undoneAt === undefined && { secondsFromEffect: secondsBetween(effectiveAt, settledAt) }),
  };
}

function redactStep({ code, requestId, by, note, ...rest }: TrailStep, redact: Redact): TrailStep {
  return {
    ...rest,
    ...(code !== undefined && { code: redact(code) }),
    ...(requestId !== undefined && { requestId: redact(requestId) }),
    ...(by !== undefined && { by: redact(by) }),
    ...(note !== undefined && { note: redact(note) }),
  };
}

function secondsBetween(start: string, end: string): number {
  return (Date.parse(end) - Date.parse(start)) / 1000;
}

/** The state of one aspect of a person. */
export interface HeadReport {
  aspect: Aspect;
  settled: SettledReport | null;
  lease: LeaseReport;
}

/** The newest decision that stands. */
export interface SettledReport {
  eventId: string;
  as: "applied" | "rejected";
  /** `null` if its journal entry has expired: heads are kept for good, entries for 13 months. */
  decision: DecisionReport | null;
}

/** `lapsed`: the invocation that held it never finished, and the message comes again. `until` in ISO 8601. */
type LeaseReport =
  | { state: "free" }
  | { state: "held"; owner: string; until: string }
  | { state: "lapsed"; owner?: string; until?: string };

function toHeadReport(
  { aspect, settled, claim }: Head,
  decisionOf: (eventId: string) => DecisionReport | undefined,
  redact: Redact,
  now: number,
): HeadReport {
  return {
    aspect,
    settled:
      settled === undefined
        ? null
        : {
            eventId: redact(settled.eventId),
            as: settled.as,
            decision: decisionOf(settled.eventId) ?? null,
          },
    lease: claim === undefined ? { state: "free" } : toLeaseReport(claim, redact, now),
  };
}

/** As the claim's own condition has it, a lease still holds at its last millisecond. */
function toLeaseReport({ lease }: NonNullable<Head["claim"]>, redact: Redact, now: number): LeaseReport {
  if (lease === undefined) return { state: "lapsed" };
  const state = lease.until >= now ? "held" : "lapsed";
  return { state, owner: redact(lease.owner), until: new Date(lease.until).toISOString() };
}
