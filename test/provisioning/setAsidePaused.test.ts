import { describe, expect, it } from "vitest";
import { memoryStore } from "../../src/ledger/memory/memoryLedger.ts";
import type { Pause } from "../../src/safeguard/pauses.ts";
import { fakeDirectory } from "../directory/fakeDirectory.ts";
import { aBody, aRecord } from "./records.ts";
import { runBatch } from "./runBatch.ts";
import { aUser } from "./samples.ts";

const since = Date.parse("2026-05-14T11:30:00Z");
const pause: Pause = { since, by: "grace@example.com", note: "ask grace@example.com" };

const leaverOf = (account: string, id: string, data: Record<string, unknown> = {}) =>
  aRecord("EmployeeLeft", { id, personId: id, email: `${id}@${account}.example`, data });

function world() {
  const accounts = ["team", "lwa"].map((id) => ({
    accountId: id,
    type: "Team" as const,
    users: ["a", "b"].map((name) => aUser({ userId: `${id}-${name}`, email: `${name}@${id}.example` })),
  }));
  return { directory: fakeDirectory(accounts), store: memoryStore() };
}

const paused = {
  kind: "retry",
  code: "Paused",
  reason:
    "paused by an operator since 2026-05-14T11:30:00.000Z; `rollcall status` says by whom and why, `rollcall resume` ends it",
  atLeastSeconds: 120,
  atMostSeconds: 60,
  renewEachTime: true,
};

describe("a batch while a pause is in force", () => {
  it("calls nothing, claims nothing and writes nothing; its messages wait at no cost of receives", async () => {
    const { directory, store } = world();
    const records = [leaverOf("team", "a"), leaverOf("lwa", "b", { effectiveAt: "2027-01-01T00:00:00Z" })];
    const { outcomes } = await runBatch(records, {
      intent: "offboard",
      directory,
      store,
      pauses: { read: async () => [pause] },
    });
    expect(outcomes).toEqual([paused, paused]);
    expect([directory.calls, store]).toEqual([[], memoryStore()]);
  });

  it("of one account serves the others", async () => {
    const { directory } = world();
    const { outcomes } = await runBatch([leaverOf("team", "a"), leaverOf("lwa", "b")], {
      intent: "offboard",
      directory,
      pauses: { read: async () => [{ ...pause, account: "team" }] },
    });
    expect(outcomes).toEqual([paused, { kind: "applied", requestId: "fake-request" }]);
    expect(directory.calls.map(({ request }) => request.accountId)).toEqual(["lwa", "lwa", "lwa"]);
  });

  it("of another pipeline is served", async () => {
    const { directory } = world();
    const { outcomes } = await runBatch([leaverOf("team", "a")], {
      intent: "offboard",
      directory,
      pauses: { read: async () => [{ ...pause, pipeline: "onboard" }] },
    });
    expect(outcomes).toEqual([{ kind: "applied", requestId: "fake-request" }]);
  });

  it("still ends what needs no call: malformed, and out of scope", async () => {
    const { directory, store } = world();
    const { outcomes } = await runBatch([aBody("?"), leaverOf("elsewhere", "a")], {
      intent: "offboard",
      directory,
      store,
      pauses: { read: async () => [pause] },
    });
    expect(outcomes.map(({ kind }) => kind)).toEqual(["rejected", "excluded"]);
  });

  it("comes again if nobody knows what is paused", async () => {
    const { directory } = world();
    const { outcomes } = await runBatch([leaverOf("team", "a")], {
      intent: "offboard",
      directory,
      pauses: { read: () => Promise.reject(new Error("throttled")) },
    });
    expect(outcomes).toEqual([
      {
        kind: "retry",
        code: "LedgerUnavailable",
        reason: "the pauses could not be read: Error: throttled",
      },
    ]);
    expect(directory.calls).toEqual([]);
  });
});
