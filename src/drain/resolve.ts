import pMap from "p-map";
import type { AccountCache } from "../directory/accountCache.ts";
import type { Directory, DirectoryAccount } from "../directory/directory.ts";
import { attempt, type Budget } from "./attempt.ts";
import type { Group } from "./collapse.ts";
import { groupBy } from "./groupBy.ts";
import { type Addresses, lookUpUsers } from "./lookUpUsers.ts";
import type { Found, ResolvedPerson, UserResolution } from "./person.ts";
import type { ScopedDecision } from "./screen.ts";

export interface ResolveOptions {
  directory: Directory;
  accounts: AccountCache;
  pagesOfAccount: Map<string, number>;
  budget: Budget;
  concurrency: number;
}

type Person = Group<ScopedDecision>;

/** Groups in, the same groups with their account and user out. A failure to read is a value: that person comes again. */
export async function resolve(groups: readonly Person[], options: ResolveOptions): Promise<ResolvedPerson[]> {
  const byAccount = groupBy(groups, ({ leader }) => leader.accountId);
  const resolved = await pMap(
    byAccount,
    ([accountId, people]) => resolveAccount(accountId, people, options),
    {
      concurrency: options.concurrency,
    },
  );
  return resolved.flat();
}

async function resolveAccount(
  accountId: string,
  people: Person[],
  options: ResolveOptions,
): Promise<ResolvedPerson[]> {
  const { directory, accounts, budget } = options;
  const account = await attempt(budget, (time) =>
    accounts.get(accountId, (id) => directory.getAccount(id, time)),
  );
  const asked = people.filter(({ leader }) => mustBeLookedUp(leader, account));
  const answers = await lookUpUsers(
    asked.map(({ leader }): Addresses => [leader.email, ...leader.previousEmails]),
    { ...options, accountId },
  );
  const lookUps = new Map(asked.map((group, index) => [group, answers[index]]));
  return people.map((group) => ({ group, account, user: lookUps.get(group) ?? withoutLookUp(group.leader) }));
}

function withoutLookUp({ userId }: ScopedDecision): UserResolution {
  return userId === undefined ? { kind: "notAsked" } : { kind: "known", userId };
}

/**
 * An id in the event is used as it is. Invitations go out by address without asking; only one that is tried
 * again is looked up first, because the answer to the first try may have been lost after its e-mail went out.
 */
function mustBeLookedUp(
  { intent, userId, receiveCount }: ScopedDecision,
  account: Found<DirectoryAccount>,
): boolean {
  if (account.kind === "failed" || !account.value.active) return false;
  const answer = account.value.answers[intent];
  if (answer.kind === "reject") return false;
  return answer.operation === "invite" ? receiveCount > 1 : userId === undefined;
}
