import type { DirectoryAccount } from "../directory/directory.ts";
import type { Safeguard } from "../safeguard/safeguard.ts";
import type { Grant } from "./claim.ts";
import { type ClosingContext, closeSuspensions } from "./closeSuspensions.ts";
import type { Group } from "./collapse.ts";
import { groupBy } from "./groupBy.ts";
import type { GuardContext } from "./guard.ts";
import { judge } from "./judge.ts";
import type { PerformedCall } from "./performedCall.ts";
import { performGuarded } from "./performGuarded.ts";
import type { ResolvedPerson } from "./person.ts";
import { plan, type Verdict } from "./plan.ts";
import { type Ask, type ResolveContext, resolve } from "./resolve.ts";
import type { ScopedDecision } from "./screen.ts";

type Person = Group<ScopedDecision>;

export interface CarryOutContext extends ResolveContext, ClosingContext {
  safeguard: Safeguard;
  /** Milliseconds since the epoch. */
  clock: () => number;
}

export interface CarriedOut {
  /** One for each group. */
  verdicts: Verdict[];
  calls: PerformedCall[];
  /** Whose suspension the safeguard counts: because it was done, or because nobody knows. */
  counted: Person[];
  /** Those that were asked for, by id. */
  accounts: ReadonlyMap<string, DirectoryAccount>;
}

/**
 * Groups that may be acted on in, their verdicts and the calls that were made out. What follows a suspension comes when
 * every suspension has been made, of all accounts: signing one leaver out must not leave another one in.
 */
export async function carryOut(
  granted: ReadonlyMap<Person, Grant>,
  context: CarryOutContext,
): Promise<CarriedOut> {
  const done = await carryOutFirst(granted, context);
  const { counted, accounts } = done;
  const { verdicts, calls } = await closeSuspensions(done, context);
  return { verdicts, calls: [...done.calls, ...calls], counted, accounts };
}

/**
 * Whoever turns out to be unknown under a remembered id, or under the event's own, is looked up by address and tried once
 * more.
 */
async function carryOutFirst(granted: ReadonlyMap<Person, Grant>, context: CarryOutContext): Promise<Round> {
  const passesUncounted = (group: Person) => {
    const { approvedBy, counted } = granted.get(group) ?? {};
    return approvedBy !== undefined || counted === true;
  };
  const guarded = { ...context, passesUncounted };
  const first = await round([...granted.keys()], askSparingly(granted), guarded);
  const stale = unknownIds(first);
  if (stale.length === 0) return first;
  for (const [accountId, people] of groupBy(stale, ({ leader }) => leader.accountId)) {
    await context.identities.forget(
      accountId,
      people.map(({ leader }) => leader.email),
    );
  }
  const second = await round(stale, () => "state", guarded);
  const again = new Set(stale);
  return {
    people: [...first.people.filter(({ group }) => !again.has(group)), ...second.people],
    verdicts: [...first.verdicts.filter(({ group }) => !again.has(group)), ...second.verdicts],
    calls: [...first.calls, ...second.calls],
    counted: [...first.counted, ...second.counted],
    accounts: new Map([...first.accounts, ...second.accounts]),
  };
}

interface Round extends CarriedOut {
  people: ResolvedPerson[];
}

async function round(
  groups: readonly Person[],
  ask: Ask,
  context: CarryOutContext & Pick<GuardContext, "passesUncounted">,
): Promise<Round> {
  const people = await resolve(groups, ask, context);
  const planned = plan(people, context.directory.limits, context.clock());
  const { calls, verdicts, counted } = await performGuarded(planned.calls, context);
  const accounts = accountsOf(people);
  return { people, calls, counted, accounts, verdicts: judge(calls, [...planned.verdicts, ...verdicts]) };
}

function accountsOf(people: readonly ResolvedPerson[]): Map<string, DirectoryAccount> {
  const accounts = new Map<string, DirectoryAccount>();
  for (const { account } of people)
    if (account.kind === "found") accounts.set(account.value.accountId, account.value);
  return accounts;
}

/**
 * An id in the event is used as it is. Invitations go out by address without asking; only one that may have gone out
 * before is looked up first, because the answer may have been lost after the e-mail was sent.
 */
function askSparingly(granted: ReadonlyMap<Person, Grant>): Ask {
  return (group: Person, { answers }: DirectoryAccount) => {
    const { intent, userId } = group.leader;
    const answer = answers[intent];
    // Whoever came back by another id in HR, or by hand, has the license of somebody who is there.
    if (group.leader.follows?.type === "EmployeeLeft") return "state";
    if (answer.kind === "call" && answer.operation === "invite") {
      return cameBefore(group) || granted.get(group)?.interrupted ? "state" : "nothing";
    }
    return userId === undefined ? "id" : "nothing";
  };
}

/** Any message of the group counts: a newer decision, or a copy, may come for the first time beside one that did not. */
function cameBefore({ leader, duplicates, older }: Person): boolean {
  return [leader, ...duplicates, ...older].some(({ receiveCount }) => receiveCount > 1);
}

/**
 * Whose id the directory does not know, unless it is the directory that told it just now. Those who gave way to another
 * one of the same id are among them: it may be the id of neither.
 */
function unknownIds({ calls, people }: Round): Person[] {
  const unknown = new Set<string>();
  for (const { call, results } of calls)
    results.forEach((result, target) => {
      if (result.kind === "failed" && result.failure.class === "noSuchUser")
        unknown.add(`${call.accountId} ${target}`);
    });
  if (unknown.size === 0) return [];
  return people.flatMap(({ group, user }) =>
    user.kind === "known" && unknown.has(`${group.leader.accountId} ${user.userId}`) ? [group] : [],
  );
}
