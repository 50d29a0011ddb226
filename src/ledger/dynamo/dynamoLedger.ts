import pMap from "p-map";
import { explainOutdated, isEnded, type KnownEntry, withEntry } from "../claimEntries.ts";
import { decideClaim, decideCommit, decidedAt, type HeadState, type Outdated, standingOf } from "../head.ts";
import { decideAbandon, decideGiveUp, decideObservation } from "../headMarks.ts";
import type {
  AddressOwner,
  Claim,
  ClaimAnswer,
  ClaimResult,
  CommitAnswer,
  EndedAnswer,
  Lease,
  Ledger,
  OwnersAnswer,
  StandingAnswer,
} from "../ledger.ts";
import type { WaitingKind } from "../pendingStore.ts";
import type { Observations, ObserveAnswer } from "../trialObservations.ts";
import { changeHeads, fromHeadItem, type HeadChanged, type HeadName } from "./headItems.ts";
import { personOf, readHeadKeys } from "./headKeys.ts";
import { recordEntries } from "./journalItems.ts";
import { eventKey, headKey, type Item, keyText, type LedgerTable } from "./ledgerTable.ts";
import { readItems } from "./readItems.ts";
import { replaceWaiting } from "./replaceWaiting.ts";

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
      const explained = await explainAll(
        table,
        claims,
        answers.map((changed, index): ClaimAnswer | Outdated => {
          if (changed.kind === "unknown")
            return { kind: "fault", reason: `the ledger did not take the claim: ${changed.error}` };
          own.remember(claims[index], changed.written);
          return changed.answer;
        }),
        (index) => isFirstClaim(answers[index]),
      );
      return giveUpEnded(table, claims, explained, lease);
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
      return (await readItems(table, keys)).map((answer, index): EndedAnswer => {
        if (answer.kind === "unread") return fault("the ledger could not be read", answer.error);
        const event = events[index];
        return event !== undefined && isEnded(toKnownEntry(answer.item), event)
          ? { kind: "ended" }
          : { kind: "open" };
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
      const entries = await readEntries(table, claims, (index) => answers[index]?.kind === "outdated");
      return answers.map((answer, index) =>
        answer.kind === "outdated" ? explainWith(entries[index], answer) : answer,
      );
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
    return standingOf(fromHeadItem(item));
  } catch (error) {
    return { kind: "fault", reason: String(error) };
  }
}

function fault(what: string, error: unknown): Extract<CommitAnswer, { kind: "fault" }> {
  return { kind: "fault", reason: `${what}: ${error}` };
}

/**
 * Finds out what outdated and granted claims are, from the journal entries of their events. A granted one is read after its head was
 * written: from then on no copy of its event can come to its end unseen.
 */
async function explainAll(
  table: LedgerTable,
  claims: readonly Claim[],
  answers: readonly (ClaimAnswer | Outdated)[],
  isFirst: (index: number) => boolean,
): Promise<ClaimAnswer[]> {
  const entries = await readEntries(table, claims, (index) => {
    const kind = answers[index]?.kind;
    return kind === "outdated" || (kind === "granted" && !isFirst(index));
  });
  return answers.map((answer, index): ClaimAnswer => {
    const claim = claims[index];
    if (answer.kind === "outdated") return explainWith(entries[index], answer);
    const entry = entries[index];
    if (claim === undefined || answer.kind !== "granted" || isFirst(index)) return answer;
    return entry?.kind === "read" ? withEntry(answer, claim, toKnownEntry(entry.item)) : unread(entry);
  });
}

/** Whether nothing was known of the person before: then no event about them came to its end, and none is asked for. */
function isFirstClaim(changed: HeadChanged<ClaimAnswer | Outdated> | undefined): boolean {
  if (changed?.kind !== "decided" || changed.written === undefined) return false;
  if (changed.answer.kind !== "granted" || changed.answer.interrupted) return false;
  return Object.keys(changed.written).every((name) => ofFirstClaim.includes(name));
}

const ofFirstClaim: readonly string[] = [
  "email",
  "claimed",
  "lease",
  "busTimes",
] satisfies (keyof HeadState)[];

type EntryAnswer = Awaited<ReturnType<typeof readItems>>[number];

/** The journal entries of the events of those claims that are asked about, in the claims' order. */
async function readEntries(
  table: LedgerTable,
  claims: readonly Claim[],
  isAsked: (index: number) => boolean,
): Promise<(EntryAnswer | undefined)[]> {
  const asked = new Map<string, Item>();
  const keys = claims.map(({ personId, eventId }, index) => {
    const key = eventKey(personId, eventId);
    const text = keyText(key);
    if (isAsked(index)) asked.set(text, key);
    return text;
  });
  const texts = [...asked.keys()];
  const answers = await readItems(table, [...asked.values()]);
  const answerOf = new Map(texts.map((text, position) => [text, answers[position]]));
  return keys.map((text) => answerOf.get(text));
}

function explainWith(entry: EntryAnswer | undefined, answer: Outdated) {
  return entry?.kind === "read" ? explainOutdated(entry.item?.outcome?.S, answer) : unread(entry);
}

function unread(answer: Extract<EntryAnswer, { kind: "unread" }> | undefined) {
  return { kind: "fault", reason: `the ledger could not be read: ${answer?.error}` } as const;
}

/** Not read any further: a later release may have written it. */
function toKnownEntry(item: Item | undefined): KnownEntry | undefined {
  const { outcome, version, intent } = item ?? {};
  if (outcome?.S === undefined || version?.S === undefined || intent?.S === undefined) return undefined;
  return { outcome: outcome.S, version: version.S, intent: intent.S };
}

/** Lets go of the people whose event came to its end before. Until that is done the message comes again. */
async function giveUpEnded(
  table: LedgerTable,
  claims: readonly Claim[],
  answers: readonly ClaimAnswer[],
  lease: Lease,
): Promise<ClaimAnswer[]> {
  const ended = claims.filter((_, index) => answers[index]?.kind === "ended");
  const changed = await changeHeads(
    table,
    ended.map((claim) => ({ head: claim, decide: (head) => decideGiveUp(head, claim, lease) })),
  );
  const failed = new Map(
    ended.flatMap((claim, position) => {
      const one = changed[position];
      return one?.kind === "decided" ? [] : [[claim, fault("the ledger did not end a claim", one?.error)]];
    }),
  );
  return answers.map((answer, index) => {
    const claim = claims[index];
    return (claim && failed.get(claim)) ?? answer;
  });
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

  const standing = open().flatMap(([index, result]) => (result.kind === "stand" ? [{ index, result }] : []));
  const gone = await replaceWaiting(
    table,
    standing.map(({ result }) => result),
  );
  const cancelled = new Map<number, readonly WaitingKind[]>();
  for (const [position, { index }] of standing.entries()) {
    const answer = gone[position];
    if (answer?.kind === "replaced") cancelled.set(index, answer.kinds);
    else answers[index] = answer ?? fault("the waiting decisions", "they did not answer");
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
