import { forUser } from "@rollcall/scim-simulator/scimFaultPlans";
import { throttledFault } from "@rollcall/scim-simulator/scimFaults";
import { userError } from "../../packages/chime-simulator/faultPlans.ts";
import { exceptionFault } from "../../packages/chime-simulator/scriptedFault.ts";
import { startChimeWorld } from "./chime/chimeWorld.ts";
import type { FakeAccount } from "./fakeAccounts.ts";
import { fakeDirectory } from "./fakeDirectory.ts";
import { type AnyUser, neutralContract } from "./neutralContract.ts";
import { accountId, startScimWorld } from "./scim/scimWorld.ts";

const accounts = { create: "team", unsuspend: "lwa" } as const;

function chimeAccounts(people: readonly AnyUser[]): FakeAccount[] {
  const users = people.map((user) => ({ ...user, license: "Basic", type: "person" }) as const);
  return [
    { accountId: "team", type: "Team", users },
    { accountId: "lwa", type: "EnterpriseLWA", users },
  ];
}

neutralContract("the fake directory", async (people) => {
  const directory = fakeDirectory(chimeAccounts(people));
  return {
    directory,
    accounts,
    requests: () => directory.calls.length,
    failUser: (target) => {
      directory.faults.target = (candidate) =>
        candidate === target ? { class: "transient", code: "Down", message: "down" } : undefined;
    },
    throttleCalls: () => {
      directory.faults.call = () => ({ class: "throttled", code: "Throttled", message: "slow down" });
    },
    close: async () => {},
  };
});

neutralContract("Amazon Chime", async (people) => {
  const { directory, simulator, close } = await startChimeWorld(chimeAccounts(people), "one");
  return {
    directory,
    accounts,
    requests: () => simulator.calls.list().length,
    failUser: (target) => simulator.faults.add(userError(target, "ServiceUnavailable")),
    throttleCalls: () => simulator.faults.add(() => exceptionFault("ThrottledClientException")),
    close,
  };
});

for (const supported of [true, false])
  neutralContract(`a SCIM service ${supported ? "with" : "without"} bulk requests`, async (people) => {
    const { directory, simulator, close } = await startScimWorld({
      behavior: { bulk: { supported } },
      people: people.map(({ userId, email, state }) => ({
        id: userId,
        userName: email,
        active: state === "active",
        userType: "Basic",
      })),
      license: { path: "userType", shape: "text" },
    });
    return {
      directory,
      accounts: { create: accountId, unsuspend: accountId },
      requests: () => simulator.calls.list().length,
      failUser: (target) => simulator.faults.add(forUser(target, { kind: "error", status: 503 })),
      throttleCalls: () => simulator.faults.add(() => throttledFault()),
      close,
    };
  });
