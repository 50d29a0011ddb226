import { expect, it } from "vitest";
import { DirectoryError } from "../../src/directory/directory.ts";
import { stopCalls } from "../../src/directory/stopCalls.ts";
import { fakeDirectory } from "./fakeDirectory.ts";

const budget = { milliseconds: 1000 };

function stopped(why: Record<string, string> = {}) {
  const directory = fakeDirectory(["team", "lwa"].map((accountId) => ({ accountId, type: "Team" as const })));
  return { directory, guarded: stopCalls(directory, async (accountId) => why[accountId]) };
}

const suspend = (accountId: string) =>
  ({ operation: "suspend", accountId, entries: [{ target: "u-1" }] }) as const;

it("starts no call of an account that is stopped, and says why", async () => {
  const { directory, guarded } = stopped({ team: "paused by an operator" });
  const calls = [
    () => guarded.getAccount("team", budget),
    () => guarded.listUsers("team", undefined, budget),
    () => guarded.findUser("team", { email: "ada@team.example" }, budget),
    () => guarded.perform(suspend("team"), budget),
  ];
  const failures = [];
  for (const call of calls)
    failures.push(await call().catch((error: unknown) => error instanceof DirectoryError && error.failure));
  const paused = { class: "transient", code: "Paused", message: "paused by an operator" };
  expect([failures, directory.calls]).toEqual([[paused, paused, paused, paused], []]);
});

it("makes every call of the others", async () => {
  const { directory, guarded } = stopped({ team: "paused by an operator" });
  await guarded.getAccount("lwa", budget);
  await guarded.listUsers("lwa", undefined, budget);
  await guarded.findUser("lwa", { email: "ada@lwa.example" }, budget);
  await guarded.perform(suspend("lwa"), budget);
  expect(directory.tally()).toEqual({ getAccount: 1, listUsers: 1, findUser: 1, suspend: 1 });
});
