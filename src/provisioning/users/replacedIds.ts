import type { IdentityCache } from "../../ledger/ledger.ts";
import type { ResolvedPerson } from "../decision.ts";
import { groupBy } from "../groupByPerson.ts";
import type { Outcome, PersonResult } from "../outcome.ts";

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
      const left = ofAccount.filter(({ group }) => group.newest.intent === "offboard");
      const invited = ofAccount.filter((person) => !left.includes(person)).map(({ group }) => group.newest);
      // Leavers have just been looked up. Of few joiners an id is remembered, and to read costs a tenth of a write.
      const remembered = invited.length === 0 ? [] : (await identities.recall(accountId, invited)).keys();
      const emails = [...left.map(({ group }) => group.newest.email), ...remembered];
      if (emails.length > 0) await identities.forget(accountId, emails);
    }
  };
}

function isReplaced({ group, account }: ResolvedPerson, outcome: Outcome | undefined): boolean {
  if (account.kind === "failed" || outcome === undefined) return false;
  const { intent } = group.newest;
  const capability = account.value.capabilities[intent === "offboard" ? "reinstate" : intent];
  if (capability.kind !== "call" || capability.operation !== "invite") return false;
  if (outcome.kind === "applied") return true;
  return intent === "offboard" && (outcome.kind === "unchanged" || outcome.kind === "rejected");
}
