import type { HeldDecisions } from "../ledger/operatorDecisions.ts";
import type { PendingDecision, PendingStore } from "../ledger/pendingStore.ts";
import type { QueueDepth, QueueDepths } from "../queue/queueDepths.ts";
import type { PauseStore } from "../safeguard/pauses.ts";
import type { AccountSafeguard, SafeguardStore } from "../safeguard/safeguardState.ts";
import { countBy, type Redact, redactForDisplay } from "./displayText.ts";
import { chooseHeld, countHeld, type HeldCount } from "./heldSuspensions.ts";
import { type PauseView, toPauseView } from "./operatePauses.ts";
import { toWaitingReport, type WaitingReport } from "./waitingDecisions.ts";

export interface StatusPorts {
  pauses: Pick<PauseStore, "list">;
  queues: QueueDepths;
  held: Pick<HeldDecisions, "list">;
  pending: Pick<PendingStore, "list">;
  safeguard: Pick<SafeguardStore, "list">;
  /** Names the ledger in the report. */
  table: string;
  /** Names the queues in the report. */
  stack: string;
  /** Milliseconds since the epoch. */
  now: () => number;
}

/** What a stack is doing, and what stops it. Times are ISO 8601 in UTC. */
export interface StatusReport {
  table: string;
  stack: string;
  readAt: string;
  paused: PauseView[];
  queues: QueueDepth[];
  held: HeldCount[];
  /** Those that the safeguard remembers, or of whose people some are held; by their ids. */
  accounts: AccountStatus[];
  latchesClosed: { accountId: string; since: string }[];
  waiting: {
    count: number;
    byReason: Partial<Record<PendingDecision["because"], number>>;
    /** Those that should have been published by now. */
    overdue: number;
    /** When the next one is due; `null` if none waits. */
    nextDueAt: string | null;
    /** The first that are due. */
    next: Omit<WaitingReport, "event">[];
  };
}

/** What the ledger knows of an account. The directory is not asked. */
interface AccountStatus {
  accountId: string;
  latch: "open" | "closed";
  /** People whose suspension is held. */
  held: number;
  /** As the safeguard counted them when its percentage mattered last; `null` if it never did. */
  activeUsers: { count: number; countedAt: string; ageSeconds: number } | null;
}

/** Reads everything that an operator looks at first. Throws what the stores and the queues throw. */
export async function readStatus(ports: StatusPorts): Promise<StatusReport> {
  const { table, stack, now } = ports;
  const readAt = now();
  const redact = redactForDisplay();
  const [pauses, queues, held, accounts, waiting] = await Promise.all([
    ports.pauses.list(),
    ports.queues.read(),
    chooseHeld(ports.held, {}, readAt),
    ports.safeguard.list(),
    waitingIn(ports.pending),
  ]);
  const [next] = waiting;
  const counts = countHeld(held, (accountId) => accountId);
  return {
    table,
    stack,
    readAt: iso(readAt),
    paused: pauses.map((pause) => toPauseView(pause, redact)),
    queues,
    held: counts.map((count) => ({ ...count, accountId: redact(count.accountId) })),
    accounts: toAccounts(accounts, counts, redact, readAt),
    latchesClosed: accounts.flatMap(({ accountId, state: { latch } }) =>
      latch === undefined ? [] : [{ accountId: redact(accountId), since: iso(latch.closedAt) }],
    ),
    waiting: {
      count: waiting.length,
      byReason: countBy(waiting, ({ because }) => because),
      overdue: waiting.filter(({ dueAt }) => dueAt < readAt - toleranceMilliseconds).length,
      nextDueAt: next === undefined ? null : iso(next.dueAt),
      next: waiting.slice(0, nextShown).map((decision) => toNext(decision, redact, readAt)),
    },
  };
}

function toAccounts(
  remembered: readonly AccountSafeguard[],
  held: readonly HeldCount[],
  redact: Redact,
  now: number,
): AccountStatus[] {
  const states = new Map(remembered.map(({ accountId, state }) => [accountId, state]));
  const people = new Map(held.map((count) => [count.accountId, count.people]));
  return [...new Set([...states.keys(), ...people.keys()])].toSorted().map((accountId) => {
    const { latch, activeUsers } = states.get(accountId) ?? {};
    return {
      accountId: redact(accountId),
      latch: latch === undefined ? "open" : "closed",
      held: people.get(accountId) ?? 0,
      activeUsers:
        activeUsers === undefined
          ? null
          : {
              count: activeUsers.count,
              countedAt: iso(activeUsers.countedAt),
              ageSeconds: Math.max(0, Math.round((now - activeUsers.countedAt) / 1000)),
            },
    };
  });
}

/** So many of the decisions that are due next are named; `rollcall pending` lists all. */
const nextShown = 3;

function toNext(decision: PendingDecision, redact: Redact, now: number): Omit<WaitingReport, "event"> {
  const { event: _, ...next } = toWaitingReport(decision, redact, now);
  return next;
}

/** What is due is published within a minute or two. Later than this, something is wrong. */
const toleranceMilliseconds = 300_000;

/** By their due date. */
async function waitingIn(pending: Pick<PendingStore, "list">): Promise<PendingDecision[]> {
  const waiting: PendingDecision[] = [];
  for await (const decision of pending.list()) waiting.push(decision);
  return waiting;
}

function iso(moment: number): string {
  return new Date(moment).toISOString();
}
