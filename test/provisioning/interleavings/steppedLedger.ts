import type {
  Claim,
  ClaimAnswer,
  ClaimResult,
  CommitAnswer,
  Lease,
  Ledger,
  StandingAnswer,
} from "../../../src/ledger/ledger.ts";
import type { WaitingKind } from "../../../src/ledger/pendingStore.ts";
import type { LedgerRequests } from "./ledgerRequests.ts";
import type { Mishap, Steps, Worker } from "./steps.ts";

/** Told in the moment in which a head moves to an event. */
export type OnSettled = (eventId: string, as: "applied" | "rejected") => void;

/** One worker's view of the shared ledger. Its requests are made in the order of the adapter for DynamoDB. */
export function steppedLedger(
  requests: LedgerRequests,
  steps: Steps,
  worker: Worker,
  onSettled: OnSettled,
): Ledger {
  const write = <T extends { kind: string }>(text: string, effect: () => Promise<T>) =>
    steps.request<T | Fault>({ worker, text, effect, mishaps: [...faults, slow], tell, late: "always" });

  async function claim(asked: Claim, lease: Lease): Promise<ClaimAnswer> {
    const answer = await write(`claims ${describe(asked)}`, () => requests.claim(asked, lease));
    if (answer.kind === "granted" || answer.kind === "fault") return answer;
    return steps.request<ClaimAnswer>({
      worker,
      text: `asks why not ${describe(asked)}`,
      effect: () => requests.explain(asked, lease),
      mishaps: faults,
      tell,
    });
  }

  async function conclude(conclusion: ClaimResult, lease: Lease): Promise<CommitAnswer> {
    if (conclusion.kind === "keep") return { kind: "done" };
    const { entry } = conclusion;
    if (entry !== undefined) {
      const written = await write(`journals ${entry.eventId} as ${entry.outcome}`, () =>
        requests.record(entry),
      );
      if (written.kind === "fault") return written;
    }
    const cancelled = conclusion.kind === "stand" ? await cancel(conclusion) : [];
    if (!Array.isArray(cancelled)) return cancelled;
    return write(`lets go of ${describe(conclusion.claim)} (${conclusion.kind})`, async () => {
      const answer = await requests.letGo(conclusion, cancelled, lease);
      if (answer.kind === "done" && conclusion.kind === "stand")
        onSettled(conclusion.claim.eventId, conclusion.as);
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
    commit: (conclusions, lease) => Promise.all(conclusions.map((one) => conclude(one, lease))),
    record: (entries) =>
      Promise.all(
        entries.map((entry) =>
          write(`journals ${entry.eventId} as ${entry.outcome}`, () => requests.record(entry)),
        ),
      ),
    standing: (heads) =>
      Promise.all(
        heads.map((head) =>
          steps.request<StandingAnswer>({
            worker,
            text: `reads what stands of ${head.personId}'s ${head.aspect}`,
            effect: () => requests.standing(head),
            mishaps: faults,
            tell,
          }),
        ),
      ),
  };
}

type Fault = Extract<ClaimAnswer, { kind: "fault" }>;
const fault: Fault = { kind: "fault", reason: "the store was asked to fail" };

/** The store may do its work before it fails, or not at all, or later; to the drain it looks the same. */
const faults: readonly Mishap<Fault>[] = [
  { text: "throttled", effect: "none", answer: () => fault },
  { text: "done, its answer lost", effect: "done", answer: () => fault },
];
const slow: Mishap<Fault> = { text: "slower than the client waits", effect: "underWay", answer: () => fault };

const tell = ({ kind }: { kind: string }) => kind;

const describe = ({ personId, aspect, eventId }: Claim) => `${personId}'s ${aspect} for ${eventId}`;
