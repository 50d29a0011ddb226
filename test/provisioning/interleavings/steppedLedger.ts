import { isDeepStrictEqual } from "node:util";
import { explainOutdated, isEnded, withEntry } from "../../../src/ledger/claimEntries.ts";
import { type Decided, decideClaim, decideCommit, type HeadState } from "../../../src/ledger/head.ts";
import { decideAbandon, decideGiveUp } from "../../../src/ledger/headMarks.ts";
import type {
  Claim,
  ClaimAnswer,
  ClaimResult,
  CommitAnswer,
  EndedAnswer,
  JournalEntry,
  Lease,
  Ledger,
  StandingAnswer,
} from "../../../src/ledger/ledger.ts";
import {
  cancelPending,
  changeHead,
  headOf,
  journalKey,
  type MemoryStore,
  memoryLedger,
  replaceNoted,
} from "../../../src/ledger/memory/memoryLedger.ts";
import type { WaitingKind } from "../../../src/ledger/pendingStore.ts";
import type { Mishap, Steps, Worker } from "./steps.ts";

/** Called in the moment in which a head moves to an event. */
export type OnStanding = (eventId: string, as: "applied" | "rejected") => void;

type HeadName = Pick<Claim, "personId" | "aspect">;

/** As often as the adapter for DynamoDB decides anew when somebody else was faster. */
const tries = 6;

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
  const read = <T extends { kind: string }>(text: string, effect: () => Promise<T>) =>
    steps.request<T | Fault>({ worker, text, effect, mishaps: faults, toText: toKind });

  /** Reads, decides and writes, until nobody else was faster. `known` is the head as this worker wrote it last. */
  async function change<Answer>(
    name: string,
    head: HeadName,
    decide: (head: HeadState) => Decided<Answer>,
    known?: HeadState,
    onWritten?: () => void,
  ): Promise<{ kind: "decided"; answer: Answer; written: HeadState | undefined } | Fault> {
    let before = known;
    for (let attempt = 0; attempt < tries; attempt += 1) {
      if (before === undefined) {
        const answer = await read(`reads the head for ${name}`, () => requests.readHead(head));
        if (answer.kind === "fault") return answer;
        before = answer.head;
      }
      const seen = before;
      const { answer, next } = decide(seen);
      if (next === undefined) return { kind: "decided", answer, written: undefined };
      const written = await write(name, async () => {
        const result = await requests.writeHead(head, seen, next);
        if (result.kind === "written") onWritten?.();
        return result;
      });
      if (written.kind === "fault") return written;
      if (written.kind === "written") return { kind: "decided", answer, written: next };
      before = undefined;
    }
    return fault;
  }

  const own = new Map<string, HeadState>();

  async function claim(asked: Claim, lease: Lease): Promise<ClaimAnswer> {
    const changed = await change(`claims ${describe(asked)}`, asked, (head) =>
      requests.decideClaim(head, asked, lease),
    );
    if (changed.kind === "fault") return changed;
    const { answer, written } = changed;
    if (written !== undefined) own.set(describe(asked), written);
    if (answer.kind !== "outdated" && answer.kind !== "granted") return answer;
    const found = await read(`asks what became of ${describe(asked)}`, () => requests.readEntry(asked));
    if (found.kind === "fault") return found;
    if (answer.kind === "outdated") return explainOutdated(found.entry?.outcome, answer);
    const known = requests.withEntry(answer, asked, found.entry);
    if (known.kind !== "ended") return known;
    const givenUp = await change(`gives up ${describe(asked)}`, asked, (head) =>
      decideGiveUp(head, asked, lease),
    );
    return givenUp.kind === "fault" ? givenUp : known;
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
    const replaced = result.kind === "stand" ? await replace(result) : undefined;
    if (replaced !== undefined) return replaced;
    const name = describe(result.claim);
    const changed = await change(
      `ends the claim of ${name} (${result.kind})`,
      result.claim,
      (head) => requests.decideCommit(head, result, lease, cancelled),
      own.get(name),
      () => {
        if (result.kind === "stand") onStanding(result.claim.eventId, result.as);
      },
    );
    return changed.kind === "fault" ? changed : changed.answer;
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

  async function replace(result: Extract<ClaimResult, { kind: "stand" }>): Promise<Fault | undefined> {
    for (const note of result.replaces ?? []) {
      const text = `replaces ${note.eventId}, which waits`;
      const answer = await write(text, () => requests.replace({ ...result, replaces: [note] }));
      if (answer.kind === "fault") return answer;
    }
    return undefined;
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
        claims.map(async (asked): Promise<CommitAnswer> => {
          const changed = await change(`abandons ${describe(asked)}`, asked, (head) =>
            decideAbandon(head, asked, lease),
          );
          return changed.kind === "fault" ? changed : changed.answer;
        }),
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
    ended: (events) =>
      Promise.all(
        events.map(async (event): Promise<EndedAnswer> => {
          const found = await read(`asks whether ${event.eventId} has ended`, () =>
            requests.readEntry(event),
          );
          if (found.kind === "fault") return found;
          return { kind: isEnded(found.entry, event) ? "ended" : "open" };
        }),
      ),
    // Nobody in a scenario has an earlier address.
    ownersOf: () => Promise.reject(new Error("expected no question about an address")),
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
 * The ledger as DynamoDB sees it: reads and conditional writes of single items, each atomic by itself, between which anything
 * may happen; and the decisions that are made of what was read.
 */
export interface LedgerRequests {
  readHead(head: HeadName): Promise<{ kind: "read"; head: HeadState }>;
  /** Writes a head if it still is as it was read. */
  writeHead(
    head: HeadName,
    before: HeadState,
    next: HeadState,
  ): Promise<{ kind: "written" } | { kind: "changed" }>;
  /** The read of what the journal says of an event. */
  readEntry(
    event: Pick<Claim, "personId" | "eventId">,
  ): Promise<{ kind: "read"; entry: JournalEntry | undefined }>;
  decideClaim: typeof decideClaim;
  decideCommit: typeof decideCommit;
  withEntry: typeof withEntry;
  record(entry: JournalEntry): Promise<CommitAnswer>;
  /** The read of what stands. */
  standing(head: HeadName): Promise<StandingAnswer>;
  /** The conditional delete of a decision that waits. */
  cancel(claim: Claim, kind: WaitingKind): Promise<CancelAnswer>;
  /** The same for one that waits in a place of its own, and its journal entry. */
  replace(result: Extract<ClaimResult, { kind: "stand" }>): Promise<CancelAnswer>;
}

type CancelAnswer = { kind: "gone" } | { kind: "newer" } | Fault;

export function ledgerRequests(store: MemoryStore): LedgerRequests {
  const ledger = memoryLedger(store);
  return {
    readHead: async ({ personId, aspect }) => ({ kind: "read", head: headOf(store, personId, aspect) }),
    writeHead: async (head, before, next) => {
      if (!isDeepStrictEqual(headOf(store, head.personId, head.aspect), before)) return { kind: "changed" };
      changeHead(store, head, () => ({ answer: undefined, next }));
      return { kind: "written" };
    },
    readEntry: async (claim) => ({ kind: "read", entry: store.journal.get(journalKey(claim)) }),
    decideClaim,
    decideCommit,
    withEntry,
    record: async (entry) => only(await ledger.record([entry])),
    standing: async (head) => only(await ledger.standing([head])),
    replace: async (result) => {
      replaceNoted(store, result);
      return { kind: "gone" };
    },
    cancel: async (claim, kind) => ({
      kind: cancelPending(store, claim, [kind]).length === 1 ? "gone" : "newer",
    }),
  };
}

function only<T>(answers: readonly T[]): T {
  const [answer] = answers;
  if (answer === undefined || answers.length > 1)
    throw new RangeError(`expected one answer to one request; got ${answers.length}`);
  return answer;
}
