import { answerOf, type DirectoryAccount, isActive } from "../../directory/directory.ts";
import type { PolicyRules } from "../../policy/policyRules.ts";
import type { PersonDecisions, ResolvedPerson, ScopedDecision } from "../decision.ts";
import { groupBy } from "../groupByPerson.ts";
import type { Outcome, PersonResult, Rejected, Retry } from "../outcome.ts";
import type { FindAddresses } from "./personAddresses.ts";

type Group = PersonDecisions<ScopedDecision>;

/**
 * Adds to each leaver a group for every further place where a user of theirs may be: each address in each account that the policy
 * knows for it. They are suspended like the leaver, and share the leaver's claim.
 */
export function spreadLeavers(
  groups: readonly Group[],
  addressesOf: FindAddresses,
  { findAccountIds }: Pick<PolicyRules, "findAccountIds">,
): readonly Group[] {
  const further = groups.flatMap((group) => furtherPlaces(group, addressesOf(group), findAccountIds));
  return further.length === 0 ? groups : [...groups, ...further];
}

function furtherPlaces(
  group: Group,
  addresses: readonly string[],
  findAccountIds: PolicyRules["findAccountIds"],
): Group[] {
  const { newest } = group;
  // What is undone is undone where it was done: at another place the person may have had a user before.
  if (newest.intent !== "offboard" || newest.undoes !== undefined) return [];
  return addresses.flatMap((email) =>
    findAccountIds(email)
      .filter((accountId) => accountId !== newest.accountId || email !== newest.email)
      .map((accountId) => ({
        newest: { ...newest, accountId, email, previousEmails: [], userId: undefined },
        duplicates: [],
        older: [],
        partOf: group,
      })),
  );
}

/** The group that a further place belongs to; any other group itself. */
export function wholeOf(group: Group): Group {
  return group.partOf ?? group;
}

/**
 * Joins the results of a leaver's places to one: the leaver has left once no place is left. Where nobody is found at a further
 * place, there is nothing to do; where somebody is, the leaver need not be found at the first one.
 */
export function joinPlaces(
  results: readonly PersonResult[],
  people: readonly ResolvedPerson[],
): PersonResult[] {
  if (!results.some(({ group }) => group.partOf !== undefined)) return [...results];
  const personOf = new Map(people.map((person) => [person.group, person]));
  return [...groupBy(results, ({ group }) => wholeOf(group))].map(([group, places]) => {
    const counting = places.flatMap((place) => placeOutcome(place, personOf.get(place.group)));
    const found = counting.filter(({ isUnknown }) => !isUnknown);
    const outcomes = (found.length > 0 ? found : counting).map(({ outcome }) => outcome);
    const outcome = joinOutcomes(outcomes);
    const alsoAt = places.flatMap((place) =>
      place.group.partOf !== undefined && place.outcome.kind === "applied"
        ? [place.group.newest.accountId]
        : [],
    );
    return {
      group,
      outcome: outcome.kind === "applied" && alsoAt.length > 0 ? { ...outcome, alsoAt } : outcome,
    };
  });
}

/** Nothing for a further place where no user is, or one who is suspended. */
function placeOutcome(
  { group, outcome }: PersonResult,
  person: ResolvedPerson | undefined,
): { outcome: Outcome; isUnknown: boolean }[] {
  const isUnknown = outcome.kind === "rejected" && person?.user.kind === "absent";
  if (group.partOf === undefined) return [{ outcome, isUnknown }];
  if (isUnknown) return [];
  const account = person?.account.kind === "found" ? person.account.value : undefined;
  if (outcome.kind === "rejected" && account !== undefined && takesNoOrders(account))
    return hasActiveUser(person) ? [{ outcome: leftElsewhere(account, outcome), isUnknown }] : [];
  return [{ outcome: namingPlace(outcome, group.newest.accountId), isUnknown }];
}

function takesNoOrders(account: DirectoryAccount): boolean {
  return answerOf(account, "offboard", "remembered").kind === "reject";
}

function hasActiveUser(person: ResolvedPerson | undefined): boolean {
  return person?.user.kind === "known" || (person?.user.kind === "found" && isActive(person.user.user));
}

function leftElsewhere({ accountId }: DirectoryAccount, { reason }: Rejected): Rejected {
  return {
    kind: "rejected",
    code: "LeftElsewhere",
    reason: `the leaver has a user in account ${accountId} too, who stays as they are: ${reason}`,
  };
}

function namingPlace(outcome: Outcome, accountId: string): Outcome {
  if (outcome.kind !== "retry" && outcome.kind !== "rejected") return outcome;
  return { ...outcome, reason: `a further user of the leaver, in account ${accountId}: ${outcome.reason}` };
}

/** What keeps the leaver in goes first: a call that may still happen, then any other retry, then what is held or rejected. */
function joinOutcomes(outcomes: readonly Outcome[]): Outcome {
  const retries = outcomes.filter((outcome): outcome is Retry => outcome.kind === "retry");
  const open = retries.find(({ mayStillHappen }) => mayStillHappen) ?? retries[0];
  const applied = outcomes.find(({ kind }) => kind === "applied");
  const isDone = applied !== undefined;
  if (open !== undefined) return isDone ? { ...open, carriedOut: true } : open;
  const held = outcomes.find(({ kind }) => kind === "held");
  if (held !== undefined) return held;
  const rejected = outcomes.find((outcome): outcome is Rejected => outcome.kind === "rejected");
  if (rejected !== undefined) return isDone ? { ...rejected, carriedOut: true } : rejected;
  return applied ?? outcomes[0] ?? { kind: "unchanged", because: "alreadySo" };
}
