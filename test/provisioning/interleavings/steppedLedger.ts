import type {
  Claim,
  ClaimAnswer,
  ClaimResult,
  CommitAnswer,
  JournalEntry,
  Lease,
  Ledger,
  StandingAnswer,
} from "../../../src/ledger/ledger.ts";
import {
  headOf,
  type MemoryStore,
  memoryLedger,
  pendingKey,
} from "../../../src/ledger/memory/memoryLedger.ts";
import type { WaitingKind } from "../../../src/ledger/pendingStore.ts";
import type { Mishap, Steps, Worker } from "./steps.ts";

/** Called in the moment in which a head moves to an event. */
export type OnStanding = (eventId: string, as: "applied" | "rejected") => void;

/** One worker's view of the shared ledger. Its requests are made in the order of the adapter for DynamoDB. */
export function steppedLedger(
  requests: LedgerRequests,
  steps: Steps,
  worker: Worker,
  onStanding: OnStanding,
): Ledger {
  const write = <T extends { kind: string }>(text: string, effect: () => Promise<T>) =>
    steps.request<T | Fault>({
      worker,
      text,
      effect,
      mishaps: [...faults, slow],
      toText: toKind,
      late: "always",
    });

  async function claim(asked: Claim, lease: Lease): Promise<ClaimAnswer> {
    const answer = await write(`claims ${describe(asked)}`, () => requests.claim(asked, lease));
    if (answer.kind === "granted" || answer.kind === "fault") return answer;
    return steps.request<ClaimAnswer>({
      worker,
      text: `asks why not ${describe(asked)}`,
      effect: () => requests.explain(asked, lease),
      mishaps: faults,
      toText: toKind,
    });
  }

  async function commitOne(result: ClaimResult, lease: Lease): Promise<CommitAnswer> {
    if (result.kind === "keep") return { kind: "done" };
    const { entry } = result;
    if (entry !== undefined) {
      const written = await write(`journals ${entry.eventId} as ${entry.outcome}`, () =>
        requests.record(entry),
      );
      if (written.kind === "fault") return written;
    }
    const cancelled = result.kind === "stand" ? await cancel(result) : [];
    if (!Array.isArray(cancelled)) return cancelled;
    return write(`ends the claim of ${describe(result.claim)} (${result.kind})`, async () => {
      const answer = await requests.endClaim(result, cancelled, lease);
      if (answer.kind === "done" && result.kind === "stand") onStanding(result.claim.eventId, result.as);
      return answer;
    });
  }

  async function cancel({
    claim,
    pending,
  }: Extract<ClaimResult, { kind: "stand" }>): Promise<WaitingKind[] | Fault> {
    const cancelled: WaitingKind[] = [];
    for (const kind of pending) {
      const text = `cancels a waiting ${kind} of ${claim.personId}`;
      const answer = await write(text, () => requests.cancel(claim, kind));
      if (answer.kind === "fault") return answer;
      if (answer.kind === "gone") cancelled.push(kind);
    }
    return cancelled;
  }

  return {
    claim: (claims, lease) => Promise.all(claims.map((asked) => claim(asked, lease))),
    commit: (results, lease) => Promise.all(results.map((one) => commitOne(one, lease))),
    record: (entries) =>
      Promise.all(
        entries.map((entry) =>
          write(`journals ${entry.eventId} as ${entry.outcome}`, () => requests.record(entry)),
        ),
      ),
    abandon: (claims, lease) =>
      Promise.all(
        claims.map((claim) => write(`abandons ${describe(claim)}`, () => requests.abandon(claim, lease))),
      ),
    standing: (heads) =>
      Promise.all(
        heads.map((head) =>
          steps.request<StandingAnswer>({
            worker,
            text: `reads what stands of ${head.personId}'s ${head.aspect}`,
            effect: () => requests.standing(head),
            mishaps: faults,
            toText: toKind,
          }),
        ),
      ),
  };
}

type Fault = Extract<ClaimAnswer, { kind: "fault" }>;
const fault: Fault = { kind: "fault", reason: "the store was asked to fail" };

/** The store may do its work before it fails, or not at all, or later; to a batch it looks the same. */
const faults: readonly Mishap<Fault>[] = [
  { text: "throttled", effect: "none", answer: () => fault },
  { text: "done, its answer lost", effect: "done", answer: () => fault },
];
const slow: Mishap<Fault> = { text: "slower than the client waits", effect: "underWay", answer: () => fault };

const toKind = ({ kind }: { kind: string }) => kind;

const describe = ({ personId, aspect, eventId }: Claim) => `${personId}'s ${aspect} for ${eventId}`;

/**
 * The ledger as DynamoDB sees it: single requests, each atomic by itself, between which anything may happen. The
 * ledger in memory does a whole list in one moment, so it is asked here for one item and one step at a time.
 */
export interface LedgerRequests {
  /** The conditional update of the head. */
  claim(claim: Claim, lease: Lease): Promise<ClaimAnswer>;
  /** The read that says why a claim was refused. */
  explain(claim: Claim, lease: Lease): Promise<ClaimAnswer>;
  record(entry: JournalEntry): Promise<CommitAnswer>;
  /** The read and the conditional update that end a dead worker's claim. */
  abandon(claim: Claim, lease: Lease): Promise<CommitAnswer>;
  /** The read of what stands. */
  standing(head: Pick<Claim, "personId" | "aspect">): Promise<StandingAnswer>;
  /** The conditional delete of a decision that waits. */
  cancel(claim: Claim, kind: WaitingKind): Promise<CancelAnswer>;
  /** The conditional update of the head that ends the claim; `cancelled` kinds wait no longer. */
  endClaim(result: ClaimResult, cancelled: readonly WaitingKind[], lease: Lease): Promise<CommitAnswer>;
}

type CancelAnswer = { kind: "gone" } | { kind: "newer" } | Extract<ClaimAnswer, { kind: "fault" }>;

export function ledgerRequests(store: MemoryStore): LedgerRequests {
  const ledger = memoryLedger(store);
  return {
    claim: async (claim, lease) => only(await ledger.claim([claim], lease)),
    explain: async (claim, lease) =>
      only(await memoryLedger(heldByAnother(store, claim)).claim([claim], lease)),
    record: async (entry) => only(await ledger.record([entry])),
    abandon: async (claim, lease) => only(await ledger.abandon([claim], lease)),
    standing: async (head) => only(await ledger.standing([head])),
    cancel: async ({ personId, version }, kind) => {
      const key = pendingKey(personId, kind);
      const waiting = store.pending.get(key);
      if (waiting !== undefined && waiting.version > version) return { kind: "newer" };
      store.pending.delete(key);
      return { kind: "gone" };
    },
    endClaim: async (result, cancelled, lease) => {
      const headOnly = memoryLedger({ ...store, journal: new Map(), pending: new Map() });
      const moved = result.kind === "stand" ? { ...result, pending: cancelled } : result;
      return only(await headOnly.commit([moved], lease));
    },
  };
}

/** The same items, but for a head that nobody can claim: so the ledger only says why it refuses. */
function heldByAnother(store: MemoryStore, { personId, aspect }: Claim): MemoryStore {
  const view: MemoryStore = { ...store, heads: new Map() };
  const lease = { owner: "nobody", until: Number.MAX_SAFE_INTEGER };
  Object.assign(headOf(view, personId, aspect), headOf(store, personId, aspect), { lease });
  return view;
}

function only<T>(answers: readonly T[]): T {
  const [answer] = answers;
  if (answer === undefined || answers.length > 1)
    throw new RangeError(`expected one answer to one request; got ${answers.length}`);
  return answer;
}
