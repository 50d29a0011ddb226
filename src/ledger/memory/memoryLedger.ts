import type { Aspect } from "../../pipelineSettings.ts";
import { explainOutdated, isEnded, withEntry } from "../claimEntries.ts";
import { compareDecisions } from "../decisionOrder.ts";
import {
  type Decided,
  decideClaim,
  decideCommit,
  decidedAt,
  type HeadState,
  type Outdated,
  standingOf,
} from "../head.ts";
import { decideAbandon, decideGiveUp, decideObservation } from "../headMarks.ts";
import { overwriteEntry, supersedeEntry } from "../journal.ts";
import type {
  Claim,
  ClaimAnswer,
  ClaimResult,
  CommitAnswer,
  Identity,
  JournalEntry,
  Lease,
  Ledger,
} from "../ledger.ts";
import {
  besidePlace,
  type StoredDecision,
  type StoredHeldDecision,
  type WaitingKind,
} from "../pendingStore.ts";
import type { PersonHistory } from "../personHistory.ts";
import type { Observations } from "../trialObservations.ts";

/** The contents of the ledger in memory: the items of the DynamoDB table, under keys of their own. */
export interface MemoryStore {
  heads: Map<string, HeadState>;
  journal: Map<string, JournalEntry>;
  pending: Map<string, StoredDecision | StoredHeldDecision>;
  identities: Map<string, Omit<Identity, "email">>;
}

/** The ledger in memory, for tests, benches and dry runs; it is held to the same contract as the one in DynamoDB. */
export function memoryLedger(store: MemoryStore): Ledger {
  return {
    claim: async (claims, lease) => claims.map((claim) => claimHead(store, claim, lease)),
    // As in DynamoDB, nobody's head is moved before everybody's result has been read: a commit that throws has moved none.
    commit: async (results, lease) => {
      const moves = results.map((result) => prepareCommit(store, result, lease));
      return moves.map((move) => move());
    },
    record: async (entries) =>
      entries.map((entry) => {
        putEntry(store, entry);
        return { kind: "done" };
      }),
    abandon: async (claims, lease) =>
      claims.map((claim) => changeHead(store, claim, (head) => decideAbandon(head, claim, lease))),
    ended: async (events) =>
      events.map((event) => {
        return isEnded(store.journal.get(journalKey(event)), event) ? { kind: "ended" } : { kind: "open" };
      }),
    standing: async (heads) =>
      heads.map(({ personId, aspect }) => standingOf(headOf(store, personId, aspect))),
    ownersOf: async (emails) =>
      emails.map((email) => ({
        kind: "known",
        owners: [...store.heads].flatMap(([key, head]) =>
          head.email === email
            ? [{ personId: key.slice(key.indexOf(" ") + 1), decidedAt: decidedAt(head) }]
            : [],
        ),
      })),
  };
}

/** What trials have observed, on the same heads. */
export function memoryObservations(store: MemoryStore): Observations {
  return {
    observe: async (claims) =>
      claims.map((claim) => {
        const answer = changeHead(store, claim, (head) => decideObservation(head, claim));
        return answer.kind === "outdated" ? explain(store, claim, answer) : answer;
      }),
  };
}

function claimHead(store: MemoryStore, claim: Claim, lease: Lease): ClaimAnswer {
  const answer = changeHead(store, claim, (head) => decideClaim(head, claim, lease));
  if (answer.kind === "outdated") return explain(store, claim, answer);
  if (answer.kind !== "granted") return answer;
  const known = withEntry(answer, claim, store.journal.get(journalKey(claim)));
  if (known.kind === "ended") changeHead(store, claim, (head) => decideGiveUp(head, claim, lease));
  return known;
}

function explain({ journal }: MemoryStore, claim: Claim, outdated: Outdated) {
  return explainOutdated(journal.get(journalKey(claim))?.outcome, outdated);
}

function prepareCommit(store: MemoryStore, result: ClaimResult, lease: Lease): () => CommitAnswer {
  const { personId, aspect, intent, version, eventId, email, previousEmails = [], busTime } = result.claim;
  const named = { personId, aspect, intent, version, eventId, licenseType: result.claim.licenseType };
  const claim: Claim = { ...named, email, previousEmails, ...(busTime !== undefined && { busTime }) };
  return () => {
    if (result.kind !== "keep" && result.entry !== undefined) putEntry(store, result.entry);
    const cancelled = result.kind === "stand" ? cancelPending(store, claim, result.pending) : [];
    if (result.kind === "stand") replaceNoted(store, { ...result, claim });
    return changeHead(store, claim, (head) => decideCommit(head, { ...result, claim }, lease, cancelled));
  };
}

/** Removes a person's waiting decisions that are not newer than the claim, and returns their kinds. */
export function cancelPending(
  { pending }: MemoryStore,
  claim: Claim,
  kinds: readonly WaitingKind[],
): WaitingKind[] {
  return kinds.filter((kind) => {
    const key = pendingKey(claim.personId, kind);
    const waiting = pending.get(key);
    if (waiting !== undefined && compareDecisions(waiting, claim) > 0) return false;
    pending.delete(key);
    return true;
  });
}

/** Removes the decisions in places of their own that a standing one replaces, and tells the journal. */
export function replaceNoted(
  { pending, journal }: MemoryStore,
  { claim, entry: { settledAt }, replaces = [] }: Extract<ClaimResult, { kind: "stand" }>,
): void {
  const { personId, eventId } = claim;
  for (const note of replaces) {
    const place = pendingKey(personId, note.intent, besidePlace(note));
    const waiting = pending.get(place);
    if (waiting !== undefined && compareDecisions(waiting, claim) <= 0) pending.delete(place);
    const key = journalKey({ personId, eventId: note.eventId });
    const entry = journal.get(key);
    if (note.eventId === eventId || entry === undefined) continue;
    const superseded = supersedeEntry(entry, eventId, settledAt);
    if (superseded !== undefined) journal.set(key, superseded);
  }
}

/** Writes an entry, unless the one that stands is final; answers whether it was written. */
export function putEntry({ journal }: MemoryStore, entry: JournalEntry): boolean {
  const key = journalKey(entry);
  const next = overwriteEntry(journal.get(key), entry);
  if (next !== undefined) journal.set(key, next);
  return next !== undefined;
}

export function memoryStore(): MemoryStore {
  return { heads: new Map(), journal: new Map(), pending: new Map(), identities: new Map() };
}

const headKey = (personId: string, aspect: Aspect) => `${aspect} ${personId}`;
const noHead: HeadState = {};

export function headOf({ heads }: MemoryStore, personId: string, aspect: Aspect): HeadState {
  return heads.get(headKey(personId, aspect)) ?? noHead;
}

/** Changes one head in one moment, and returns the answer to it. */
export function changeHead<Answer>(
  store: MemoryStore,
  { personId, aspect }: Pick<Claim, "personId" | "aspect">,
  decide: (head: HeadState) => Decided<Answer>,
): Answer {
  const { answer, next } = decide(headOf(store, personId, aspect));
  if (next !== undefined) store.heads.set(headKey(personId, aspect), next);
  return answer;
}

export const journalKey = ({ personId, eventId }: { personId: string; eventId: string }) =>
  JSON.stringify([personId, eventId]);
export const pendingKey = (personId: string, kind: WaitingKind, ownPlace?: string) =>
  JSON.stringify([personId, kind, ownPlace]);

/**
 * Copies a person's history into a ledger in memory, as far as the order of decisions depends on it. The copy answers as the
 * ledger would, and changes nothing there.
 */
export function toMemoryStore({ personId, heads, entries }: PersonHistory): MemoryStore {
  const store = memoryStore();
  for (const { aspect, claim, ...known } of heads) {
    const { settled, left, addresses, discarded, observed, busTimes, waiting, absent, endedLeave } = known;
    const head: HeadState = {
      ...(settled !== undefined && { settled }),
      ...(left !== undefined && { left }),
      ...(addresses !== undefined && { addresses }),
      ...(claim !== undefined && { claimed: claim.version }),
      ...(claim?.lease !== undefined && { lease: claim.lease }),
      ...(discarded !== undefined && { discarded }),
      ...(observed !== undefined && { observed }),
      ...(busTimes !== undefined && { busTimes }),
      ...(waiting !== undefined && { waiting }),
      ...(absent !== undefined && { absent }),
      ...(endedLeave !== undefined && { endedLeave }),
    };
    store.heads.set(headKey(personId, aspect), head);
  }
  for (const entry of entries) store.journal.set(journalKey(entry), entry);
  return store;
}
