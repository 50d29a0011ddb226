import type { Policy } from "./policy.ts";

/** Where a decision belongs: to an account of the directory, and to the system that its event came from. */
interface Belonging {
  accountId?: string | undefined;
  origin?: string | undefined;
}

/** An account or a source whose decisions may be under observation. */
export interface Trial {
  of: "source" | "account";
  /** Such as `account team-0001`: nobody else's. */
  name: string;
}

const ofAccount = (accountId: string): Trial => ({ of: "account", name: `account ${accountId}` });
const ofSource = (origin: string): Trial => ({ of: "source", name: `source ${origin}` });

/** The trials that a decision may be a part of. */
export function trialsOf({ accountId, origin }: Belonging): Trial[] {
  return [
    ...(origin === undefined ? [] : [ofSource(origin)]),
    ...(accountId === undefined ? [] : [ofAccount(accountId)]),
  ];
}

/** The trial because of which a decision is observed, and not carried out; `undefined` if it is carried out. */
export type FindTrial = (decision: Belonging) => Trial | undefined;

type Trials = Pick<Policy, "accounts" | "sources">;

/** What the policy observes. */
export function listTrials({ accounts, sources = {} }: Trials): Trial[] {
  return [
    ...Object.entries(sources).flatMap(([origin, { observe }]) => (observe ? [ofSource(origin)] : [])),
    ...accounts.flatMap(({ id, observe }) => (observe ? [ofAccount(id)] : [])),
  ];
}

/** Indexes what the policy observes. A source's trial precedes its account's, because it is the narrower one. */
export function trialFinder(policy: Trials): FindTrial {
  const names = new Set(listTrials(policy).map(({ name }) => name));
  if (names.size === 0) return () => undefined;
  return (decision) => trialsOf(decision).find(({ name }) => names.has(name));
}
