import type { HeldDecisions } from "../ledger/operatorDecisions.ts";
import type { Policy } from "../policy/policy.ts";
import { limitsFinder, type SuspensionLimits } from "../policy/suspensionLimits.ts";
import { passedInWindow, suspensionLimit } from "../safeguard/decideAdmission.ts";
import { allowSuspensions, disallowSuspensions, resetLatch } from "../safeguard/safeguard.ts";
import {
  type Act,
  type Allowance,
  initialState,
  type SafeguardState,
  type SafeguardStore,
} from "../safeguard/safeguardState.ts";
import { type Redact, redactForDisplay, timeText } from "./displayText.ts";
import { chooseHeld, countHeld, type HeldCount } from "./heldSuspensions.ts";

export interface SafeguardPorts {
  safeguard: SafeguardStore;
  /** The limits' origin; without it only the accounts count that the safeguard remembers. */
  policy: Policy | undefined;
  /** Names the ledger in the report. */
  table: string;
  /** Milliseconds since the epoch. */
  now: () => number;
}

/** Neither the policy nor the ledger knows the account: it may be mistyped. */
interface UnknownAccount {
  kind: "unknownAccount";
  /** The accounts that they know, by their ids. */
  known: string[];
}

/** What the safeguard does about each account. */
export interface SafeguardReport {
  table: string;
  accounts: AccountSafeguardReport[];
}

/** What the safeguard does about one account. Times are ISO 8601 in UTC. */
export interface AccountSafeguardReport {
  accountId: string;
  latch: { state: "open" } | { state: "closed"; since: string; asked: number; passed: number; limit: number };
  limits: LimitsReport;
  /** What is left of an operator's allowance; `null` for nothing. */
  allowance: { people: number; until: string; by: string; at: string } | null;
  held: Pick<HeldCount, "people" | "byRule"> & { since: string | null };
  /** What was done to the safeguard lately, the oldest first. */
  acts: ActReport[];
}

/** `unknown` without a policy; `off` where the policy has switched the safeguard off. */
export type LimitsReport =
  | { state: "unknown" | "off" }
  | (SuspensionLimits & {
      state: "on";
      /** `null` until the active users are counted, which is done when the percentage matters. */
      limit: number | null;
      activeUsers: { count: number; countedAt: string } | null;
      /** In the window that ends now. */
      passed: { people: number; immediate: number };
    });

type Iso<T> = T extends { until: number }
  ? Omit<T, "at" | "until"> & { at: string; until: string }
  : Omit<T, "at"> & { at: string };
export type ActReport = Act extends infer A ? (A extends Act ? Iso<A> : never) : never;

/**
 * Reads the latch, the limit and the held suspensions of every account that the policy names, that the safeguard remembers
 * or whose people are held; or of one of them. Throws what the stores throw.
 */
export async function readSafeguard(
  account: string | undefined,
  ports: SafeguardPorts & { held: Pick<HeldDecisions, "list"> },
): Promise<{ kind: "read"; report: SafeguardReport } | UnknownAccount> {
  const { policy, table, now } = ports;
  const states = await statesOf(ports.safeguard);
  const readAt = now();
  const decisions = await chooseHeld(ports.held, {}, readAt);
  const held = new Map(countHeld(decisions, (text) => text).map((count) => [count.accountId, count]));
  const known = [...new Set([...idsIn(policy), ...states.keys(), ...held.keys()])].toSorted();
  if (account !== undefined && !known.includes(account)) return { kind: "unknownAccount", known };
  const limitsOf = policy === undefined ? undefined : limitsFinder(policy);
  const redact = redactForDisplay();
  const accounts = known
    .filter((accountId) => account === undefined || accountId === account)
    .map((accountId) => {
      const limits = limitsOf === undefined ? "unknown" : (limitsOf(accountId) ?? "off");
      const state = states.get(accountId) ?? initialState;
      return toAccountReport({ accountId, state, limits, held: held.get(accountId) }, redact, readAt);
    });
  return { kind: "read", report: { table, accounts } };
}

async function statesOf(safeguard: Pick<SafeguardStore, "list">): Promise<Map<string, SafeguardState>> {
  return new Map((await safeguard.list()).map(({ accountId, state }) => [accountId, state]));
}

function idsIn(policy: Policy | undefined): string[] {
  return policy?.accounts.map(({ id }) => id) ?? [];
}

interface KnownAccount {
  accountId: string;
  state: SafeguardState;
  limits: SuspensionLimits | "unknown" | "off";
  held: HeldCount | undefined;
}

function toAccountReport(
  { accountId, state, limits, held }: KnownAccount,
  redact: Redact,
  now: number,
): AccountSafeguardReport {
  const { latch, allowance, acts } = state;
  const left = leftOf(allowance, now);
  return {
    accountId: redact(accountId),
    latch: latch === undefined ? { state: "open" } : toLatchReport(latch),
    limits: typeof limits === "string" ? { state: limits } : toLimitsReport(limits, state, now),
    allowance:
      left === undefined
        ? null
        : { people: left.people, until: iso(left.until), by: redact(left.by), at: iso(left.at) },
    held: { people: held?.people ?? 0, byRule: held?.byRule ?? {}, since: held?.since ?? null },
    acts: acts.map((act) => toActReport(act, redact)),
  };
}

function toLeftReport(left: Allowance | undefined): AllowanceReport["replaced"] {
  if (left === undefined) return null;
  return { people: left.people, until: timeText(left.until), by: redactForDisplay()(left.by) };
}

function leftOf(allowance: Allowance | undefined, now: number): Allowance | undefined {
  const isLeft = allowance !== undefined && allowance.people > 0 && allowance.until > now;
  return isLeft ? allowance : undefined;
}

type ClosedLatch = Extract<AccountSafeguardReport["latch"], { state: "closed" }>;

function toLatchReport({ closedAt, ...why }: NonNullable<SafeguardState["latch"]>): ClosedLatch {
  return { state: "closed", since: iso(closedAt), ...why };
}

function toLimitsReport(limits: SuspensionLimits, state: SafeguardState, now: number): LimitsReport {
  const { activeUsers } = state;
  const counted = limits.percent === 0 ? 0 : activeUsers?.count;
  return {
    state: "on",
    ...limits,
    limit: counted === undefined ? null : suspensionLimit(limits, counted),
    activeUsers:
      activeUsers === undefined ? null : { count: activeUsers.count, countedAt: iso(activeUsers.countedAt) },
    passed: passedInWindow(state, limits, now),
  };
}

function toActReport(act: Act, redact: Redact): ActReport {
  switch (act.what) {
    case "closed":
      return { ...act, at: iso(act.at) };
    case "allowed":
      return { ...act, ...auditOf(act, redact), until: iso(act.until) };
    case "reset":
      return { ...act, ...auditOf(act, redact) };
  }
}

function auditOf({ at, by, note }: { at: number; by: string; note?: string }, redact: Redact) {
  return { at: iso(at), by: redact(by), ...(note !== undefined && { note: redact(note) }) };
}

function iso(moment: number): string {
  return new Date(moment).toISOString();
}

/** A change to one account's safeguard, and who makes it and why, for the record. */
export interface ChangeSafeguardRequest {
  account: string;
  by: string;
  because: string;
}

export interface AllowanceReport {
  table: string;
  accountId: string;
  people: number;
  until: string;
  by: string;
  /** What was left of an earlier allowance, which the new one replaces. */
  replaced: { people: number; until: string; by: string } | null;
}

export interface AllowRequest extends ChangeSafeguardRequest {
  people: number;
  /** Its end, by what time it is now: "two hours from now" is no moment on the operator's clock. Milliseconds since the epoch. */
  until: (now: number) => number;
}

/** Lets a number of an account's suspensions pass in advance, if `confirm` agrees, until a moment by the database's clock. */
export async function grantAllowance(
  { account, by, because: note, people, until: untilBy }: AllowRequest,
  ports: SafeguardPorts & {
    databaseNow: () => number;
    confirm: (replaced: AllowanceReport["replaced"], until: number) => Promise<boolean>;
  },
): Promise<{ kind: "allowed"; report: AllowanceReport } | { kind: "declined" } | UnknownAccount> {
  const found = await findAccount(account, ports);
  if (found.kind !== "found") return found;
  const now = ports.databaseNow();
  const until = untilBy(now);
  const earlier = leftOf(found.state.allowance, now);
  const replaced = toLeftReport(earlier);
  if (!(await ports.confirm(replaced, until))) return { kind: "declined" };
  await allowSuspensions(ports.safeguard, account, { people, until, by, note }, ports.now());
  const { table } = ports;
  const report = { table, accountId: account, people, until: timeText(until), by, replaced };
  return { kind: "allowed", report };
}

export interface DisallowanceReport {
  table: string;
  accountId: string;
  /** What was left of the allowance; `null` if nothing was. */
  takenBack: { people: number; until: string; by: string } | null;
}

/** Takes an account's allowance back. Where nothing is left of one, `confirm` is not asked. */
export async function takeBackAllowance(
  { account, by, because: note }: ChangeSafeguardRequest,
  ports: SafeguardPorts & {
    databaseNow: () => number;
    confirm: (left: NonNullable<DisallowanceReport["takenBack"]>) => Promise<boolean>;
  },
): Promise<{ kind: "disallowed"; report: DisallowanceReport } | { kind: "declined" } | UnknownAccount> {
  const found = await findAccount(account, ports);
  if (found.kind !== "found") return found;
  const left = toLeftReport(leftOf(found.state.allowance, ports.databaseNow()));
  if (left !== null) {
    if (!(await ports.confirm(left))) return { kind: "declined" };
    await disallowSuspensions(ports.safeguard, account, { by, note }, ports.now());
  }
  return { kind: "disallowed", report: { table: ports.table, accountId: account, takenBack: left } };
}

export interface ResetReport {
  table: string;
  accountId: string;
  latch: "open";
  /** When the latch had closed; `null` if it was open already. */
  closedAt: string | null;
}

/** Opens an account's latch. A latch that is open already is left alone, and `confirm` is not asked. */
export async function resetSafeguard(
  { account, by, because: note }: ChangeSafeguardRequest,
  ports: SafeguardPorts & { confirm: (latch: ClosedLatch) => Promise<boolean> },
): Promise<{ kind: "reset"; report: ResetReport } | { kind: "declined" } | UnknownAccount> {
  const found = await findAccount(account, ports);
  if (found.kind !== "found") return found;
  const { latch } = found.state;
  if (latch !== undefined) {
    if (!(await ports.confirm(toLatchReport(latch)))) return { kind: "declined" };
    await resetLatch(ports.safeguard, account, { by, note }, ports.now());
  }
  const closedAt = latch === undefined ? null : iso(latch.closedAt);
  return { kind: "reset", report: { table: ports.table, accountId: account, latch: "open", closedAt } };
}

/** A change to a mistyped account would go unnoticed, so the account must be known. */
async function findAccount(
  account: string,
  { safeguard, policy }: SafeguardPorts,
): Promise<{ kind: "found"; state: SafeguardState } | UnknownAccount> {
  const states = await statesOf(safeguard);
  const known = [...new Set([...idsIn(policy), ...states.keys()])].toSorted();
  if (!known.includes(account)) return { kind: "unknownAccount", known };
  return { kind: "found", state: states.get(account) ?? initialState };
}
