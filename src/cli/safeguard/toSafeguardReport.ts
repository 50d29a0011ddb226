import type { SuspensionLimits } from "../../policy/suspensionLimits.ts";
import { passedInWindow, suspensionLimit } from "../../safeguard/decideAdmission.ts";
import type { Act, SafeguardState } from "../../safeguard/safeguardState.ts";
import type { HeldCount } from "../held/countHeld.ts";
import type { ShowText } from "../ledger/shownText.ts";

/** What the safeguard does about one account, as it is shown. Times are ISO 8601 in UTC. */
export interface SafeguardReport {
  accountId: string;
  latch: { state: "open" } | { state: "closed"; since: string; asked: number; passed: number; limit: number };
  limits: LimitsReport;
  /** What an operator has allowed and is left; `null` for nothing. */
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

/** What is known of an account. Without limits: the safeguard is off, or there is no policy. */
export interface KnownAccount {
  accountId: string;
  state: SafeguardState;
  limits: SuspensionLimits | "unknown" | "off";
  held: HeldCount | undefined;
}

/** @param now milliseconds since the epoch */
export function toSafeguardReport(
  { accountId, state, limits, held }: KnownAccount,
  show: ShowText,
  now: number,
): SafeguardReport {
  const { latch, allowance, acts } = state;
  const isLeft = allowance !== undefined && allowance.people > 0 && allowance.until > now;
  return {
    accountId: show(accountId),
    latch: latch === undefined ? { state: "open" } : toLatchReport(latch),
    limits: typeof limits === "string" ? { state: limits } : toLimitsReport(limits, state, now),
    allowance: isLeft
      ? {
          people: allowance.people,
          until: iso(allowance.until),
          by: show(allowance.by),
          at: iso(allowance.at),
        }
      : null,
    held: { people: held?.people ?? 0, byRule: held?.byRule ?? {}, since: held?.since ?? null },
    acts: acts.map((act) => toActReport(act, show)),
  };
}

function toLatchReport({ closedAt, ...why }: NonNullable<SafeguardState["latch"]>): SafeguardReport["latch"] {
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

function toActReport(act: Act, show: ShowText): ActReport {
  switch (act.what) {
    case "closed":
      return { ...act, at: iso(act.at) };
    case "allowed":
      return { ...act, ...signedBy(act, show), until: iso(act.until) };
    case "reset":
      return { ...act, ...signedBy(act, show) };
  }
}

function signedBy({ at, by, note }: { at: number; by: string; note?: string }, show: ShowText) {
  return { at: iso(at), by: show(by), ...(note !== undefined && { note: show(note) }) };
}

function iso(moment: number): string {
  return new Date(moment).toISOString();
}
