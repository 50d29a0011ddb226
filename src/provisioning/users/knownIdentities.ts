import { createsUsers } from "../../directory/directory.ts";
import type { Identity, IdentityCache } from "../../ledger/ledger.ts";
import type { PersonDecisions, ResolvedPerson, ScopedDecision } from "../decision.ts";
import { groupBy } from "../groupByPerson.ts";
import type { Outcome, PersonResult } from "../outcome.ts";
import type { PerformedCall } from "../performCalls.ts";
import { askingFor } from "./resolveUsers.ts";

type Group = PersonDecisions<ScopedDecision>;

/**
 * Remembers the users that a service has created and named, and forgets the ids of users whom an account may replace. Where
 * people come back as they came, they may come back as a new user: the id from before the suspension then belongs to nobody, or to a
 * user who stays suspended.
 *
 * It comes after the commit. Whoever is tried again is known by the id until then: it shows that the account had the user.
 */
export function updateIdentities(
  results: readonly PersonResult[],
  calls: readonly PerformedCall[],
  identities: IdentityCache,
) {
  const outcomes = new Map(results.map(({ group, outcome }) => [group, outcome]));
  const created = createdUsers(calls);
  return async (people: readonly ResolvedPerson[]): Promise<void> => {
    for (const [accountId, ofAccount] of groupBy(people, ({ group }) => group.newest.accountId)) {
      const named = ofAccount.flatMap(({ group }) => toIdentity(group, created.get(group)));
      if (named.length > 0) await identities.remember(accountId, named);
      const replaced = ofAccount.filter(
        (person) => !created.has(person.group) && isReplaced(person, outcomes.get(person.group)),
      );
      if (replaced.length === 0) continue;
      // An id is remembered of few of them, and to read costs a tenth of a write.
      const asking = replaced.map(({ group }) => askingFor(group));
      const remembered = await identities.recall(accountId, asking);
      if (remembered.size > 0) await identities.forget(accountId, [...remembered.keys()]);
    }
  };
}

/** The ids of created users, as far as the service told them. */
function createdUsers(calls: readonly PerformedCall[]): Map<Group, string> {
  const created = new Map<Group, string>();
  for (const { call, results } of calls) {
    if (call.operation !== "create") continue;
    for (const { target, groups } of call.entries) {
      const result = results.get(target);
      if (result?.kind !== "done" || result.userId === undefined) continue;
      for (const group of groups) created.set(group, result.userId);
    }
  }
  return created;
}

function toIdentity({ newest: { personId, email } }: Group, userId: string | undefined): Identity[] {
  return userId === undefined ? [] : [{ personId, email, userId }];
}

function isReplaced({ group, account, user }: ResolvedPerson, outcome: Outcome | undefined): boolean {
  if (account.kind === "failed" || outcome === undefined) return false;
  const { intent } = group.newest;
  const isLeaver = intent === "offboard";
  if (!createsUsers(account.value, isLeaver ? "reinstate" : intent)) return false;
  if (!isLeaver) return outcome.kind === "applied";
  // What a look-up has found is good for this decision alone as it is. But one that an operator holds, or finds among the dead
  // letters, may come back days later.
  if (outcome.kind === "held" || outcome.kind === "rejected") return true;
  const hasIdOfEvent = user.kind === "known" && user.from === undefined;
  return hasIdOfEvent && ["applied", "unchanged"].includes(outcome.kind);
}
