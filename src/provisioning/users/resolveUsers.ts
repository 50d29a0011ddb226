import pMap from "p-map";
import {
  answerOf,
  attempt,
  createsUsers,
  type DirectoryAccount,
  type Found,
} from "../../directory/directory.ts";
import type { AccountCache } from "../../directory/directoryCache.ts";
import type { Identity, IdentityCache, RecalledPerson } from "../../ledger/ledger.ts";
import type { GrantedClaims } from "../claimDecisions.ts";
import type { PersonDecisions, ResolvedPerson, ScopedDecision, UserResolution } from "../decision.ts";
import { groupBy } from "../groupByPerson.ts";
import {
  type Addresses,
  type IdLookUp,
  type LookUpOptions,
  lookUpIds,
  lookUpUsers,
  type Sought,
} from "./lookUpUsers.ts";
import { earlierAddresses, type FindAddresses } from "./personAddresses.ts";

export interface ResolveContext extends Omit<LookUpOptions, "accountId"> {
  accounts: AccountCache;
  identities: IdentityCache;
  /** The addresses under which a user may be found; by default the event's own. */
  addressesOf?: FindAddresses;
  /** The ids in the events have turned out to be unknown. */
  withoutIdsOfEvents?: true;
}

type Group = PersonDecisions<ScopedDecision>;

/**
 * Chooses what the directory must be asked about a group's user: nothing, only the id, the id whatever the ledger remembers, or the
 * state as well.
 */
export type ChooseQuestion = (group: Group, account: DirectoryAccount) => Question;
type Question = "nothing" | "id" | "presentId" | "state";

/**
 * Resolves the account and the user of each group, in as few calls as the directory allows. A failure to read is a value:
 * that person's messages come again.
 */
export async function resolveUsers(
  groups: readonly Group[],
  chooseQuestion: ChooseQuestion,
  context: ResolveContext,
): Promise<ResolvedPerson[]> {
  const byAccount = groupBy(groups, ({ newest }) => newest.accountId);
  const { concurrency } = context;
  // The accounts share the calls under way, so that many accounts do not multiply them.
  const share = { ...context, concurrency: Math.max(1, Math.floor(concurrency / byAccount.size)) };
  const resolved = await pMap(
    byAccount,
    ([accountId, ofAccount]) => resolveAccount(accountId, ofAccount, chooseQuestion, share),
    { concurrency },
  );
  return resolved.flat();
}

/**
 * The first round asks for as little as it can. An id in the event is used as it is. A user is created by address without
 * asking; only one who may be there already is looked up first: an answer may have been lost after the effect, or the person has
 * a new address.
 */
export function askSparingly(granted: GrantedClaims): ChooseQuestion {
  return (group, account) => {
    const { intent, userId, follows } = group.newest;
    // Nothing is remembered of a leaver's further places, and an account that takes no orders may have a user too.
    if (group.partOf !== undefined) return "presentId";
    // A leaver who has come back, under another id of HR or by hand, is active again and keeps the license.
    if (follows?.type === "EmployeeLeft") return "state";
    if (createsUsers(account, intent)) {
      const mayBeThere = isRedelivered(group) || isRenamed(group) || granted.get(group)?.interrupted;
      return mayBeThere ? "state" : "nothing";
    }
    if (userId !== undefined) return "nothing";
    // Who was suspended by hand, and let in again, is another user under the same address.
    const isTriedAgain = isRedelivered(group) || granted.get(group)?.interrupted === true;
    return mayBeReplaced(group, account) && !isTriedAgain ? "presentId" : "id";
  };
}

/**
 * Whether the user of the address may be another one after the decision: a leaver, where people come back as they came.
 * What a look-up finds then is good for this decision alone: for its next try, which it tells that there was a user.
 */
function mayBeReplaced({ newest }: Group, account: DirectoryAccount): boolean {
  return newest.intent === "offboard" && createsUsers(account, "reinstate");
}

/** Any message of the group counts: a newer decision, or a copy, may come for the first time beside one that did not. */
function isRedelivered({ newest, duplicates, older }: Group): boolean {
  return [newest, ...duplicates, ...older].some(({ receiveCount }) => receiveCount > 1);
}

function isRenamed({ newest }: Group): boolean {
  return earlierAddresses(newest).length > 0;
}

/** The second round looks everybody up by address. */
export const askForState: ChooseQuestion = () => "state";

async function resolveAccount(
  accountId: string,
  groups: readonly Group[],
  chooseQuestion: ChooseQuestion,
  context: ResolveContext,
): Promise<ResolvedPerson[]> {
  const account = await attempt(context.budget, (time) =>
    context.accounts.get(accountId, (id) => context.directory.getAccount(id, time)),
  );
  const questions = groupBy(groups, (group) => questionOf(group, account, chooseQuestion));
  const ofId = questions.get("id") ?? [];
  const ofState = questions.get("state") ?? [];
  const isForOnce = (group: Group) => account.kind === "found" && mayBeReplaced(group, account.value);
  const remembered = await recall(accountId, ofId, isForOnce, context);
  const unknown = ofId.filter((group) => !remembered.has(group));
  const asked = [...unknown, ...(questions.get("presentId") ?? []), ...ofState];
  const find = ofState.length === 0 ? lookUpIds : lookUpUsers;
  const lookUps = await lookUp(accountId, asked, find, isForOnce, context);
  const users = new Map<Group, UserResolution>([...remembered, ...lookUps]);
  return groups.map((group) => ({ group, account, user: users.get(group) ?? fromEvent(group.newest) }));
}

function questionOf(
  group: Group,
  account: Found<DirectoryAccount>,
  chooseQuestion: ChooseQuestion,
): Question {
  if (account.kind === "failed" || !account.value.active) return "nothing";
  const takesNoOrders = answerOf(account.value, group.newest.intent, "remembered").kind === "reject";
  return takesNoOrders && group.partOf === undefined ? "nothing" : chooseQuestion(group, account.value);
}

async function recall(
  accountId: string,
  groups: readonly Group[],
  isForOnce: (group: Group) => boolean,
  { identities }: ResolveContext,
): Promise<Map<Group, UserResolution>> {
  const ids =
    groups.length === 0
      ? new Map<string, string>()
      : await identities.recall(
          accountId,
          groups.map((group) => ({ ...askingFor(group), onlyOwn: isForOnce(group) })),
        );
  const known = new Map<Group, UserResolution>();
  for (const group of groups) {
    const userId = ids.get(group.newest.email);
    if (userId !== undefined) known.set(group, { kind: "known", userId, from: "memory" });
  }
  return known;
}

async function lookUp(
  accountId: string,
  groups: readonly Group[],
  find: typeof lookUpIds,
  isForOnce: (group: Group) => boolean,
  context: ResolveContext,
): Promise<Map<Group, IdLookUp>> {
  const sought = groups.map((group) => toSought(group, context));
  const answers = await find(sought, { ...context, accountId });
  const lookUps = new Map<Group, IdLookUp>();
  const found: Identity[] = [];
  for (const [index, group] of groups.entries()) {
    const answer = answers[index];
    if (answer === undefined) continue;
    lookUps.set(group, answer);
    if (group.partOf !== undefined) continue;
    const { personId, email, version } = group.newest;
    const person = { personId, email, ...(isForOnce(group) && { onlyFor: version }) };
    if (answer.kind === "found") found.push({ ...person, userId: answer.user.userId });
    if (answer.kind === "known") found.push({ ...person, userId: answer.userId });
  }
  if (found.length > 0) await context.identities.remember(accountId, found);
  return lookUps;
}

/** Who asks for a remembered id. */
export function askingFor({ newest, older }: Group): RecalledPerson {
  const { personId, email, version } = newest;
  return { personId, email, versions: [version, ...older.map((decision) => decision.version)] };
}

/** At a further place a leaver is sought by address alone: the ids are those of the first one. */
function toSought(
  group: Group,
  {
    addressesOf = addressesInEvent,
    withoutIdsOfEvents,
  }: Pick<ResolveContext, "addressesOf" | "withoutIdsOfEvents">,
): Sought {
  const addresses = addressesOf(group);
  if (group.partOf !== undefined) return { addresses };
  const { personId: externalId, userId } = group.newest;
  const isKnown = userId !== undefined && withoutIdsOfEvents === undefined;
  return { addresses, externalId, ...(isKnown && { userId }) };
}

function addressesInEvent({ newest }: Group): Addresses {
  return [newest.email, ...newest.previousEmails];
}

function fromEvent({ userId }: ScopedDecision): UserResolution {
  return userId === undefined ? { kind: "notAsked" } : { kind: "known", userId };
}
