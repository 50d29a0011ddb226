import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  type Directory,
  type DirectoryCall,
  DirectoryError,
  type DirectoryUser,
  type StateAnswer,
} from "../../src/directory/directory.ts";
import { accountCases, effects, impossibleCalls, targets } from "./directoryCases.ts";
import type { FakeAccount } from "./fakeAccounts.ts";

/** A directory of one kind with accounts in it, and what the contract has to do behind the port's back. */
export interface DirectoryWorld {
  directory: Directory;
  /** How many requests have reached the service. */
  requests(): number;
  /** From now on this user's entry fails in every call. */
  throttleUser(target: string): void;
  /** From now on every call fails as a whole. */
  throttleCalls(): void;
  close(): Promise<void>;
}

const budget = { milliseconds: 10_000 };

/** The contract that every adapter of the port `Directory` keeps, so that other tests may use the fake. */
export function directoryContract(
  name: string,
  start: (accounts: readonly FakeAccount[]) => Promise<DirectoryWorld>,
): void {
  describe(`${name} keeps the contract of a directory:`, () => {
    let world: DirectoryWorld;
    let directory: Directory;
    beforeEach(async () => {
      world = await start(accounts);
      directory = world.directory;
    });
    afterEach(() => world.close());

    it.each(accountCases)("an account has a capability for each intent: $type", async ({ type, ...rest }) => {
      const account = await directory.getAccount(rest.accountId, budget);
      const capabilities = Object.values(account.capabilities).map(({ remembered }) => toWord(remembered));
      expect({ ...account, capabilities }).toEqual({
        type,
        ...rest,
      });
    });

    it("an account that the service keeps suspended says so, and its users cannot be had", async () => {
      const { active } = await directory.getAccount("closed", budget);
      const failures = await failuresOf([
        directory.listUsers("closed", undefined, budget),
        directory.findUser("closed", { email: "ada@team.example" }, budget),
        directory.perform(suspend("closed", "ada"), budget),
      ]);
      expect({ active, failures }).toEqual({
        active: false,
        failures: Array(3).fill("configuration ForbiddenException"),
      });
    });

    it("an account that does not exist fails every method, and blames no user", async () => {
      const failures = await failuresOf([
        directory.getAccount("nowhere", budget),
        directory.listUsers("nowhere", undefined, budget),
        directory.findUser("nowhere", { email: "ada@team.example" }, budget),
        directory.perform(suspend("nowhere", "ada"), budget),
      ]);
      expect(failures).toEqual(Array(4).fill("configuration NotFoundException"));
    });

    it.each([
      { accountId: "empty", pages: [0] },
      { accountId: "twoFullPages", pages: [200, 200] },
      { accountId: "threePages", pages: [200, 200, 1] },
    ])("the pages of account $accountId hold everybody once, in one order", async ({ accountId, pages }) => {
      const read = await readPages(directory, accountId);
      expect(read.map((page) => page.length)).toEqual(pages);
      expect(read.flat()).toEqual(accounts.find((account) => account.accountId === accountId)?.users ?? []);
    });

    it("a user is found by address whatever its case, and nobody by a part of one", async () => {
      const found = await Promise.all(
        ["Ada@TEAM.example", "ada@team.exampl", "nobody@team.example"].map((email) =>
          directory.findUser("team", { email }, budget),
        ),
      );
      expect(found).toEqual([user("ada", "team.example", "active"), undefined, undefined]);
    });

    it("of several users of one address the one who is not suspended is found, in whatever order they came", async () => {
      const found = await Promise.all(
        ["first@shared.example", "last@shared.example", "gone@shared.example"].map((email) =>
          directory.findUser("shared", { email }, budget),
        ),
      );
      expect(found.map((one) => one?.userId)).toEqual(["first-active", "last-active", "gone-1"]);
    });

    it("two active users of one address are nobody's: that is told", async () => {
      const failures = await failuresOf([
        directory.findUser("shared", { email: "both@shared.example" }, budget),
      ]);
      expect(failures).toEqual(["permanent AddressShared"]);
    });

    it("a user is found by address however many there are", async () => {
      const found = await directory.findUser("threePages", { email: "user-400@crowd.example" }, budget);
      expect(found).toEqual(user("user-400", "crowd.example", "active"));
    });

    it.each(effects)("$title", async ({ operation, accountId, entries, results, after }) => {
      const answer = await directory.perform({ operation, accountId, entries }, budget);
      expect([...answer.results].map(toLine)).toEqual(results);
      const users = (await readPages(directory, accountId)).flat();
      expect(users.map(({ email, state, license }) => `${email} ${state} ${license}`)).toEqual(after);
      expect(typeof answer.requestId).toBe("string");
    });

    it.each(["signOut", "resetPin"] as const)(
      "%s is done to one user a call, also to one who is suspended, and names who is unknown",
      async (operation) => {
        const calls = ["ada", "alan", "nobody"].map((target) => ({
          operation,
          accountId: "team",
          entries: targets(target),
        }));
        const answers = await Promise.all(calls.map((call) => directory.perform(call, budget)));
        expect(answers.flatMap(({ results }) => [...results].map(toLine))).toEqual([
          "ada done",
          "alan done",
          "nobody noSuchUser NotFoundException",
        ]);
      },
    );

    it("an account names its post-suspension actions", async () => {
      const read = await Promise.all(["team", "lwa"].map((id) => directory.getAccount(id, budget)));
      expect(read.map(({ postSuspensionActions }) => postSuspensionActions)).toEqual([
        ["signOut", "resetPin"],
        ["resetPin"],
      ]);
    });

    it.each([
      { operation: "unsuspend", accountId: "team", entries: [{ target: "alan" }] },
      { operation: "create", accountId: "lwa", entries: [{ target: "new@lwa.example" }] },
    ] as const)(
      "$operation on an account that has no such call fails as a whole and changes nobody",
      async (call) => {
        const before = await readPages(directory, call.accountId);
        const failures = await failuresOf([directory.perform(call, budget)]);
        expect(failures).toEqual(["invalidCall BadRequestException"]);
        expect(await readPages(directory, call.accountId)).toEqual(before);
      },
    );

    it.each(impossibleCalls)("a call with $fault is refused before it is sent", async ({ call, message }) => {
      await expect(directory.perform(call, budget)).rejects.toThrow(new RangeError(message));
      expect(world.requests()).toBe(0);
    });

    it("a user who fails leaves the others of the call alone", async () => {
      world.throttleUser("ada");
      const answer = await directory.perform(suspend("team", "ada", "grace"), budget);
      expect([...answer.results].map(toLine)).toEqual(["ada throttled Throttled", "grace done"]);
      const users = (await readPages(directory, "team")).flat();
      expect(users.map(({ state }) => state)).toEqual(["active", "suspended", "suspended", "invited"]);
    });

    it("a call that fails as a whole is thrown with its class", async () => {
      world.throttleCalls();
      const failures = await failuresOf([
        directory.perform(
          { operation: "create", accountId: "team", entries: [{ target: "a@b.example" }] },
          budget,
        ),
      ]);
      expect(failures).toEqual(["throttled ThrottledClientException"]);
    });
  });
}

const accounts: readonly FakeAccount[] = [
  { accountId: "team", type: "Team", users: people("team.example") },
  { accountId: "lwa", type: "EnterpriseLWA", users: people("lwa.example") },
  { accountId: "managed", type: "EnterpriseDirectory", licenses: ["Pro"], defaultLicense: "Pro" },
  { accountId: "closed", type: "Team", active: false, users: people("closed.example") },
  { accountId: "empty", type: "Team" },
  {
    accountId: "shared",
    type: "Team",
    users: [
      sharing("first", "active", "active"),
      sharing("first", "old", "suspended"),
      sharing("last", "old", "suspended"),
      sharing("last", "active", "invited"),
      sharing("gone", "1", "suspended"),
      sharing("gone", "2", "suspended"),
      sharing("both", "1", "active"),
      sharing("both", "2", "invited"),
    ],
  },
  { accountId: "twoFullPages", type: "EnterpriseLWA", users: crowd(400) },
  { accountId: "threePages", type: "EnterpriseLWA", users: crowd(401) },
];

function people(domain: string): DirectoryUser[] {
  return [
    user("ada", domain, "active"),
    user("grace", domain, "active"),
    user("alan", domain, "suspended"),
    user("joan", domain, "invited"),
  ];
}

function crowd(size: number): DirectoryUser[] {
  return Array.from({ length: size }, (_, index) => user(`user-${index}`, "crowd.example", "active"));
}

function user(userId: string, domain: string, state: DirectoryUser["state"]): DirectoryUser {
  return { userId, email: `${userId}@${domain}`, state, license: "Basic", type: "person" };
}

function sharing(name: string, which: string, state: DirectoryUser["state"]): DirectoryUser {
  return { ...user(name, "shared.example", state), userId: `${name}-${which}` };
}

function toWord(answer: StateAnswer): string {
  if (answer.kind === "call") return answer.operation;
  return answer.kind === "reject" ? answer.code : answer.kind;
}

function suspend(accountId: string, ...userIds: string[]): DirectoryCall {
  return { operation: "suspend", accountId, entries: targets(...userIds) };
}

async function readPages(directory: Directory, accountId: string): Promise<(readonly DirectoryUser[])[]> {
  const pages: (readonly DirectoryUser[])[] = [];
  let pageToken: string | undefined;
  do {
    const page = await directory.listUsers(accountId, pageToken, budget);
    pages.push(page.users);
    pageToken = page.nextPageToken;
  } while (pageToken !== undefined);
  return pages;
}

/** The class and the code of each failure. */
async function failuresOf(calls: readonly Promise<unknown>[]): Promise<string[]> {
  const settled = await Promise.allSettled(calls);
  return settled.map((result) => {
    if (result.status === "fulfilled") return `expected a failure, got ${JSON.stringify(result.value)}`;
    if (!(result.reason instanceof DirectoryError)) return `expected a DirectoryError, got ${result.reason}`;
    return `${result.reason.failure.class} ${result.reason.failure.code}`;
  });
}

function toLine([target, result]: [
  string,
  { kind: "done" } | { kind: "failed"; failure: { class: string; code: string } },
]) {
  return result.kind === "done"
    ? `${target} done`
    : `${target} ${result.failure.class} ${result.failure.code}`;
}
