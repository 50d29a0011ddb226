import pMap from "p-map";
import {
  attempt,
  type Budget,
  type Directory,
  type DirectoryAccount,
  type DirectoryUser,
  type Failure,
  type Found,
} from "../directory/directory.ts";
import type { AccountCache, Scan, ScanMemory } from "../directory/directoryCache.ts";
import type { IdentityCache } from "../ledger/identityCache.ts";
import type { PersonDecisions, ResolvedPerson, ScopedDecision, UserResolution } from "./decision.ts";
import { groupBy } from "./groupByPerson.ts";

export interface ResolveContext {
  directory: Directory;
  accounts: AccountCache;
  identities: IdentityCache;
  scans: ScanMemory;
  budget: Budget;
  /** Calls of the directory under way at once. */
  concurrency: number;
}

type Person = PersonDecisions<ScopedDecision>;

/** What the directory must be asked about a person, if anything: only the id, or the state as well. */
type Question = "nothing" | "id" | "state";

/** Chooses the question for a person, given their account. */
export type Ask = (group: Person, account: DirectoryAccount) => Question;

/** Groups in, the same groups with their account and user out. A failure to read is a value: that person comes again. */
export async function resolveUsers(
  groups: readonly Person[],
  ask: Ask,
  context: ResolveContext,
): Promise<ResolvedPerson[]> {
  const byAccount = groupBy(groups, ({ newest }) => newest.accountId);
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
  return people.map((group) => ({ group, account, user: users.get(group) ?? withoutLookUp(group.newest) }));
}

function questionOf(group: Person, account: Found<DirectoryAccount>, ask: Ask): Question {
  if (account.kind === "failed" || !account.value.active) return "nothing";
  return account.value.capabilities[group.newest.intent].kind === "reject"
    ? "nothing"
    : ask(group, account.value);
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
          people.map(({ newest }) => newest),
        );
  const known = new Map<Person, UserResolution>();
  for (const group of people) {
    const userId = ids.get(group.newest.email);
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
  const addresses = people.map(({ newest }): Addresses => [newest.email, ...newest.previousEmails]);
  const answers = await find(addresses, { ...context, accountId });
  const lookUps = new Map<Person, IdLookUp>();
  const found: { personId: string; email: string; userId: string }[] = [];
  for (const [index, group] of people.entries()) {
    const answer = answers[index];
    if (answer === undefined) continue;
    lookUps.set(group, answer);
    const { personId, email } = group.newest;
    if (answer.kind === "found") found.push({ personId, email, userId: answer.user.userId });
    if (answer.kind === "known") found.push({ personId, email, userId: answer.userId });
  }
  if (found.length > 0) await context.identities.remember(accountId, found);
  return lookUps;
}

function withoutLookUp({ userId }: ScopedDecision): UserResolution {
  return userId === undefined ? { kind: "notAsked" } : { kind: "known", userId };
}

export type IdLookUp = LookUp | Extract<UserResolution, { kind: "known" }>;

/**
 * Finds ids by address; one answer for each of `people`, in their order. A scan of a moment ago is good enough for an
 * id, so ten batches of one rush read the directory once between them. It is not good enough for a state, or to say that
 * somebody is not there: whoever it does not show under the current address is looked up anew.
 */
export async function lookUpIds(people: readonly Addresses[], options: LookUpOptions): Promise<IdLookUp[]> {
  const scan = options.scans.recent(options.accountId);
  if (scan === undefined) return lookUpUsers(people, options);
  const notSeen = () => people.filter(([email]) => !scan.users.has(email));
  if (isWorthReadingOn(scan, notSeen().length, options)) {
    const end = await readPages(notSeen(), scan, options);
    // Its page token may have run out: the look-ups that follow begin anew, and tell if that fails too.
    if (end.kind === "failed") options.scans.forget(options.accountId);
  }
  const unseen = notSeen();
  const answers = await lookUpUsers(unseen, options);
  const answerOf = new Map(unseen.map((person, position) => [person, answers[position]]));
  return people.map((person) => {
    const user = scan.users.get(person[0]);
    if (user !== undefined) return { kind: "known", userId: user.userId };
    return answerOf.get(person) ?? { kind: "failed", failure: noAnswer };
  });
}

const noAnswer: Failure = {
  class: "unknown",
  code: "NoLookUp",
  message: "the look-up gave no answer for the user",
};

/** Not where fewer look-ups than pages are left to make. */
function isWorthReadingOn(scan: Scan, missing: number, { scans, accountId }: LookUpOptions): boolean {
  if (scan.nextPageToken === undefined) return false;
  return missing > (scans.pagesOfAccount.get(accountId) ?? 1) - scan.pagesRead;
}

interface LookUpOptions extends ReadOptions {
  concurrency: number;
}

export type LookUp = Extract<UserResolution, { kind: "found" | "absent" | "failed" }>;

/**
 * Finds users by address, as the directory stands now, in the fewest calls: one ListUsers per address, or a scan of the
 * directory. The answer has one entry for each of `people`, in their order.
 *
 * How many pages a directory has is known only after a first scan, because the service has no count. Until then
 * a scan is the choice that keeps the promise "never more calls than pages"; a sole address is looked up
 * directly, since a page at least would have to be read. A scan that ended early leaves a lower bound.
 */
export function lookUpUsers(people: readonly Addresses[], options: LookUpOptions): Promise<LookUp[]> {
  const lookUps = people.reduce((sum, { length }) => sum + length, 0);
  const pages = options.scans.pagesOfAccount.get(options.accountId) ?? 1;
  return lookUps <= pages
    ? pMap(people, (person) => lookUpOne(person, options), { concurrency: options.concurrency })
    : scanAnew(people, options);
}

async function lookUpOne(
  addresses: Addresses,
  { directory, accountId, budget }: LookUpOptions,
): Promise<LookUp> {
  for (const email of addresses) {
    const answer = await attempt(budget, (time) => directory.findUser(accountId, email, time));
    if (answer.kind === "failed") return answer;
    if (answer.value !== undefined) return { kind: "found", user: answer.value };
  }
  return { kind: "absent" };
}

async function scanAnew(people: readonly Addresses[], options: LookUpOptions): Promise<LookUp[]> {
  const scan = options.scans.begin(options.accountId);
  const end = await readPages(people, scan, options);
  const sole = end.kind === "oneLeft" ? await lookUpOne(end.person, options) : undefined;
  return people.map((person) => {
    const user = scan.users.get(person[0]);
    if (user !== undefined) return { kind: "found", user };
    if (end.kind === "failed") return end;
    return sole ?? byEarlierAddress(person, scan.users);
  });
}

/** Only after a whole scan: the current address goes first, as an address can pass from one person to another. */
function byEarlierAddress(addresses: Addresses, found: ReadonlyMap<string, DirectoryUser>): LookUp {
  for (const email of addresses) {
    const user = found.get(email);
    if (user !== undefined) return { kind: "found", user };
  }
  return { kind: "absent" };
}

/** Somebody to find: the current address first, then the earlier ones. Lower-case. */
export type Addresses = readonly [string, ...string[]];

interface ReadOptions {
  directory: Directory;
  accountId: string;
  budget: Budget;
  scans: ScanMemory;
}

export type ScanEnd =
  | { kind: "complete" }
  /** Not read to the end: nobody, or only this person, is still missing. */
  | { kind: "allFound" }
  | { kind: "oneLeft"; person: Addresses }
  | { kind: "failed"; failure: Failure };

/** More are not kept between invocations: some 40 MB of the function's memory. */
const mostUsersKept = 100_000;

/**
 * Reads on in a scan, noting in it whoever is seen, until nothing more is to be gained from the next page. `people` are
 * those who have not been seen yet.
 */
async function readPages(
  people: readonly Addresses[],
  scan: Scan,
  { directory, accountId, budget, scans }: ReadOptions,
): Promise<ScanEnd> {
  const wanted = new Set(people.flat());
  const missing = byCurrentAddress(people);
  for (;;) {
    const page = await attempt(budget, (time) => directory.listUsers(accountId, scan.nextPageToken, time));
    if (page.kind === "failed") return page;
    for (const user of page.value.users) {
      if (scan.users.size < mostUsersKept || wanted.has(user.email)) scan.users.set(user.email, user);
      missing.delete(user.email);
    }
    if (scan.users.size >= mostUsersKept) scans.forget(accountId);
    scan.pagesRead += 1;
    scan.nextPageToken = page.value.nextPageToken;
    if (scan.nextPageToken === undefined) {
      scans.pagesOfAccount.set(accountId, scan.pagesRead);
      return { kind: "complete" };
    }
    const known = scans.pagesOfAccount.get(accountId) ?? 0;
    scans.pagesOfAccount.set(accountId, Math.max(scan.pagesRead + 1, known));
    const [last] = missing.values();
    if (last === undefined) return { kind: "allFound" };
    if (missing.size === 1 && last.length === 1) return { kind: "oneLeft", person: last };
  }
}

/** Of people who share a current address, the one with the most earlier ones, who needs the most. */
function byCurrentAddress(people: readonly Addresses[]): Map<string, Addresses> {
  const byAddress = new Map<string, Addresses>();
  for (const person of people) {
    if (person.length > (byAddress.get(person[0])?.length ?? 0)) byAddress.set(person[0], person);
  }
  return byAddress;
}
