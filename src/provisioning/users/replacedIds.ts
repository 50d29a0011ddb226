import { createsUsers } from "../../directory/directory.ts";
import type { IdentityCache } from "../../ledger/ledger.ts";
import type { ResolvedPerson } from "../decision.ts";
import { groupBy } from "../groupByPerson.ts";
import type { Outcome, PersonResult } from "../outcome.ts";
import { askingFor } from "./resolveUsers.ts";

/**
 * Forgets the remembered ids of users whom an account may replace. Where people come back by an invitation, they may come
 * back as a new user: the id from before the suspension then belongs to nobody, or to a user who stays suspended.
 *
 * It comes after the commit. Whoever is tried again is known by the id until then: it shows that the account had the user.
 */
export function forgetReplacedIds(results: readonly PersonResult[], identities: IdentityCache) {
  const outcomes = new Map(results.map(({ group, outcome }) => [group, outcome]));
  return async (people: readonly ResolvedPerson[]): Promise<void> => {
    const replaced = people.filter((person) => isReplaced(person, outcomes.get(person.group)));
    for (const [accountId, ofAccount] of groupBy(replaced, ({ group }) => group.newest.accountId)) {
      // An id is remembered of few of them, and to read costs a tenth of a write.
      const asking = ofAccount.map(({ group }) => askingFor(group));
      const remembered = await identities.recall(accountId, asking);
      if (remembered.size > 0) await identities.forget(accountId, [...remembered.keys()]);
    }
  };
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
