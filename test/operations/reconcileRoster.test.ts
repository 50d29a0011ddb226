import { describe, expect, it } from "vitest";
import type { PublishReport } from "../../src/operations/publishLines.ts";
import { planRoster, type ReconcileRequest, syncRoster } from "../../src/operations/reconcileRoster.ts";
import { policySchema } from "../../src/policy/policy.ts";
import { readDirectory } from "../../src/reconcile/readDirectory.ts";
import type { RememberedRoster } from "../../src/reconcile/rosterPorts.ts";
import { fakeDirectory } from "../directory/fakeDirectory.ts";
import { noon } from "../provisioning/samples.ts";

const policy = policySchema.parse({ accounts: [{ id: "team", domains: ["team.example"] }] });
const leaver = "id,email,status\np-1,ada@team.example,left\np-2,bob@team.example,active\n";
const nobodyLeft = "id,email,status\np-1,ada@team.example,active\np-2,bob@team.example,active\n";

function requestOf(text: string, asOf = noon): ReconcileRequest {
  async function* bytes() {
    yield Buffer.from(text);
  }
  return { bytes: bytes(), policy, asOf };
}

/** The directory has Ada and Bob, and the clock shows noon. */
function portsOf(remembered: RememberedRoster[] = []) {
  const users = ["ada", "bob"].map((name) => ({
    userId: `u-${name}`,
    email: `${name}@team.example`,
    state: "active" as const,
    license: "Basic",
    type: "person" as const,
  }));
  const directory = fakeDirectory([{ accountId: "team", type: "Team", users }]);
  const readAccounts = (ids: readonly string[]) => readDirectory(ids, directory);
  const memory = {
    recall: async () => remembered.at(-1),
    remember: async (roster: RememberedRoster) => void remembered.push(roster),
  };
  return {
    memory,
    directory: { readAccounts },
    now: () => noon,
    calls: directory.calls,
  };
}

describe("planRoster", () => {
  it("reports what would change as plain data, with the addresses masked", async () => {
    const planning = await planRoster(requestOf(leaver), portsOf());
    const report = planning.kind === "planned" ? planning.report : planning;
    expect(report).toMatchObject({
      asOf: "2026-05-14T12:00:00.000Z",
      changes: [{ kind: "leaver", personId: "p-1", email: "a***@team.example", accountId: "team" }],
      calls: [{ accountId: "team", operation: "suspend", users: 1, calls: 1 }],
    });
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
  });

  it.each([
    ["of a time that is still to come", leaver, noon + 1, { kind: "fromTheFuture", asOf: noon + 1 }],
    ["that cannot be read", "id,email\np-1", noon, { kind: "broken" }],
    ["that would suspend everybody", leaver.replace("active", "left"), noon, { kind: "rejected" }],
  ])("reads no directory for a roster %s", async (_, text, asOf, expected) => {
    const ports = portsOf();
    expect(await planRoster(requestOf(text, asOf), ports)).toMatchObject(expected);
    expect(ports.calls).toEqual([]);
  });
});

describe("syncRoster", () => {
  const published: PublishReport = {
    events: 1,
    accepted: 1,
    malformed: 0,
    refused: 0,
    unsent: 0,
    bus: "hr",
    seconds: 0.1,
    rejectedFile: null,
    rejected: [],
    rejectedNotListed: 0,
  };
  async function sync(text: string, { answer = true, report = published } = {}) {
    const remembered: RememberedRoster[] = [];
    const told: string[] = [];
    const result = await syncRoster(requestOf(text), {
      ...portsOf(remembered),
      onPlanned: ({ changes }) => told.push(`${changes.length} planned`),
      confirm: async ({ changes }) => {
        told.push(`${changes.length} to confirm`);
        return answer;
      },
      publish: async (lines) => {
        for await (const { number } of lines) told.push(`line ${number}`);
        return report;
      },
      onPublished: ({ accepted }) => told.push(`${accepted} published`),
    });
    return { kind: result.kind, told, remembered: remembered.map(({ present }) => present) };
  }

  it("publishes after a yes, and remembers the roster once the bus has accepted all of it", async () => {
    expect(await sync(leaver)).toEqual({
      kind: "published",
      told: ["1 planned", "1 to confirm", "line 1", "1 published"],
      remembered: [1],
    });
  });

  it("tells what was published before it remembers the roster, which may fail", async () => {
    const told: number[] = [];
    const syncing = syncRoster(requestOf(leaver), {
      ...portsOf(),
      memory: {
        recall: async () => undefined,
        remember: () => Promise.reject(new Error("the disk is full")),
      },
      onPlanned: () => undefined,
      confirm: async () => true,
      publish: async () => published,
      onPublished: ({ accepted }) => told.push(accepted),
    });
    await expect(syncing).rejects.toThrow("the disk is full");
    expect(told).toEqual([1]);
  });

  it("does not remember a roster of which the bus did not accept everything", async () => {
    const report = { ...published, accepted: 0, refused: 1 };
    expect(await sync(leaver, { report })).toMatchObject({ kind: "published", remembered: [] });
  });

  it("publishes and remembers nothing without a yes", async () => {
    expect(await sync(leaver, { answer: false })).toEqual({
      kind: "declined",
      told: ["1 planned", "1 to confirm"],
      remembered: [],
    });
  });

  it("asks nobody where there is nothing to do, and remembers the roster", async () => {
    expect(await sync(nobodyLeft)).toEqual({ kind: "nothingToDo", told: ["0 planned"], remembered: [2] });
  });
});
