import pMap from "p-map";
import type { AccountCache } from "../directory/accountCache.ts";
import type { Directory, DirectoryAccount } from "../directory/directory.ts";
import type { ScanMemory } from "../directory/scanMemory.ts";
import type { IdentityCache } from "../ledger/identityCache.ts";
import { attempt, type Budget } from "./attempt.ts";
import type { Group } from "./collapse.ts";
import { groupBy } from "./groupBy.ts";
import { type IdLookUp, lookUpIds } from "./lookUpIds.ts";
import { lookUpUsers } from "./lookUpUsers.ts";
import type { Found, ResolvedPerson, UserResolution } from "./person.ts";
import type { Addresses } from "./readPages.ts";
import type { ScopedDecision } from "./screen.ts";

export interface ResolveContext {
  directory: Directory;
  accounts: AccountCache;
  identities: IdentityCache;
  scans: ScanMemory;
  budget: Budget;
  /** Calls of the directory under way at once. */
  concurrency: number;
}

type Person = Group<ScopedDecision>;

/** What the directory must be asked about a person, if anything: only the id, or the state as well. */
type Question = "nothing" | "id" | "state";

/** Chooses the question for a person, given their account. */
export type Ask = (group: Person, account: DirectoryAccount) => Question;

/** Groups in, the same groups with their account and user out. A failure to read is a value: that person comes again. */
export async function resolve(
  groups: readonly Person[],
  ask: Ask,
  context: ResolveContext,
): Promise<ResolvedPerson[]> {
  const byAccount = groupBy(groups, ({ leader }) => leader.accountId);
  const { concurrency } = context;
  // The accounts share the calls under way, so that many accounts do not multiply them.
  const share = { ...context, concurrency: Math.max(1, Math.floor(concurrency / byAccount.size)) };
  const resolved = await pMap(byAccount, ([id, people]) => resolveAccount(id, people, ask, share), {
    concurrency,
  });
  return resolved.flat();
}

async function resolveAccount(
  accountId: string,
  people: readonly Person[],
  ask: Ask,
  context: ResolveContext,
): Promise<ResolvedPerson[]> {
  const account = await attempt(context.budget, (time) =>
    context.accounts.get(accountId, (id) => context.directory.getAccount(id, time)),
  );
  const questions = groupBy(people, (group) => questionOf(group, account, ask));
  const ofId = questions.get("id") ?? [];
  const ofState = questions.get("state") ?? [];
  const remembered = await recall(accountId, ofId, context);
  const asked = [...ofId.filter((group) => !remembered.has(group)), ...ofState];
  const lookUps = await lookUp(accountId, asked, ofState.length === 0 ? lookUpIds : lookUpUsers, context);
  const users = new Map<Person, UserResolution>([...remembered, ...lookUps]);
  return people.map((group) => ({ group, account, user: users.get(group) ?? withoutLookUp(group.leader) }));
}

function questionOf(group: Person, account: Found<DirectoryAccount>, ask: Ask): Question {
  if (account.kind === "failed" || !account.value.active) return "nothing";
  return account.value.answers[group.leader.intent].kind === "reject" ? "nothing" : ask(group, account.value);
}

async function recall(
  accountId: string,
  people: readonly Person[],
  { identities }: ResolveContext,
): Promise<Map<Person, UserResolution>> {
  const ids =
    people.length === 0
      ? new Map<string, string>()
      : await identities.recall(
          accountId,
          people.map(({ leader }) => leader),
        );
  const known = new Map<Person, UserResolution>();
  for (const group of people) {
    const userId = ids.get(group.leader.email);
    if (userId !== undefined) known.set(group, { kind: "known", userId });
  }
  return known;
}

async function lookUp(
  accountId: string,
  people: readonly Person[],
  find: typeof lookUpIds,
  context: ResolveContext,
): Promise<Map<Person, IdLookUp>> {
  const addresses = people.map(({ leader }): Addresses => [leader.email, ...leader.previousEmails]);
  const answers = await find(addresses, { ...context, accountId });
  const lookUps = new Map<Person, IdLookUp>();
  const found: { personId: string; email: string; userId: string }[] = [];
  for (const [index, group] of people.entries()) {
    const answer = answers[index];
    if (answer === undefined) continue;
    lookUps.set(group, answer);
    const { personId, email } = group.leader;
    if (answer.kind === "found") found.push({ personId, email, userId: answer.user.userId });
    if (answer.kind === "known") found.push({ personId, email, userId: answer.userId });
  }
  if (found.length > 0) await context.identities.remember(accountId, found);
  return lookUps;
}

function withoutLookUp({ userId }: ScopedDecision): UserResolution {
  return userId === undefined ? { kind: "notAsked" } : { kind: "known", userId };
}
