import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { scanMemory } from "../../src/directory/scanMemory.ts";
import { type IdLookUp, lookUpIds } from "../../src/drain/lookUpIds.ts";
import type { Addresses } from "../../src/drain/readPages.ts";
import { type FakeDirectory, fakeDirectory } from "../directory/fakeDirectory.ts";
import { aFailure, aUser } from "./samples.ts";

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
});

function finder(directory: FakeDirectory, now = () => 0) {
  const scans = scanMemory(now);
  const budget = () => ({ milliseconds: 1000 });
  return (people: readonly Addresses[]) =>
    lookUpIds(people, { directory, accountId: "team", budget, concurrency: 2, scans });
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
