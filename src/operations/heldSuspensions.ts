import pMap from "p-map";
import type { Approval, HeldAnswer, HeldDecisions } from "../ledger/operatorDecisions.ts";
import {
  type HeldDecision,
  type HeldRule,
  readWaitingEvent,
  type StoredHeldDecision,
} from "../ledger/pendingStore.ts";
import { patternFinder } from "../policy/patterns.ts";
import { groupBy } from "../provisioning/groupByPerson.ts";
import type { SafeguardStore } from "../safeguard/safeguardState.ts";
import { countBy, type Redact, redactForDisplay, redactJson } from "./displayText.ts";
import { type HeldReport, toHeldReport } from "./waitingDecisions.ts";

/** Narrows the held suspensions down. All filters that are given must match; of several values of one filter, one. */
export interface HeldFilter {
  /** Ids of people, addresses that the event names, or patterns for either, in which `*` stands for any characters. */
  person?: readonly string[];
  /** A list of ids and addresses, each of which means itself: a pattern in a file could mean anybody. */
  people?: readonly string[];
  account?: readonly string[];
  rule?: HeldRule;
  /** What the event says of the person, such as the department, by name: patterns, of which one must fit. */
  attribute?: Readonly<Record<string, readonly string[]>>;
  /** In milliseconds. */
  olderThan?: number;
}

export interface ListHeldPorts {
  held: Pick<HeldDecisions, "list">;
  /** Names the ledger in the report. */
  table: string;
  /** Milliseconds since the epoch. */
  now: () => number;
}

/** The held suspensions, and how many people of each account. */
export interface HeldListReport {
  table: string;
  count: number;
  counts: HeldCount[];
  /** Those of the list of people of whom nothing is held that is meant. */
  notHeld: string[];
  /** In the order in which they were held. */
  held: (HeldReport & { event: unknown })[];
}

/** Lists the suspensions that the safeguard holds. Throws what the store throws. */
export async function listHeld(
  filter: HeldFilter,
  { held, table, now }: ListHeldPorts,
): Promise<HeldListReport> {
  const readAt = now();
  const decisions = await chooseHeld(held, filter, readAt);
  const redact = redactForDisplay(...typedIn(filter));
  return {
    table,
    count: decisions.length,
    counts: countHeld(decisions, redact),
    notHeld: notHeldOf(filter, decisions).map(redact),
    held: decisions.map((decision) => ({
      ...toHeldReport(decision, redact, readAt),
      event: redactJson(decision.event, redact),
    })),
  };
}

/** Whether no filter is given, so that everybody would be meant. */
export function meansEverybody({ person, people, account, rule, attribute, olderThan }: HeldFilter): boolean {
  return [person, people, account, rule, attribute, olderThan].every((value) => value === undefined);
}

/** What the operator typed, or gave as a list: an address in it is known already, and is shown. */
function typedIn({ person = [], people = [] }: HeldFilter): readonly string[] {
  return [...person, ...people];
}

function notHeldOf({ people = [] }: HeldFilter, decisions: readonly StoredHeldDecision[]): string[] {
  const held = new Set(decisions.flatMap(namesOf));
  return people.filter((each) => !held.has(each.toLowerCase()));
}

/** The person's id and the addresses that the event names, in lower case. */
function namesOf({ personId, event }: StoredHeldDecision): string[] {
  return [personId, ...readWaitingEvent(event).emails].map((each) => each.toLowerCase());
}

/** @param now milliseconds since the epoch */
export async function chooseHeld(
  held: Pick<HeldDecisions, "list">,
  filter: HeldFilter,
  now: number,
): Promise<StoredHeldDecision[]> {
  const isMeant = toTest(filter, now);
  const chosen: StoredHeldDecision[] = [];
  for await (const decision of held.list()) if (isMeant(decision)) chosen.push(decision);
  return chosen;
}

function toTest(filter: HeldFilter, now: number): (decision: StoredHeldDecision) => boolean {
  // Thousands may be held, and to read each one's event takes longer than all the rest.
  return meansEverybody(filter) ? () => true : toTestOf(filter, now);
}

function toTestOf(
  { person, people, account, rule, attribute = {}, olderThan = 0 }: HeldFilter,
  now: number,
): (decision: StoredHeldDecision) => boolean {
  const findPerson = person && patternFinder(person);
  const listed = people && new Set(people.map((each) => each.toLowerCase()));
  const attributes = Object.entries(attribute).map(([name, patterns]) => ({
    name,
    find: patternFinder(patterns),
  }));
  return (decision) => {
    const { emails, attributes: said = {} } = readWaitingEvent(decision.event);
    return (
      (findPerson === undefined ||
        [decision.personId, ...emails].some((each) => findPerson(each) !== undefined)) &&
      (listed === undefined || namesOf(decision).some((each) => listed.has(each))) &&
      (account === undefined || account.includes(decision.accountId)) &&
      (rule === undefined || decision.rule === rule) &&
      attributes.every(
        ({ name, find }) => Object.hasOwn(said, name) && find(said[name] ?? "") !== undefined,
      ) &&
      // A clock that is ahead of ours makes an age negative: it is still no reason to leave a decision out.
      Math.max(now - decision.heldAt, 0) >= olderThan
    );
  };
}

/** How many people of an account are held, by which rule, and since when (ISO 8601). */
export interface HeldCount {
  accountId: string;
  people: number;
  byRule: Partial<Record<HeldRule, number>>;
  since: string;
}

/** By account; most people first. */
export function countHeld(decisions: readonly HeldDecision[], redact: Redact): HeldCount[] {
  const accounts = groupBy(decisions, ({ accountId }) => accountId);
  return [...accounts]
    .map(([accountId, held]) => ({
      accountId: redact(accountId),
      people: new Set(held.map(({ personId }) => personId)).size,
      byRule: countBy(held, ({ rule }) => rule),
      since: new Date(
        held.reduce((first, { heldAt }) => Math.min(first, heldAt), Number.POSITIVE_INFINITY),
      ).toISOString(),
    }))
    .toSorted((a, b) => b.people - a.people || (a.accountId < b.accountId ? -1 : 1));
}

/** `release`: the suspensions are carried out after all. `discard`: they are not, nor are late copies of their events. */
export type HeldAction = "release" | "discard";

export interface DecideHeldRequest extends HeldFilter {
  /** Who decides, and why, for the journal. */
  by: string;
  because: string;
}

export interface DecideHeldPorts extends ListHeldPorts {
  held: HeldDecisions;
  safeguard: Pick<SafeguardStore, "list">;
  /** Asked before anything is changed, unless nobody is meant. */
  confirm: (counts: readonly HeldCount[]) => Promise<boolean>;
  onProgress: (progress: { done: number; all: number }) => void;
  /** Once it is aborted, nothing new is begun. */
  signal: AbortSignal;
  /** Why a request failed, in words. Whatever it rethrows ends the operation. */
  explainFailure: (error: unknown) => string;
}

type HeldResultKind = HeldResult["kind"];

/** What became of each held suspension. */
export interface HeldDecisionReport {
  table: string;
  count: number;
  counts: Partial<Record<HeldResultKind, number>>;
  /** Those of the list of people of whom nothing was held that was meant. */
  notHeld: string[];
  /** The accounts of these suspensions whose latch is closed. */
  latchClosed: string[];
  held: (HeldReport & { result: HeldResultKind; failure?: string })[];
}

/** Releases or discards held suspensions in the operator's name. Throws what the ledger throws before the first change. */
export async function decideHeld(
  action: HeldAction,
  { by, because: note, ...filter }: DecideHeldRequest,
  ports: DecideHeldPorts,
): Promise<{ kind: "declined" } | { kind: "decided"; report: HeldDecisionReport }> {
  const { held, table, now, confirm } = ports;
  const redact = redactForDisplay(...typedIn(filter));
  const decisions = await chooseHeld(held, filter, now());
  const latchClosed = await closedLatches(ports.safeguard, decisions);
  if (decisions.length > 0 && !(await confirm(countHeld(decisions, redact)))) return { kind: "declined" };
  const approval: Approval = { by, note, now: now() };
  const decideOne = (decision: StoredHeldDecision) => held[action](decision, approval);
  const results = await applyToHeld(decisions, decideOne, ports);
  const settledAt = now();
  return {
    kind: "decided",
    report: {
      table,
      count: results.length,
      counts: countBy(results, ({ kind }) => kind),
      notHeld: notHeldOf(filter, decisions).map(redact),
      latchClosed: latchClosed.map(redact),
      held: results.map((result) => ({
        ...toHeldReport(result.decision, redact, settledAt),
        result: result.kind,
        ...(result.kind === "failed" && { failure: redact(result.reason) }),
        ...(result.kind === "busy" && { failure: busyText(result.until) }),
      })),
    },
  };
}

async function closedLatches(
  safeguard: Pick<SafeguardStore, "list">,
  decisions: readonly StoredHeldDecision[],
): Promise<string[]> {
  const concerned = new Set(decisions.map(({ accountId }) => accountId));
  const accounts = await safeguard.list();
  return accounts
    .filter(({ accountId, state }) => concerned.has(accountId) && state.latch !== undefined)
    .map(({ accountId }) => accountId);
}

function busyText(until: number): string {
  return `an invocation may be acting on it until ${new Date(until).toISOString()}; try again then`;
}

/** What became of one held decision. */
export type HeldResult = { decision: StoredHeldDecision } & (
  | HeldAnswer<"released" | "discarded">
  | { kind: "failed"; reason: string }
  /** The operation ended before it was this decision's turn: it is still held. */
  | { kind: "untouched" }
);

/**
 * So many at once: each is three or four writes in a row, and all of them go to the same partition of the index, which
 * takes about 1,000 writes a second.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html
 */
const atOnce = 16;

/** After so many failures in a row the others would fail too: credentials that lack a permission, a network that is gone. */
const mostFailuresInRow = 20;

/** Releases or discards each of the decisions; one result for each, in their order. */
export async function applyToHeld(
  decisions: readonly StoredHeldDecision[],
  decide: (decision: StoredHeldDecision) => Promise<HeldAnswer<"released" | "discarded">>,
  { signal, explainFailure, onProgress }: Pick<DecideHeldPorts, "signal" | "explainFailure" | "onProgress">,
): Promise<HeldResult[]> {
  let failuresInRow = 0;
  let done = 0;
  const applyToOne = async (decision: StoredHeldDecision): Promise<HeldResult> => {
    if (signal.aborted || failuresInRow >= mostFailuresInRow) return { decision, kind: "untouched" };
    try {
      const answer = await decide(decision);
      failuresInRow = 0;
      return { decision, ...answer };
    } catch (error) {
      failuresInRow += 1;
      return { decision, kind: "failed", reason: explainFailure(error) };
    } finally {
      done += 1;
      onProgress({ done, all: decisions.length });
    }
  };
  return pMap(decisions, applyToOne, { concurrency: atOnce });
}
