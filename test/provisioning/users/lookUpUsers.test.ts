import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { DirectoryUser } from "../../../src/directory/directory.ts";
import { type ScanMemory, scanMemory } from "../../../src/directory/directoryCache.ts";
import {
  type Addresses,
  type IdLookUp,
  type LookUp,
  lookUpIds,
  lookUpUsers,
  type Sought,
} from "../../../src/provisioning/users/lookUpUsers.ts";
import { type FakeDirectory, fakeDirectory } from "../../directory/fakeDirectory.ts";
import { aFailure, aUser } from "../samples.ts";

describe("lookUpIds", () => {
  it("reads a directory once for all the batches of a rush", async () => {
    const directory = directoryOf(range(0, 1000));
    const find = finder(directory);
    const words = [];
    for (let batch = 0; batch < 10; batch += 1) {
      const answers = await find(range(batch * 100, (batch + 1) * 100).map(toAddresses));
      words.push(...answers.map(toWord));
    }
    expect([words, directory.tally()]).toEqual([range(0, 1000).map((n) => `user-${n}`), { listUsers: 5 }]);
  });

  it("looks whoever the scan did not show up anew, who may have come since", async () => {
    const directory = directoryOf(range(0, 3));
    const find = finder(directory);
    await find(range(0, 4).map(toAddresses));
    const answers = await find([toAddresses(0), toAddresses(7)]);
    expect([answers.map(toWord), directory.tally()]).toEqual([
      ["user-0", "absent"],
      { listUsers: 1, findUser: 1 },
    ]);
  });

  it("asks the directory again after a minute", async () => {
    let now = 0;
    const directory = directoryOf(range(0, 3));
    const find = finder(directory, () => now);
    await find(range(0, 2).map(toAddresses));
    now = 60_000;
    await find(range(0, 2).map(toAddresses));
    expect(directory.tally()).toEqual({ listUsers: 2 });
  });

  it("does not take somebody's earlier address for theirs, when the scan has not been read to its end", async () => {
    const find = finder(directoryOf(range(0, 300)));
    await find([toAddresses(0), toAddresses(1)]);
    const answers = await find([["user-250@example.com", "user-0@example.com"]]);
    expect(answers.map(toWord)).toEqual(["user-250"]);
  });

  it("tries once only to read on where the service will not", async () => {
    const directory = directoryOf(range(0, 1000));
    const find = finder(directory);
    await find(range(0, 2).map(toAddresses));
    directory.faults.call = ({ operation }) => (operation === "listUsers" ? aFailure("unknown") : undefined);
    const answers = [
      ...(await find([500, 501].map(toAddresses))),
      ...(await find([502, 503].map(toAddresses))),
    ];
    expect([answers.map(toWord), directory.tally()]).toEqual([
      ["user-500", "user-501", "user-502", "user-503"],
      { listUsers: 2, findUser: 4 },
    ]);
  });

  it("finds the right ids in whatever batches they are asked for, in no more calls than pages and unknown ones", async () => {
    const batches = fc.array(fc.array(fc.integer({ min: 0, max: 450 }), { minLength: 1, maxLength: 30 }), {
      maxLength: 8,
    });
    await fc.assert(
      fc.asyncProperty(batches, fc.integer({ min: 0, max: 450 }), async (numbers, size) => {
        const directory = directoryOf(range(0, size));
        const find = finder(directory);
        for (const batch of numbers) {
          const answers = await find(batch.map(toAddresses));
          expect(answers.map(toWord)).toEqual(batch.map((n) => (n < size ? `user-${n}` : "absent")));
        }
        if (numbers.flat().some((n) => n >= size)) return;
        const { listUsers = 0, findUser = 0 } = directory.tally();
        const pages = Math.max(1, Math.ceil(size / 200));
        expect(listUsers).toBeLessThanOrEqual(pages);
        expect(findUser).toBeLessThanOrEqual(numbers.length * pages);
      }),
    );
  });

  function finder(directory: FakeDirectory, now = () => 0) {
    const scans = scanMemory(now);
    const budget = () => ({ milliseconds: 1000 });
    return (people: readonly Addresses[]) =>
      lookUpIds(people.map(toSought), { directory, accountId: "team", budget, concurrency: 2, scans });
  }

  function directoryOf(numbers: readonly number[]): FakeDirectory {
    const users = numbers.map((n) => aUser({ userId: `user-${n}`, email: `user-${n}@example.com` }));
    return fakeDirectory([{ accountId: "team", type: "Team", users }]);
  }

  function range(from: number, to: number): number[] {
    return Array.from({ length: to - from }, (_, index) => from + index);
  }

  function toAddresses(number: number): Addresses {
    return [`user-${number}@example.com`];
  }

  function toWord(answer: IdLookUp): string {
    if (answer.kind === "known") return answer.userId;
    return answer.kind === "found" ? answer.user.userId : answer.kind;
  }
});

describe("lookUpUsers", () => {
  const pageSize = 200;

  it.each([
    ["before", "on one page", 0],
    ["after", "on one page", 1],
    ["after", "many pages later", 600],
  ])(
    "finds the active user of an address, who comes %s the suspended one, %s",
    async (order, _, distance) => {
      const users = crowd(700);
      const [old, active] = order === "before" ? [1, 0] : [0, Math.max(1, distance)];
      users[old] = aUser({ userId: "old", email: "shared@example.com", state: "suspended" });
      users[active] = aUser({ userId: "active", email: "shared@example.com" });
      const people: Addresses[] = [["shared@example.com"], ["user-5@example.com"]];
      const { answers } = await lookUp(directoryOf(users), people);
      expect(answers.map(toWord)).toEqual(["active", "user-5"]);
    },
  );

  it("finds nobody whose address two active users have, and says so", async () => {
    const users = [...crowd(3), aUser({ userId: "other", email: "user-1@example.com" })];
    const people: Addresses[] = [["user-1@example.com"], ["user-2@example.com"]];
    const { answers } = await lookUp(directoryOf(users), people);
    const sole = await lookUp(directoryOf(users), [["user-1@example.com"]]);
    expect(
      [...answers, ...sole.answers].map((one) => (one.kind === "failed" ? one.failure.code : toWord(one))),
    ).toEqual(["AddressShared", "user-2", "AddressShared"]);
  });

  it("asks for nobody if nobody is wanted", async () => {
    expect(await lookUp(directoryOf(crowd(3)), [])).toEqual({ answers: [], calls: {} });
  });

  it("asks for a sole address at once, however large the directory may be", async () => {
    const { answers, calls } = await lookUp(directoryOf(crowd(1000)), [["user-999@example.com"]]);
    expect([answers.map(toWord), calls]).toEqual([["user-999"], { findUser: 1 }]);
  });

  it("reads a small directory instead of asking for each", async () => {
    const people: Addresses[] = [["user-0@example.com"], ["nobody@example.com"], ["user-2@example.com"]];
    const { answers, calls } = await lookUp(directoryOf(crowd(3)), people);
    expect([answers.map(toWord), calls]).toEqual([["user-0", "absent", "user-2"], { listUsers: 1 }]);
  });

  it("reads no further than to the page on which the last one stands", async () => {
    const people: Addresses[] = [["user-0@example.com"], ["user-250@example.com"], ["user-251@example.com"]];
    const { answers, calls } = await lookUp(directoryOf(crowd(1000)), people);
    expect([answers.map(toWord), calls]).toEqual([["user-0", "user-250", "user-251"], { listUsers: 2 }]);
  });

  it("asks for the last one who is missing, rather than read on", async () => {
    const people: Addresses[] = [["user-0@example.com"], ["user-999@example.com"]];
    const { answers, calls } = await lookUp(directoryOf(crowd(1000)), people);
    expect([answers.map(toWord), calls]).toEqual([["user-0", "user-999"], { listUsers: 1, findUser: 1 }]);
  });

  it("asks for each, once it knows that the directory has more pages than there are addresses", async () => {
    const pagesOfAccount = new Map<string, number>();
    const directory = directoryOf(crowd(1000));
    await lookUp(directory, [["user-0@example.com"], ["user-999@example.com"], ["nobody@example.com"]], {
      pagesOfAccount,
    });
    const before = directory.tally();
    const people: Addresses[] = [["user-7@example.com", "user-8@example.com"], ["user-999@example.com"]];
    const { answers } = await lookUp(directory, people, { pagesOfAccount });
    expect([before, answers.map(toWord), directory.tally(), pagesOfAccount.get("team")]).toEqual([
      { listUsers: 5 },
      ["user-7", "user-999"],
      { listUsers: 5, findUser: 2 },
      5,
    ]);
  });

  it("remembers of a scan that ended early how many pages there are at least", async () => {
    const pagesOfAccount = new Map<string, number>();
    const directory = directoryOf(crowd(1000));
    await lookUp(directory, [["user-0@example.com"], ["user-250@example.com"]], { pagesOfAccount });
    expect(pagesOfAccount.get("team")).toBe(2);
    pagesOfAccount.set("team", 5);
    await lookUp(directory, crowd(9).map(toAddresses), { pagesOfAccount });
    expect(pagesOfAccount.get("team")).toBe(5);
  });

  it("notices that a directory has become smaller", async () => {
    const pagesOfAccount = new Map([["team", 5]]);
    const people: Addresses[] = [...crowd(8), aUser({ email: "nobody@example.com" })].map(toAddresses);
    await lookUp(directoryOf(crowd(8)), people, { pagesOfAccount });
    expect(pagesOfAccount.get("team")).toBe(1);
  });

  it("finds the current address before an earlier one, which may have passed to somebody else", async () => {
    const [a, b] = [
      aUser({ userId: "a", email: "a@example.com" }),
      aUser({ userId: "b", email: "b@example.com" }),
    ];
    const people: Addresses[] = [
      ["a@example.com", "b@example.com"],
      ["c@example.com", "b@example.com"],
    ];
    const { answers } = await lookUp(directoryOf([b, a]), people);
    expect(answers.map(toWord)).toEqual(["a", "b"]);
  });

  it("finds by their earlier addresses all who share a current one", async () => {
    const people: Addresses[] = [["new@example.com", "user-399@example.com"], ["new@example.com"]];
    const { answers } = await lookUp(directoryOf(crowd(400)), people);
    expect(answers.map(toWord)).toEqual(["user-399", "absent"]);
  });

  it("serves whom it has found before a page fails, and nobody else", async () => {
    const directory = directoryOf(crowd(500));
    directory.faults.call = (request) =>
      request.operation === "listUsers" && request.pageToken === "200" ? aFailure("transient") : undefined;
    const people: Addresses[] = [
      ["user-0@example.com"],
      ["user-300@example.com", "user-1@example.com"],
      ["nobody@example.com"],
    ];
    const { answers } = await lookUp(directory, people);
    expect(answers.map(toWord)).toEqual(["user-0", "failed Code", "failed Code"]);
  });

  it("fails only the person whose address could not be asked for", async () => {
    const directory = directoryOf(crowd(1000));
    directory.faults.call = (request) =>
      request.operation === "findUser" && request.email === "user-1@example.com"
        ? aFailure("throttled")
        : undefined;
    const people: Addresses[] = [
      ["user-0@example.com", "user-1@example.com"],
      ["nobody@example.com", "user-1@example.com"],
    ];
    const { answers } = await lookUp(directory, people, { pagesOfAccount: new Map([["team", 5]]) });
    expect(answers.map(toWord)).toEqual(["user-0", "failed Code"]);
  });

  it("starts nothing for which there is no time", async () => {
    const people: Addresses[] = [["user-0@example.com"], ["user-1@example.com"]];
    const { answers, calls } = await lookUp(directoryOf(crowd(1000)), people, { budget: () => undefined });
    expect([answers.map(toWord), calls]).toEqual([["failed OutOfTime", "failed OutOfTime"], {}]);
  });

  it("finds what one look-up after the other would find, in no more calls than pages or addresses", async () => {
    await fc.assert(
      fc.asyncProperty(directorySize, fc.array(person, { maxLength: 12 }), async (size, people) => {
        const users = crowd(size);
        const pages = Math.max(1, Math.ceil(size / pageSize));
        const cold = await lookUp(directoryOf(users), people);
        expect(cold.answers.map(toWord)).toEqual(people.map((addresses) => naively(users, addresses)));
        expect(count(cold.calls)).toBeLessThanOrEqual(pages);

        const warm = await lookUp(directoryOf(users), people, {
          pagesOfAccount: new Map([["team", pages]]),
        });
        expect(warm.answers).toEqual(cold.answers);
        expect(count(warm.calls)).toBeLessThanOrEqual(Math.min(people.flat().length, pages));
      }),
    );
  });

  interface Options {
    pagesOfAccount?: ScanMemory["pagesOfAccount"];
    budget?: Parameters<typeof lookUpUsers>[1]["budget"];
  }

  async function lookUp(
    directory: FakeDirectory,
    people: readonly Addresses[],
    { pagesOfAccount = new Map(), ...options }: Options = {},
  ) {
    const answers = await lookUpUsers(people.map(toSought), {
      directory,
      accountId: "team",
      budget: () => ({ milliseconds: 1000 }),
      concurrency: 2,
      scans: { ...scanMemory(() => 0), pagesOfAccount },
      ...options,
    });
    return { answers, calls: directory.tally() };
  }

  function directoryOf(users: readonly DirectoryUser[]): FakeDirectory {
    return fakeDirectory([{ accountId: "team", type: "Team", users }]);
  }

  function crowd(size: number): DirectoryUser[] {
    return Array.from({ length: size }, (_, index) =>
      aUser({ userId: `user-${index}`, email: `user-${index}@example.com` }),
    );
  }

  function toAddresses({ email }: DirectoryUser): Addresses {
    return [email];
  }

  /** The user's id, or what became of the look-up instead. */
  function toWord(answer: LookUp): string {
    if (answer.kind === "found") return answer.user.userId;
    return answer.kind === "failed" ? `failed ${answer.failure.code}` : answer.kind;
  }

  function naively(users: readonly DirectoryUser[], addresses: Addresses): string {
    const found = addresses.map((address) => users.find(({ email }) => email === address));
    return found.find((user) => user !== undefined)?.userId ?? "absent";
  }

  function count(calls: Partial<Record<string, number>>): number {
    return Object.values(calls).reduce<number>((sum, number = 0) => sum + number, 0);
  }

  const directorySize = fc.oneof(
    fc.constantFrom(0, 1, 199, 200, 201, 400, 401),
    fc.integer({ min: 0, max: 900 }),
  );
  /** Some are there, some are not, some share an address. */
  const address = fc
    .oneof(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 1000 }))
    .map((number) => `user-${number}@example.com`);
  const person: fc.Arbitrary<Addresses> = fc
    .tuple(address, fc.oneof(fc.constant([]), fc.array(address, { maxLength: 2 })))
    .map(([current, earlier]) => [current, ...earlier]);
});

describe("users of a service that keeps HR's ids", () => {
  const renamed = aUser({ userId: "u-ada", email: "ada.old@example.com", externalId: "p-ada" });
  const successor = aUser({ userId: "u-eve", email: "ada@example.com", externalId: "p-eve" });
  const others = [aUser({ userId: "u-bob", email: "bob@example.com", externalId: "p-bob" })];
  const ada: Sought = { addresses: ["ada@example.com"], externalId: "p-ada" };
  const bob: Sought = { addresses: ["bob@example.com"], externalId: "p-bob" };

  function world(users: readonly DirectoryUser[]) {
    const directory = fakeDirectory([{ accountId: "team", type: "Team", users, knowsIds: true }]);
    const budget = () => ({ milliseconds: 1000 });
    const options = { directory, accountId: "team", budget, concurrency: 2, scans: scanMemory(() => 0) };
    return { directory, options };
  }

  const idOf = (answer: IdLookUp) =>
    answer.kind === "found" ? answer.user.userId : answer.kind === "known" ? answer.userId : answer.kind;

  it.each([
    { way: "one by one", people: [ada], calls: { findUser: 1 } },
    { way: "in a scan", people: [ada, bob], calls: { listUsers: 1 } },
  ])("are found by HR's id, though somebody else has the address today: $way", async ({ people, calls }) => {
    const { directory, options } = world([successor, renamed, ...others]);
    const [first] = await lookUpUsers(people, options);
    expect([first && idOf(first), directory.tally()]).toEqual(["u-ada", calls]);
  });

  it("are found by HR's id in the scan of a moment ago", async () => {
    const { directory, options } = world([successor, renamed, ...others]);
    await lookUpIds([ada, bob], options);
    const again = await lookUpIds([ada], options);
    expect([again.map(idOf), directory.tally()]).toEqual([["u-ada"], { listUsers: 1 }]);
  });

  it("are found by HR's id where the service has replaced the address of whom it suspended", async () => {
    const hidden = aUser({
      userId: "u-ada",
      email: "5f2a@hidden.example",
      externalId: "p-ada",
      state: "suspended",
    });
    const { options } = world([hidden, ...others]);
    const answers = await lookUpUsers([ada, bob], options);
    expect(answers.map(idOf)).toEqual(["u-ada", "u-bob"]);
  });

  it("are found by address where two active ones have one id of HR", async () => {
    const twin = aUser({ userId: "u-twin", email: "twin@example.com", externalId: "p-ada" });
    const current = aUser({ userId: "u-now", email: "ada@example.com", externalId: "p-ada" });
    const { options } = world([twin, current, renamed, ...others]);
    const answers = await lookUpUsers([ada, bob], options);
    expect(answers.map(idOf)).toEqual(["u-now", "u-bob"]);
  });
});

function toSought(addresses: Addresses): Sought {
  return { addresses };
}
