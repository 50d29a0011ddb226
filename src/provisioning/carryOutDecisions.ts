import type { DirectoryAccount } from "../directory/directory.ts";
import type { IdentityCache, Ledger } from "../ledger/ledger.ts";
import type { PolicyRules } from "../policy/policyRules.ts";
import type { Safeguard } from "../safeguard/safeguard.ts";
import { defectOf, defectOfResult, inParts } from "./boundary.ts";
import type { Grant, GrantedClaims } from "./claimDecisions.ts";
import type { PersonDecisions, ResolvedPerson, ScopedDecision } from "./decision.ts";
import { groupBy } from "./groupByPerson.ts";
import {
  countedPerson,
  type LimitContext,
  limitSuspensions,
  returnUnusedAdmissions,
} from "./limitSuspensions.ts";
import type { MessageOutcome, PersonResult } from "./outcome.ts";
import { type PerformedCall, performCalls, toPersonResults } from "./performCalls.ts";
import { accountsOf, limitsByAccount, planCalls } from "./planCalls.ts";
import { type PostSuspensionContext, runPostSuspensionActions } from "./postSuspensionActions.ts";
import { acceptGoneUsers, latest, type Round } from "./users/goneUsers.ts";
import { joinPlaces, spreadLeavers, wholeOf } from "./users/leaverPlaces.ts";
import { type FindAddresses, findOwnAddresses } from "./users/personAddresses.ts";
import {
  askForState,
  askSparingly,
  type ChooseQuestion,
  type ResolveContext,
  resolveUsers,
} from "./users/resolveUsers.ts";

export interface CarryOutContext extends ResolveContext, PostSuspensionContext {
  safeguard: Safeguard;
  ledger: Pick<Ledger, "ownersOf">;
  rules: Pick<PolicyRules, "findAfterSuspension" | "findAccountIds">;
  /** Milliseconds since the epoch. */
  clock: () => number;
}

export interface CarriedOut {
  /** One for each group. */
  results: PersonResult[];
  calls: PerformedCall[];
  /** The people whose suspension the safeguard counts: it was made, or nobody knows whether it was. */
  counted: PersonDecisions<ScopedDecision>[];
  /** The accounts that were read, by id. */
  accounts: ReadonlyMap<string, DirectoryAccount>;
  people: ResolvedPerson[];
  /** The outcomes of people whose processing threw: their claims run out, and they have no results. */
  thrown: readonly MessageOutcome[];
}

/**
 * Carries out the claimed decisions in two rounds of calls, then runs the post-suspension actions. These come after every
 * suspension of every account: signing one leaver out must not leave another one in.
 */
export async function carryOutDecisions(
  granted: GrantedClaims,
  context: CarryOutContext,
): Promise<CarriedOut> {
  const own = await inParts([...granted.keys()], (part) => findOwnAddresses(part, context.ledger), defectOf);
  const addresses = new Map(own.results.flatMap((part) => [...part.addresses]));
  const addressesOf: FindAddresses = (group) => addresses.get(group) ?? [group.newest.email];
  const places = await inParts(
    [...addresses.keys()],
    (groups) => spreadLeavers(groups, addressesOf, context.rules),
    defectOf,
  );
  const groups = places.results.flat();
  const claims = new Map(groups.flatMap((group) => toEntries(group, granted.get(wholeOf(group)))));
  const passesUncounted = passesUncountedBy(claims);
  const limited = { ...context, addressesOf: firstAddressOf(addressesOf), passesUncounted };
  const first = await runRound(groups, askSparingly(claims), limited);

  // An id that HR or an earlier look-up gave may be unknown to the account: then the address decides, once.
  const unknown = await inParts(first.people, (part) => groupsWithUnknownId(first, part), defectOfResult);
  const forgotten = await inParts(
    unknown.results.flat(),
    (groups) => forgetIds(groups, context.identities),
    defectOf,
  );
  const again = [...forgotten.results.flat(), ...heldInDoubt(first.results, claims)];
  const rounds = [first];
  if (again.length > 0) {
    const counted = new Set(first.admitted.flatMap(({ suspensions }) => suspensions.map(countedPerson)));
    const isCounted = (group: Group) => counted.has(group) || passesUncounted(group);
    rounds.push(
      await runRound(again, askForState, {
        ...limited,
        passesUncounted: isCounted,
        withoutIdsOfEvents: true,
      }),
    );
  }

  const accepted = await inParts(
    latest(rounds.map((round) => round.results)),
    (results) => acceptGoneUsers(results, rounds, claims),
    defectOfResult,
  );
  const results = accepted.results.flatMap((part) => part.results);
  const calls = rounds.flatMap((round) => round.calls);
  const admitted = rounds.flatMap((round) => round.admitted);
  const gone = new Set(accepted.results.flatMap((part) => part.gone));
  const counted = await returnUnusedAdmissions(admitted, calls, gone, context.safeguard);
  const people = latest(rounds.map((round) => round.people));
  const followedUp = await runPostSuspensionActions({ people, results }, context);
  const joined = await inParts(
    groupsOfOnePerson(followedUp.results),
    (part) => joinPlaces(part.flat(), people),
    ([result], error) => (result === undefined ? [] : defectOf(wholeOf(result.group), error)),
  );
  const steps = [own, places, ...rounds, unknown, forgotten, accepted, followedUp, joined];
  const thrown = steps.flatMap((step) => step.thrown);
  const withoutResult = new Set(thrown.map(({ index }) => index));
  return {
    results: [...joined.results.flat(), ...own.results.flatMap((part) => part.withheld)].filter(
      ({ group }) => !withoutResult.has(group.newest.index),
    ),
    calls: [...calls, ...followedUp.calls],
    counted: counted.map(wholeOf),
    accounts: accountsOf(rounds.flatMap((round) => round.people)),
    people,
    thrown,
  };
}

function toEntries(group: Group, grant: Grant | undefined): [Group, Grant][] {
  return grant === undefined ? [] : [[group, grant]];
}

/** A leaver's earlier addresses are places of their own. */
function firstAddressOf(addressesOf: FindAddresses): FindAddresses {
  return (group) => (group.newest.intent === "offboard" ? [group.newest.email] : addressesOf(group));
}

/** The results of one person, at all places, stay together. */
function groupsOfOnePerson(results: readonly PersonResult[]): PersonResult[][] {
  return [...groupBy(results, ({ group }) => wholeOf(group)).values()];
}

type Group = PersonDecisions<ScopedDecision>;

/** Finds the users of the groups, plans the fewest calls, and makes those that the safeguard admits. */
async function runRound(
  groups: readonly Group[],
  chooseQuestion: ChooseQuestion,
  context: CarryOutContext & Omit<LimitContext, "callLimitsOf">,
): Promise<Round> {
  const resolved = await inParts(groups, (part) => resolveUsers(part, chooseQuestion, context), defectOf);
  const people = resolved.results.flat();
  const now = context.clock();
  const planned = await inParts(people, (part) => planCalls(part, now), defectOfResult);
  const limited = await limitSuspensions(
    planned.results.flatMap((part) => part.calls),
    { ...context, callLimitsOf: limitsByAccount(accountsOf(people)) },
  );
  const calls = await performCalls(limited.calls, context);
  const withoutCall = planned.results.flatMap((part) => part.results);
  const results = toPersonResults(calls, [...withoutCall, ...limited.stopped]);
  const thrown = [...resolved.thrown, ...planned.thrown];
  return { people, calls, admitted: limited.admitted, results, thrown };
}

/**
 * A suspension passes uncounted if an operator has released it, if the safeguard has counted it at an earlier try whose result
 * nobody knows, or if the journal says that it was carried out. To hold what was carried out would let go of its claim, and an
 * older return would let the leaver in.
 */
function passesUncountedBy(granted: GrantedClaims): LimitContext["passesUncounted"] {
  return (group) => {
    const { approvedBy, counted, carriedOut } = granted.get(group) ?? {};
    return approvedBy !== undefined || counted === true || carriedOut === true;
  };
}

/**
 * The groups that are held although an earlier try may have suspended them. The directory has to say: whoever is suspended already
 * needs no suspension, and must not be discarded as one that never was.
 */
function heldInDoubt(results: readonly PersonResult[], granted: GrantedClaims): Group[] {
  return results.flatMap(({ group, outcome }) =>
    outcome.kind === "held" && granted.get(group)?.interrupted ? [group] : [],
  );
}

/**
 * The groups whose user id the account does not know, though the directory itself may have just given the id: somebody may have
 * suspended the user in between, or the account shows users whom it then refuses. Groups that gave way to another one of the same id
 * are among them: it may be the id of neither. Whoever needed no call is not: the address would change nothing.
 */
function groupsWithUnknownId({ calls, results }: Round, people: readonly ResolvedPerson[]): Group[] {
  const unknown = new Set<string>();
  const candidates = new Set<Group>();
  for (const { call, results } of calls)
    for (const { target, groups } of call.entries) {
      const result = results.get(target);
      if (result?.kind !== "failed" || result.failure.class !== "noSuchUser") continue;
      unknown.add(`${call.accountId} ${target}`);
      for (const group of groups) candidates.add(group);
    }
  if (unknown.size === 0) return [];
  for (const { group, outcome } of results) if (outcome.kind === "superseded") candidates.add(group);
  return people.flatMap(({ group, user }) => {
    const { accountId } = group.newest;
    const userId = user.kind === "found" ? user.user.userId : user.kind === "known" ? user.userId : undefined;
    return candidates.has(group) && unknown.has(`${accountId} ${userId}`) ? [group] : [];
  });
}

/** Returns the groups, whose ids are forgotten by then. */
async function forgetIds<Groups extends readonly Group[]>(
  groups: Groups,
  identities: IdentityCache,
): Promise<Groups> {
  for (const [accountId, ofAccount] of groupBy(groups, ({ newest }) => newest.accountId)) {
    const emails = ofAccount.map(({ newest }) => newest.email);
    await identities.forget(accountId, emails);
  }
  return groups;
}
