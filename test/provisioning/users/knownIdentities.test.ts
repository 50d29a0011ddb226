import { describe, expect, it } from "vitest";
import type { DirectoryAccount, StateAnswer } from "../../../src/directory/directory.ts";
import { userNotFound } from "../../../src/directory/directory.ts";
import { type MemoryStore, memoryStore } from "../../../src/ledger/memory/memoryLedger.ts";
import type { Intent } from "../../../src/pipelineSettings.ts";
import { type FakeDirectory, fakeDirectory } from "../../directory/fakeDirectory.ts";
import { aRecord } from "../records.ts";
import { runBatch } from "../runBatch.ts";

const call = (operation: "create" | "suspend" | "unsuspend" | "setLicense"): StateAnswer => ({
  kind: "call",
  operation,
});
const unchanged: StateAnswer = { kind: "unchanged" };
const letIn = { absent: call("create"), invited: unchanged, active: unchanged, suspended: call("unsuspend") };
const suspended = { invited: call("suspend"), active: call("suspend"), suspended: unchanged };
const licensed = { invited: call("setLicense"), active: call("setLicense"), suspended: call("setLicense") };

/** An account whose suspensions can be undone, and whose users are created by Rollcall. */
const reversible: DirectoryAccount["capabilities"] = {
  onboard: { ...letIn, remembered: call("create") },
  offboard: { ...suspended, absent: userNotFound, remembered: call("suspend") },
  reinstate: { ...letIn, remembered: call("unsuspend") },
  relicense: { ...licensed, absent: { kind: "await" }, remembered: call("setLicense") },
};

const detailTypes = {
  onboard: "EmployeeHired",
  offboard: "EmployeeLeft",
  reinstate: "EmployeeReturned",
} as const;
const names = ["ada", "bob", "eve"];

describe("the users whom Rollcall has created", () => {
  it("are known by the ids that the service told: leavers and returners take one call, and no look-up", async () => {
    const { directory, run } = world();
    const made = [];
    for (const intent of ["onboard", "offboard", "reinstate"] as const) {
      const before = directory.tally();
      const kinds = await run(intent);
      made.push([intent, kinds, since(before, directory.tally())]);
    }
    expect(made).toEqual([
      ["onboard", "applied", { getAccount: 1, create: 1 }],
      ["offboard", "applied", { getAccount: 1, suspend: 1 }],
      ["reinstate", "applied", { getAccount: 1, unsuspend: 1 }],
    ]);
    expect(directory.users("team").map(({ state, externalId }) => `${externalId} ${state}`)).toEqual([
      "p-ada active",
      "p-bob active",
      "p-eve active",
    ]);
  });

  it("are let in by their state where no id is remembered: whoever is gone is created", async () => {
    const { directory, run } = world([aState("ada", "suspended"), aState("bob", "active")]);
    expect([await run("reinstate"), directory.tally()]).toEqual([
      "applied unchanged applied",
      { getAccount: 1, listUsers: 1, create: 1, unsuspend: 1 },
    ]);
  });

  it("are created once: whoever is there is let in by the same call, and known by that id", async () => {
    const { directory, run, store } = world([aState("ada", "suspended")]);
    await run("onboard");
    const ids = [...store.identities.values()].map((identity) => JSON.stringify(identity));
    expect([
      directory.tally(),
      directory.users("team").length,
      ids.some((text) => text.includes("u-ada")),
    ]).toEqual([{ getAccount: 1, create: 1 }, 3, true]);
  });

  function world(users: ReturnType<typeof aState>[] = []): {
    directory: FakeDirectory;
    store: MemoryStore;
    run: (intent: Exclude<Intent, "relicense">) => Promise<string>;
  } {
    const store = memoryStore();
    const directory = fakeDirectory([
      { accountId: "team", type: "Team", capabilities: reversible, knowsIds: true, users },
    ]);
    let hour = 0;
    const run = async (intent: Exclude<Intent, "relicense">) => {
      hour += 1;
      const records = names.map((name) =>
        aRecord(detailTypes[intent], {
          id: `${name}-${hour}`,
          occurredAt: `2026-05-14T0${hour}:00:00Z`,
          personId: `p-${name}`,
          email: `${name}@team.example`,
        }),
      );
      const { outcomes } = await runBatch(records, { intent, directory, store });
      const kinds = outcomes.map(({ kind }) => kind);
      return new Set(kinds).size === 1 ? (kinds[0] ?? "") : kinds.join(" ");
    };
    return { directory, store, run };
  }

  function aState(name: string, state: "active" | "suspended") {
    const email = `${name}@team.example`;
    return { userId: `u-${name}`, email, state, license: undefined, type: "person" as const };
  }

  function since(before: Partial<Record<string, number>>, after: Partial<Record<string, number>>) {
    return Object.fromEntries(
      Object.entries(after)
        .map(([operation, count = 0]) => [operation, count - (before[operation] ?? 0)] as const)
        .filter(([, count]) => count > 0),
    );
  }
});
