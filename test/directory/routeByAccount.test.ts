import { describe, expect, it } from "vitest";
import { DirectoryError } from "../../src/directory/directory.ts";
import { routeByAccount } from "../../src/directory/routeByAccount.ts";
import { directoryContract } from "./directoryContract.ts";
import { fakeDirectory } from "./fakeDirectory.ts";

const budget = { milliseconds: 1000 };
const suspend = (accountId: string) =>
  ({ operation: "suspend", accountId, entries: [{ target: "u-1" }] }) as const;

describe("routeByAccount", () => {
  it("makes each call at the directory that has the account, and at no other", async () => {
    const one = fakeDirectory([{ accountId: "one", type: "Team" }]);
    const other = fakeDirectory([{ accountId: "other", type: "EnterpriseLWA" }]);
    const router = routeByAccount((accountId) => ({ one, other })[accountId]);
    const types = [
      (await router.getAccount("one", budget)).type,
      (await router.getAccount("other", budget)).type,
    ];
    await router.listUsers("other", undefined, budget);
    await router.findUser("one", { email: "ada@team.example" }, budget);
    await router.perform(suspend("other"), budget);
    expect([types, one.tally(), other.tally()]).toEqual([
      ["Team", "EnterpriseLWA"],
      { getAccount: 1, findUser: 1 },
      { getAccount: 1, listUsers: 1, suspend: 1 },
    ]);
  });

  it("fails every method of an account that the policy does not have, and blames no user", async () => {
    const router = routeByAccount(() => undefined);
    const calls = [
      router.getAccount("gone", budget),
      router.listUsers("gone", undefined, budget),
      router.findUser("gone", { email: "ada@team.example" }, budget),
      router.perform(suspend("gone"), budget),
    ];
    const errors = await Promise.all(calls.map((call) => call.catch((error: unknown) => error)));
    const failures = errors.map((error) => error instanceof DirectoryError && error.failure);
    const failure = {
      class: "configuration",
      code: "UnknownAccount",
      message: "the policy has no account gone, so that no directory is known for it",
    };
    expect(failures).toEqual([failure, failure, failure, failure]);
  });
});

directoryContract("the router over one directory", async (accounts) => {
  const fake = fakeDirectory(accounts);
  return {
    directory: routeByAccount(() => fake),
    requests: () => fake.calls.length,
    throttleUser: (target) => {
      fake.faults.target = (candidate) =>
        candidate === target ? { class: "throttled", code: "Throttled", message: "slow down" } : undefined;
    },
    throttleCalls: () => {
      fake.faults.call = () => ({
        class: "throttled",
        code: "ThrottledClientException",
        message: "slow down",
      });
    },
    close: async () => {},
  };
});
