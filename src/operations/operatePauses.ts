import type { Intent } from "../pipelineSettings.ts";
import type { Policy } from "../policy/policy.ts";
import { type Pause, type PauseScope, type PauseStore, pauseName } from "../safeguard/pauses.ts";
import type { SafeguardStore } from "../safeguard/safeguardState.ts";
import { type Redact, redactForDisplay } from "./displayText.ts";

export interface PausePorts {
  pauses: PauseStore;
  /** The accounts that it remembers may be paused, whether the policy names them or not. */
  safeguard: Pick<SafeguardStore, "list">;
  policy: Policy | undefined;
  /** Names the ledger in the report. */
  table: string;
  /** Milliseconds since the epoch. */
  now: () => number;
}

/** A pause as it is told. `null` stands for all of them. `since` is ISO 8601 in UTC. */
export interface PauseView {
  pipeline: Intent | null;
  account: string | null;
  since: string;
  by: string;
  note: string;
}

export interface PauseReport {
  table: string;
  /** The pause of the scope that was asked for. */
  pause: PauseView;
  /** False if the scope was paused before; then that pause stays as it is. */
  isNew: boolean;
}

/** Neither the policy nor the ledger knows the account: whoever mistypes it must not believe that it is paused. */
interface UnknownAccount {
  kind: "unknownAccount";
  known: string[];
}

/** Stops all calls of a scope, from the next batch on and within seconds in those that are under way. */
export async function pauseScope(
  { by, because: note, ...scope }: PauseScope & { by: string; because: string },
  ports: PausePorts,
): Promise<{ kind: "paused"; report: PauseReport } | UnknownAccount> {
  const { pauses, table, now } = ports;
  if (scope.account !== undefined) {
    const known = await findKnownAccounts(ports);
    if (!known.includes(scope.account)) return { kind: "unknownAccount", known };
  }
  const asked: Pause = { ...scope, since: now(), by, note };
  const pause = await pauses.add(asked);
  const isNew = pause.since === asked.since && pause.by === by;
  return { kind: "paused", report: { table, pause: toPauseView(pause, redactForDisplay()), isNew } };
}

async function findKnownAccounts({ safeguard, policy }: PausePorts): Promise<string[]> {
  const remembered = (await safeguard.list()).map(({ accountId }) => accountId);
  const named = policy?.accounts.map(({ id }) => id) ?? [];
  return [...new Set([...named, ...remembered])].toSorted();
}

export interface ResumeReport {
  table: string;
  /** The pauses that ended. */
  ended: PauseView[];
  /** The pauses that are still in force. */
  left: PauseView[];
}

/** Ends the pause of exactly this scope, or all pauses. A narrower or wider one stays, and is told. */
export async function resumeScope(
  scope: PauseScope | "all",
  { pauses, table }: Pick<PausePorts, "pauses" | "table">,
): Promise<ResumeReport> {
  const before = await pauses.list();
  const meant = scope === "all" ? before : before.filter((pause) => pauseName(pause) === pauseName(scope));
  const ended: Pause[] = [];
  for (const pause of meant) {
    const removed = await pauses.remove(pause);
    if (removed !== undefined) ended.push(removed);
  }
  const redact = redactForDisplay();
  const left = await pauses.list();
  return {
    table,
    ended: ended.map((pause) => toPauseView(pause, redact)),
    left: left.map((pause) => toPauseView(pause, redact)),
  };
}

export function toPauseView({ pipeline, account, since, by, note }: Pause, redact: Redact): PauseView {
  return {
    pipeline: pipeline ?? null,
    account: account === undefined ? null : redact(account),
    since: new Date(since).toISOString(),
    by: redact(by),
    note: redact(note),
  };
}
