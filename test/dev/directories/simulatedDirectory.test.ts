import { Chime } from "@aws-sdk/client-chime";
import { describe, expect, it, onTestFinished } from "vitest";
import { startSimulatedChime } from "../../../dev/directories/simulatedChime.ts";
import type { SimulatedDirectory } from "../../../dev/directories/simulatedDirectory.ts";
import { startSimulatedScim } from "../../../dev/directories/simulatedScim.ts";

/** A directory with Ada, who is active, and Alan, who is suspended, and calls as an adapter makes them. */
interface Driven {
  directory: SimulatedDirectory;
  /** Suspends these people in the order given, each by a call of its own. Tells of each whether the call succeeded. */
  suspend(...names: string[]): Promise<boolean[]>;
  reinstate(name: string): Promise<boolean[]>;
  relicense(name: string, license: string): Promise<boolean[]>;
}

const account = "target-0001";
const addressOf = (name: string) => `${name}@example.com`;
/** So many more that a seed draws faults for some. */
const many = Array.from({ length: 30 }, (_, index) => `p${index}`);
const now = Date.parse("2026-05-14T08:00:00Z");

const implementations = [
  ["Amazon Chime", driveChime],
  ["a SCIM target", driveScim],
] as const;

describe.each(implementations)("%s as a simulated directory", (_, start) => {
  it("has accounts, and users as they are now", async () => {
    const { directory, suspend } = await start();
    await suspend("ada");
    expect([directory.accounts.map(({ accountId }) => accountId), directory.users(account).length]).toEqual([
      [account],
      32,
    ]);
    expect(["ADA", "alan", "p1", "nobody"].map((name) => directory.user(account, addressOf(name)))).toEqual([
      { address: "ada@example.com", state: "suspended", license: "Basic" },
      { address: "alan@example.com", state: "suspended", license: "Basic" },
      { address: "p1@example.com", state: "registered", license: "Basic" },
      undefined,
    ]);
  });

  it("tells the changes in their order, with their time, and counts the calls", async () => {
    const { directory, suspend, reinstate, relicense } = await start();
    await suspend("p1", "ada");
    await relicense("p1", "Pro");
    await reinstate("alan");
    const brief = directory
      .changes()
      .map(({ accountId, address, aspect, result, at }) => [accountId, address, aspect, result, at - now]);
    expect(brief).toEqual([
      [account, "p1@example.com", "access", "out", 0],
      [account, "ada@example.com", "access", "out", 0],
      [account, "p1@example.com", "license", "Pro", 0],
      [account, "alan@example.com", "access", "in", 0],
    ]);
    const calls = Object.values(directory.calls()).reduce((sum, each) => sum + each.calls, 0);
    expect(calls).toBe(4);
  });

  it("fails calls as the seed says, whatever their order, and tells what changed nevertheless", async () => {
    const runs = [many, many.toReversed()].map(async (names) => {
      const { directory, suspend } = await start();
      const arrived: unknown[] = [];
      const faults = directory.injectFaults(3, (call) => arrived.push(call.change));
      await suspend(...names, ...names);
      const after = names.map((name) => directory.user(account, addressOf(name))?.state);
      const changed = new Set(directory.changes().map(({ address }) => address));
      const refused = names.filter((name) => faults.refusalOf(account, "suspend", addressOf(name)));
      return {
        arrived: new Set(arrived),
        hasFaults: Object.values(faults.counts()).length > 0,
        agrees: names.every((name, index) => changed.has(addressOf(name)) === (after[index] === "suspended")),
        refusedStay: refused.every((name) => !changed.has(addressOf(name))),
        refused: refused.toSorted(),
      };
    });
    const [one, other] = await Promise.all(runs);
    expect(one).toEqual(other);
    expect(one).toMatchObject({
      arrived: new Set(["suspend"]),
      hasFaults: true,
      agrees: true,
      refusedStay: true,
    });
  });

  it("can be closed more than once", async () => {
    const { directory } = await start();
    await directory.close();
    await expect(directory.close()).resolves.toBeUndefined();
  });
});

const people = ["ada", "alan", ...many];

async function driveChime(): Promise<Driven> {
  const directory = await startSimulatedChime({
    accounts: [
      {
        id: account,
        type: "EnterpriseLWA",
        people: people.map((name) => ({
          id: name,
          email: addressOf(name),
          registration: name === "alan" ? "Suspended" : "Registered",
        })),
      },
    ],
    now: () => now,
  });
  onTestFinished(directory.close);
  const client = new Chime({
    region: "us-east-1",
    endpoint: String(directory.environment.AWS_ENDPOINT_URL_CHIME),
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
    maxAttempts: 1,
  });
  onTestFinished(() => client.destroy());
  const each = async (
    names: readonly string[],
    call: (name: string) => Promise<{ UserErrors?: unknown[] | undefined }>,
  ) => {
    const succeeded: boolean[] = [];
    for (const name of names)
      succeeded.push(
        await call(name).then(
          ({ UserErrors = [] }) => UserErrors.length === 0,
          () => false,
        ),
      );
    return succeeded;
  };
  const ofAccount = { AccountId: account };
  return {
    directory,
    suspend: (...names) =>
      each(names, (name) => client.batchSuspendUser({ ...ofAccount, UserIdList: [name] })),
    reinstate: (name) => each([name], () => client.batchUnsuspendUser({ ...ofAccount, UserIdList: [name] })),
    relicense: (name, license) =>
      each([name], () =>
        client.batchUpdateUser({
          ...ofAccount,
          UpdateUserRequestItems: [{ UserId: name, LicenseType: license === "Pro" ? "Pro" : "Basic" }],
        }),
      ),
  };
}

async function driveScim(): Promise<Driven> {
  const token = "a-token";
  const directory = await startSimulatedScim({
    accounts: [
      {
        accountId: account,
        licenseAttribute: "userType",
        tenant: {
          basePath: "/scim/v2",
          token,
          people: people.map((name) => ({
            id: name,
            userName: addressOf(name),
            active: name !== "alan",
            userType: "Basic",
          })),
        },
      },
    ],
    now: () => now,
  });
  onTestFinished(directory.close);
  const replace = async (names: readonly string[], path: string, value: unknown) => {
    const succeeded: boolean[] = [];
    for (const name of names) {
      const answer = await fetch(`${directory.baseUrlOf(account)}/Users/${name}`, {
        method: "PATCH",
        headers: { authorization: `Bearer ${token}`, "content-type": "application/scim+json" },
        body: JSON.stringify({
          schemas: ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
          Operations: [{ op: "replace", path, value }],
        }),
      }).catch(() => undefined);
      succeeded.push(answer?.ok ?? false);
    }
    return succeeded;
  };
  return {
    directory,
    suspend: (...names) => replace(names, "active", false),
    reinstate: (name) => replace([name], "active", true),
    relicense: (name, license) => replace([name], "userType", license),
  };
}
