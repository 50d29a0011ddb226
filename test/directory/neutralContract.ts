import { afterEach, describe, expect, it } from "vitest";
import {
  answerOf,
  type CallEntry,
  type Directory,
  DirectoryError,
  type DirectoryUser,
  type Operation,
  type UserState,
} from "../../src/directory/directory.ts";
import { pipelineNames } from "../../src/pipelineSettings.ts";

/** A directory of any kind, with the same people in each of its accounts. */
export interface AnyDirectory {
  directory: Directory;
  /** The account of each operation: a service may have no account that can do all of them. */
  accounts: Readonly<Record<"create" | "unsuspend", string>>;
  /** How many requests have reached the service. */
  requests(): number;
  /** From now on this user's change fails, whatever it is, by no fault of the user's. */
  failUser(target: string): void;
  /** From now on every call is refused, because there are too many. */
  throttleCalls(): void;
  close(): Promise<void>;
}

/** A user to begin with, who has the license `Basic`. */
export type AnyUser = Pick<DirectoryUser, "userId" | "email"> & { state: "active" | "suspended" };

const budget = { milliseconds: 20_000 };

/** What every adapter of the port `Directory` does alike, whatever its service is. */
export function neutralContract(
  name: string,
  start: (people: readonly AnyUser[]) => Promise<AnyDirectory>,
): void {
  describe(`${name}, as every directory,`, () => {
    let world: AnyDirectory | undefined;
    const open = async (people: readonly AnyUser[] = threePeople) => {
      world = await start(people);
      return world;
    };
    afterEach(async () => {
      await world?.close();
      world = undefined;
    });

    it("has an answer to each intent about a user in each state, and can carry out what it answers", async () => {
      const { directory, accounts } = await open();
      for (const accountId of new Set(Object.values(accounts))) {
        const account = await directory.getAccount(accountId, budget);
        const answers = pipelineNames.flatMap((intent) =>
          states.map((state) => answerOf(account, intent, state)),
        );
        const calls = answers.flatMap((answer) => (answer.kind === "call" ? [answer.operation] : []));
        expect([account.accountId, calls.filter((operation) => account.limits[operation] < 1)]).toEqual([
          accountId,
          [],
        ]);
      }
    });

    it.each([0, 1, 401])("shows %i users once, page by page, in one order", async (count) => {
      const people = Array.from({ length: count }, (_, index) => user(`user-${index}`, "active"));
      const { directory, accounts } = await open(people);
      const shown = await readAll(directory, accounts.unsuspend);
      expect(shown.map(({ userId, email, state }) => ({ userId, email, state }))).toEqual(people);
    });

    it("finds a user by address whatever its case, and nobody by a part of one", async () => {
      const { directory, accounts } = await open();
      const emails = ["Ada@EXAMPLE.com", "alan@example.com", "ada@example.co", "nobody@example.com"];
      const found = await Promise.all(
        emails.map((email) => directory.findUser(accounts.unsuspend, { email }, budget)),
      );
      expect(found.map((one) => one && `${one.userId} ${one.state} ${one.type}`)).toEqual([
        "ada active person",
        "alan suspended person",
        undefined,
        undefined,
      ]);
    });

    it.each([
      {
        title: "suspends, also who is suspended already, and names who is unknown",
        operation: "suspend",
        entries: ["ada", "nobody", "alan"],
        results: ["ada done", "nobody noSuchUser", "alan done"],
        after: ["ada suspended", "grace active", "alan suspended"],
      },
      {
        title: "lets in again, ignores who is not suspended, and names who is unknown",
        operation: "unsuspend",
        entries: ["alan", "ada", "nobody"],
        results: ["alan done", "ada done", "nobody noSuchUser"],
        after: ["ada active", "grace active", "alan active"],
      },
    ] as const)("$title", async ({ operation, entries, results, after }) => {
      const { directory, accounts } = await open();
      const targets = entries.map((target) => ({ target }));
      expect(await performAll(directory, accounts.unsuspend, operation, targets)).toEqual(results);
      const users = await readAll(directory, accounts.unsuspend);
      expect(users.map(({ userId, state }) => `${userId} ${state}`)).toEqual(after);
    });

    it("creates who is unknown, lets in who is suspended, leaves who is there, and answers by the address it was given", async () => {
      const { directory, accounts } = await open();
      const emails = ["New@example.com", "alan@example.com", "ada@example.com"];
      const words = await performAll(
        directory,
        accounts.create,
        "create",
        emails.map((target) => ({ target })),
      );
      const users = await readAll(directory, accounts.create);
      const active = users.filter(({ state }) => state !== "suspended").map(({ email }) => email);
      expect([words, active]).toEqual([
        emails.map((email) => `${email} done`),
        ["ada@example.com", "grace@example.com", "alan@example.com", "new@example.com"],
      ]);
    });

    it("changes a license, and nothing else of the user", async () => {
      const { directory, accounts } = await open();
      const entries = [
        { target: "ada", license: "Pro" },
        { target: "alan", license: "Pro" },
      ];
      expect(await performAll(directory, accounts.unsuspend, "setLicense", entries)).toEqual([
        "ada done",
        "alan done",
      ]);
      const users = await readAll(directory, accounts.unsuspend);
      expect(users.map(({ userId, state, license }) => `${userId} ${state} ${license}`)).toEqual([
        "ada active Pro",
        "grace active Basic",
        "alan suspended Pro",
      ]);
    });

    it("leaves the others of a call alone where one user fails", async () => {
      const { directory, accounts, failUser } = await open();
      failUser("ada");
      const targets = [{ target: "ada" }, { target: "grace" }];
      const words = await performAll(directory, accounts.unsuspend, "suspend", targets);
      const users = await readAll(directory, accounts.unsuspend);
      expect([words[0] === "ada done", words[1], users.map(({ state }) => state)]).toEqual([
        false,
        "grace done",
        ["active", "suspended", "suspended"],
      ]);
    });

    it("throws a call that is throttled as a whole, with its class", async () => {
      const { directory, accounts, throttleCalls } = await open();
      throttleCalls();
      const call = {
        operation: "create",
        accountId: accounts.create,
        entries: [{ target: "new@example.com" }],
      } as const;
      const failure = await directory.perform(call, budget).catch((error: unknown) => error);
      expect(failure instanceof DirectoryError && failure.failure.class).toBe("throttled");
    });

    it.each([
      { fault: "nobody", entries: [] },
      { fault: "a user twice", entries: [{ target: "ada" }, { target: "ada" }] },
      { fault: "a blank user", entries: [{ target: " " }] },
    ])("refuses a call with $fault before it is sent", async ({ entries }) => {
      const { directory, accounts, requests } = await open();
      const call = { operation: "suspend", accountId: accounts.unsuspend, entries } as const;
      await expect(directory.perform(call, budget)).rejects.toThrow(RangeError);
      expect(requests()).toBe(0);
    });

    it("refuses a call of more users than it ever takes, and a license change to nothing", async () => {
      const { directory, accounts } = await open();
      const accountId = accounts.unsuspend;
      const tooMany = Array.from({ length: 1001 }, (_, index) => ({ target: `user-${index}` }));
      const calls = [
        { operation: "suspend", accountId, entries: tooMany },
        { operation: "setLicense", accountId, entries: [{ target: "ada" }] },
      ] as const;
      for (const call of calls) await expect(directory.perform(call, budget)).rejects.toThrow(RangeError);
    });
  });
}

const states: readonly (UserState | "remembered")[] = [
  "absent",
  "invited",
  "lapsed",
  "active",
  "suspended",
  "remembered",
];

const threePeople = [user("ada", "active"), user("grace", "active"), user("alan", "suspended")];

function user(userId: string, state: AnyUser["state"]): AnyUser {
  return { userId, email: `${userId}@example.com`, state };
}

/** Makes as many calls as the limit asks for, as a plan would. */
async function performAll(
  directory: Directory,
  accountId: string,
  operation: Operation,
  entries: readonly CallEntry[],
): Promise<string[]> {
  const { limits } = await directory.getAccount(accountId, budget);
  const words: string[] = [];
  for (let start = 0; start < entries.length; start += limits[operation]) {
    const part = entries.slice(start, start + limits[operation]);
    const answer = await directory.perform({ operation, accountId, entries: part }, budget).catch(failureOf);
    for (const { target } of part) words.push(`${target} ${toWord(answer, target)}`);
  }
  return words;
}

type Answer = Awaited<ReturnType<Directory["perform"]>> | DirectoryError;

function failureOf(error: unknown): DirectoryError {
  if (error instanceof DirectoryError) return error;
  throw error;
}

function toWord(answer: Answer, target: string): string {
  if (answer instanceof DirectoryError) return answer.failure.class;
  const result = answer.results.get(target);
  return result?.kind === "failed" ? result.failure.class : (result?.kind ?? "left out");
}

async function readAll(directory: Directory, accountId: string): Promise<DirectoryUser[]> {
  const users: DirectoryUser[] = [];
  let pageToken: string | undefined;
  do {
    const page = await directory.listUsers(accountId, pageToken, budget);
    users.push(...page.users);
    pageToken = page.nextPageToken;
  } while (pageToken !== undefined);
  return users;
}
