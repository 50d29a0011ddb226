import { describe, expect, it } from "vitest";
import { watchCalls } from "../../src/directory/watchCalls.ts";
import { directoryContract } from "./directoryContract.ts";
import { type Faults, fakeDirectory } from "./fakeDirectory.ts";

const budget = { milliseconds: 1000 };
const refused = { class: "configuration", code: "ForbiddenException", message: "no" } as const;
const throttled = { class: "throttled", code: "Throttled", message: "slow down" } as const;

function watchedTeam(faults: Faults = {}, isActive = true) {
  const active = { state: "active", license: "Basic", type: "person" } as const;
  const users = ["u1", "u2"].map((userId) => ({ userId, email: `${userId}@team.example`, ...active }));
  return watchCalls(fakeDirectory([{ accountId: "team", type: "Team", active: isActive, users }], faults));
}

const suspend = {
  operation: "suspend",
  accountId: "team",
  entries: [{ target: "u1" }, { target: "u2" }],
} as const;

describe("a watched directory", () => {
  it("notes each call, with the users of a batch call", async () => {
    const { directory, calls } = watchedTeam();
    await directory.getAccount("team", budget);
    await directory.listUsers("team", undefined, budget);
    await directory.findUser("team", { email: "u1@team.example" }, budget);
    await directory.perform(suspend, budget);
    expect(calls).toEqual([
      { operation: "getAccount", accountId: "team", refused: false },
      { operation: "listUsers", accountId: "team", refused: false },
      { operation: "findUser", accountId: "team", refused: false },
      { operation: "suspend", accountId: "team", users: 2, refused: false },
    ]);
  });

  it.each([
    ["refused as a whole", { call: () => refused }, true],
    ["refused for one user", { target: (target) => (target === "u2" ? refused : undefined) }, true],
    ["throttled", { call: () => throttled }, false],
    ["throttled for one user", { target: () => throttled }, false],
  ] satisfies [string, Faults, boolean][])("notes a call that is %s", async (_, faults, isRefused) => {
    const { directory, calls } = watchedTeam(faults);
    await directory.perform(suspend, budget).catch(() => undefined);
    expect(calls).toEqual([{ operation: "suspend", accountId: "team", users: 2, refused: isRefused }]);
  });

  it("notes how many changes the service said it had made, and had not", async () => {
    const notApplied = { class: "unknown", code: "NotApplied", message: "access stands" } as const;
    const { directory, calls } = watchedTeam({
      target: (target) => (target === "u2" ? notApplied : undefined),
    });
    await directory.perform(suspend, budget);
    expect(calls).toEqual([
      { operation: "suspend", accountId: "team", users: 2, refused: false, notApplied: 1 },
    ]);
  });

  it("takes an account that the service keeps suspended for a refusal", async () => {
    const { directory, calls } = watchedTeam({}, false);
    await directory.getAccount("team", budget);
    expect(calls).toEqual([{ operation: "getAccount", accountId: "team", refused: true }]);
  });

  it("notes no call that was never made", async () => {
    const { directory, calls } = watchedTeam();
    await expect(directory.perform({ ...suspend, entries: [] }, budget)).rejects.toThrow(RangeError);
    expect(calls).toEqual([]);
  });
});

directoryContract("the watched directory", async (accounts) => {
  const fake = fakeDirectory(accounts);
  return {
    directory: watchCalls(fake).directory,
    requests: () => fake.calls.length,
    throttleUser: (target) => {
      fake.faults.target = (candidate) => (candidate === target ? throttled : undefined);
    },
    throttleCalls: () => {
      fake.faults.call = () => ({ ...throttled, code: "ThrottledClientException" });
    },
    close: async () => {},
  };
});
