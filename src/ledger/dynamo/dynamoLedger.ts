import pMap from "p-map";
import {
  decideClaim,
  decideCommit,
  decidedAt,
  explainOutdated,
  type HeadState,
  isInterrupted,
  type Outdated,
  withOutcome,
} from "../head.ts";
import { decideAbandon, decideObservation } from "../headMarks.ts";
import {
  type AddressOwner,
  type Claim,
  type ClaimAnswer,
  type ClaimResult,
  type CommitAnswer,
  type EndedAnswer,
  isFinalOutcome,
  type Lease,
  type Ledger,
  type OwnersAnswer,
  type StandingAnswer,
} from "../ledger.ts";
import type { Observations, ObserveAnswer } from "../trialObservations.ts";
import { changeHeads, fromHeadItem, type HeadName } from "./headItems.ts";
import { personOf, readHeadKeys } from "./headKeys.ts";
import { recordEntries } from "./journalItems.ts";
import { eventKey, headKey, type Item, keyText, type LedgerTable } from "./ledgerTable.ts";
import { cancelWaiting } from "./pendingItems.ts";
import { readItems } from "./readItems.ts";

/**
 * The ledger in DynamoDB. It reads and writes in batches; every write is conditional and atomic by itself. A head is written on
 * condition that it still is as it was read, so that nothing can come between a decision and its write.
 */
export function dynamoLedger(table: LedgerTable): Ledger {
  const own = ownHeads();
  return {
    async claim(claims, lease) {
      own.begin(lease);
      const answers = await changeHeads(
        table,
        claims.map((claim) => ({ head: claim, decide: (head) => decideClaim(head, claim, lease) })),
      );
      return explainAll(
        table,
        claims,
        answers.map((changed, index): ClaimAnswer | Outdated => {
          if (changed.kind === "unknown")
            return { kind: "fault", reason: `the ledger did not take the claim: ${changed.error}` };
          own.remember(claims[index], changed.written);
          return changed.answer;
        }),
      );
    },
    commit: (results, lease) => commit(table, results, lease, own),
    record: (entries) => recordEntries(table, entries),
    async abandon(claims, lease) {
      const changed = await changeHeads(
        table,
        claims.map((claim) => ({ head: claim, decide: (head) => decideAbandon(head, claim, lease) })),
      );
      return changed.map((one) =>
        one.kind === "decided" ? one.answer : fault("the ledger did not end its claim", one.error),
      );
    },
    async ended(events) {
      const keys = events.map(({ personId, eventId }) => eventKey(personId, eventId));
      return (await readItems(table, keys)).map((answer): EndedAnswer => {
        if (answer.kind === "unread") return fault("the ledger could not be read", answer.error);
        return isFinalOutcome(answer.item?.outcome?.S) ? { kind: "ended" } : { kind: "open" };
      });
    },
    async standing(heads) {
      const keys = heads.map(({ personId, aspect }) => headKey(personId, aspect));
      const answers = await readItems(table, keys);
      return answers.map((answer): StandingAnswer => {
        if (answer.kind === "unread")
          return { kind: "fault", reason: `the ledger could not be read: ${answer.error}` };
        return toStandingAnswer(answer.item);
      });
    },
    ownersOf: (emails) => pMap(emails, (email) => ownersOf(table, email), { concurrency: queriesAtOnce }),
  };
}

/** What trials have observed, on the same heads. */
export function dynamoObservations(table: LedgerTable): Observations {
  return {
    async observe(claims) {
      const changed = await changeHeads(
        table,
        claims.map((claim) => ({ head: claim, decide: (head) => decideObservation(head, claim) })),
      );
      const answers = changed.map((one): ObserveAnswer | Outdated =>
        one.kind === "decided" ? one.answer : fault("the ledger did not take it", one.error),
      );
      return explainAll(table, claims, answers);
    },
  };
}

const queriesAtOnce = 8;

/** The index may be a moment behind, so the heads themselves say whether the address is still theirs. */
async function ownersOf(table: LedgerTable, email: string): Promise<OwnersAnswer> {
  try {
    const keys = await readHeadKeys(table, email);
    const owners: AddressOwner[] = [];
    for (const [index, answer] of (await readItems(table, keys)).entries()) {
      if (answer.kind === "unread") throw answer.error;
      const head = fromHeadItem(answer.item);
      if (head.email === email) owners.push({ personId: personOf(keys[index]), decidedAt: decidedAt(head) });
    }
    return { kind: "known", owners };
  } catch (cause) {
    return {
      kind: "fault",
      reason: `the ledger could not tell whose an address is: ${nameOf(cause)}`,
      cause,
    };
  }
}

/** Not the message, which may hold the address. */
function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}

/** An item that cannot be read is the fault of its own person. */
function toStandingAnswer(item: Item | undefined): StandingAnswer {
  try {
    const { claimed, settled } = fromHeadItem(item);
    return claimed === undefined ? { kind: "stands", eventId: settled?.eventId } : { kind: "open" };
  } catch (error) {
    return { kind: "fault", reason: String(error) };
  }
}

function fault(what: string, error: unknown): Extract<CommitAnswer, { kind: "fault" }> {
  return { kind: "fault", reason: `${what}: ${error}` };
}

/** Finds out what outdated and interrupted claims are, from their events' journal entries. Only they cost this read. */
async function explainAll<Answer extends { kind: string }>(
  table: LedgerTable,
  claims: readonly Claim[],
  answers: readonly (Answer | Outdated)[],
): Promise<(Answer | Explained)[]> {
  const keys: Item[] = [];
  for (const [index, { personId, eventId }] of claims.entries()) {
    const answer = answers[index];
    if (answer !== undefined && (isOutdated(answer) || isInterrupted(answer)))
      keys.push(eventKey(personId, eventId));
  }
  const entries = new Map<string, Awaited<ReturnType<typeof readItems>>[number]>();
  for (const [index, answer] of (await readItems(table, keys)).entries()) {
    const key = keys[index];
    if (key !== undefined) entries.set(keyText(key), answer);
  }
  return answers.map((answer, index): Answer | Explained => {
    if (!isOutdated(answer) && !isInterrupted(answer)) return answer;
    const { personId = "", eventId = "" } = claims[index] ?? {};
    const entry = entries.get(keyText(eventKey(personId, eventId)));
    if (entry?.kind !== "read")
      return { kind: "fault", reason: `the ledger could not be read: ${entry?.error}` };
    const outcome = entry.item?.outcome?.S;
    return isOutdated(answer) ? explainOutdated(outcome, answer) : withOutcome(answer, outcome);
  });
}

type Explained = ReturnType<typeof explainOutdated> | Extract<CommitAnswer, { kind: "fault" }>;

function isOutdated(answer: { kind: string }): answer is Outdated {
  return answer.kind === "outdated";
}

/**
 * Writes the journal first and the heads last: a worker that dies in between leaves an entry and an open claim, and the event
 * is carried out once more under the same version. The other way round the entry would be lost.
 */
async function commit(
  table: LedgerTable,
  results: readonly ClaimResult[],
  lease: Lease,
  own: OwnHeads,
): Promise<CommitAnswer[]> {
  const answers = new Array<CommitAnswer | undefined>(results.length);
  const open = () => [...results.entries()].filter(([index]) => answers[index] === undefined);

  const entries = open().flatMap(([index, { kind, ...result }]) =>
    "entry" in result && result.entry !== undefined ? [{ index, kind, entry: result.entry }] : [],
  );
  const recorded = await recordEntries(
    table,
    entries.map(({ entry }) => entry),
  );
  for (const [position, { index }] of entries.entries()) {
    const answer = recorded[position];
    if (answer?.kind !== "done") answers[index] = answer ?? fault("the journal", "it did not answer");
  }

  const toCancel = open().flatMap(([index, result]) =>
    result.kind === "stand" ? result.pending.map((kind) => ({ index, kind, claim: result.claim })) : [],
  );
  const cancelled = new Map<number, (typeof toCancel)[number]["kind"][]>();
  for (const [position, answer] of (await cancelWaiting(table, toCancel)).entries()) {
    const { index = 0, kind } = toCancel[position] ?? {};
    if (answer.kind === "fault") answers[index] = answer;
    else if (answer.kind === "gone" && kind !== undefined)
      cancelled.set(index, [...(cancelled.get(index) ?? []), kind]);
  }

  const moving = open();
  const changed = await changeHeads(
    table,
    moving.map(([index, result]) => ({
      head: result.claim,
      expected: own.recall(result.claim, lease),
      decide: (head) => decideCommit(head, result, lease, cancelled.get(index)),
    })),
  );
  for (const [position, [index]] of moving.entries()) {
    const one = changed[position];
    answers[index] =
      one?.kind === "decided" ? one.answer : fault("the ledger did not take the result", one?.error);
  }
  return answers.map((answer) => answer ?? fault("the ledger", "it did not answer"));
}

interface OwnHeads {
  begin(lease: Lease): void;
  remember(head: HeadName | undefined, written: HeadState | undefined): void;
  recall(head: HeadName, lease: Lease): HeadState | undefined;
}

/**
 * The heads as this invocation wrote them last, so that they need not be read again. If another has changed one, the write is
 * refused, and the head is read.
 */
function ownHeads(): OwnHeads {
  let owner = "";
  const heads = new Map<string, HeadState>();
  const nameOf = ({ personId, aspect }: HeadName) => keyText(headKey(personId, aspect));
  return {
    begin(lease) {
      if (lease.owner !== owner) heads.clear();
      owner = lease.owner;
    },
    remember(head, written) {
      if (head !== undefined && written !== undefined) heads.set(nameOf(head), written);
    },
    recall(head, lease) {
      if (lease.owner !== owner) return undefined;
      const name = nameOf(head);
      const known = heads.get(name);
      heads.delete(name);
      return known;
    },
  };
}
