import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chimeLimits } from "../../src/directory/chime/chimeCapabilities.ts";
import type { DirectoryUser } from "../../src/directory/directory.ts";
import { memoryStore } from "../../src/ledger/memory/memoryLedger.ts";
import type { PolicyRules } from "../../src/policy/policyRules.ts";
import { type FindPostSuspensionActions, planRosterCalls } from "../../src/reconcile/planRoster.ts";
import type { NumberedRow } from "../../src/reconcile/reading/completeRows.ts";
import { type FakeDirectory, fakeDirectory } from "../directory/fakeDirectory.ts";
import { compareWithDirectory, publishThroughProvisioning } from "./publishThroughProvisioning.ts";
import { aRoster, rules } from "./samples.ts";

const accounts = ["team", "lwa", "oidc"] as const;
type AccountId = (typeof accounts)[number];

/** Few people and addresses, so that they meet; each person's own address is the likeliest. */
const someRow = fc.record({
  person: fc.nat(14),
  otherAddress: fc.option(fc.nat(14), { freq: 5 }),
  account: fc.constantFrom(...accounts),
  formerly: fc.option(fc.nat(20), { freq: 3 }),
  status: fc.constantFrom("present" as const, "left" as const),
  lastDay: fc.option(fc.constantFrom("2026-05-13", "2026-05-20"), { freq: 3 }),
  hireDate: fc.option(fc.constantFrom("2020-01-01", "2026-06-01"), { freq: 3 }),
  role: fc.option(fc.constantFrom("engineer", "cook")),
  licenseType: fc.option(fc.constantFrom("Basic", "Pro"), { freq: 3 }),
});

const someUser = fc.record({
  account: fc.constantFrom(...accounts),
  address: fc.nat(20),
  status: fc.constantFrom(
    "registered" as const,
    "registered" as const,
    "suspended" as const,
    "invited" as const,
  ),
  licenseType: fc.constantFrom("Basic", "Pro"),
});

const scenario = fc.record({
  rows: fc.array(someRow, { maxLength: 18 }),
  users: fc.uniqueArray(someUser, {
    maxLength: 25,
    selector: ({ account, address }) => `${account} ${address}`,
  }),
  absent: fc.constantFrom("report" as const, "suspend" as const),
});
type Scenario = typeof scenario extends fc.Arbitrary<infer S> ? S : never;

const addressOf = (account: AccountId, number: number) => `n${number}@${account}.example`;

/** Leaves out what is null, as an empty cell is. */
function toRows({ rows }: Scenario): NumberedRow[] {
  return rows.map(({ person, otherAddress, account, formerly, ...cells }, index) => ({
    number: index + 2,
    personId: `p-${person}`,
    email: addressOf(account, otherAddress ?? person),
    ...(formerly !== null && { previousEmails: [addressOf(account, formerly)] }),
    ...Object.fromEntries(Object.entries(cells).filter(([, value]) => value !== null)),
  }));
}

function toDirectory({ users }: Scenario): FakeDirectory {
  const usersOf = (id: AccountId): DirectoryUser[] =>
    users
      .filter(({ account }) => account === id)
      .map(({ address, status, licenseType }) => ({
        userId: `${id}-${address}`,
        email: addressOf(id, address),
        state: status === "registered" || (status === "invited" && id !== "team") ? "active" : status,
        license: licenseType,
        type: "person",
      }));
  return fakeDirectory([
    { accountId: "team", type: "Team", users: usersOf("team") },
    { accountId: "lwa", type: "EnterpriseLWA", users: usersOf("lwa") },
    { accountId: "oidc", type: "EnterpriseOIDC", users: usersOf("oidc") },
  ]);
}

const batchCalls = (directory: FakeDirectory) => {
  const { getAccount, listUsers, findUser, ...batches } = directory.tally();
  return { ...noCalls, ...batches };
};
const noCalls = { suspend: 0, unsuspend: 0, create: 0, setLicense: 0, signOut: 0, resetPin: 0 };

const signingOut: PolicyRules = {
  ...rules,
  findAfterSuspension: () => ({ signOut: true, resetPin: true, license: undefined }),
};
/** Computed anew, without the code under test. */
const expectedActions: FindPostSuspensionActions = (accountId, intent) =>
  intent !== "offboard" ? [] : accountId === "team" ? ["signOut", "resetPin"] : ["resetPin"];

describe("a sync with any roster and any directory", () => {
  const eachSync = (check: (given: Scenario) => Promise<void>) =>
    fc.assert(fc.asyncProperty(scenario, check), { numRuns: 300 });

  it.each([
    { policy: "asks for nothing after a suspension", rules, actionsOf: () => [] },
    { policy: "has leavers signed out", rules: signingOut, actionsOf: expectedActions },
  ])(
    "makes exactly the planned calls, and each event is applied: the policy $policy",
    ({ rules, actionsOf }) =>
      eachSync(async (given) => {
        const directory = toDirectory(given);
        const plan = await compareWithDirectory(aRoster(toRows(given)), directory, {
          absent: given.absent,
          rules,
        });
        const outcomes = await publishThroughProvisioning(plan, directory, memoryStore(), rules);
        const made = { ...noCalls };
        for (const { operation, calls } of planRosterCalls(plan.changes, () => chimeLimits, actionsOf))
          made[operation] += calls;
        expect(batchCalls(directory)).toEqual(made);
        expect(outcomes.map(({ kind }) => kind).filter((kind) => kind !== "applied")).toEqual([]);
      }),
  );

  it("leaves nothing to do for the next plan", () =>
    eachSync(async (given) => {
      const roster = aRoster(toRows(given));
      const directory = toDirectory(given);
      const first = await compareWithDirectory(roster, directory, { absent: given.absent });
      await publishThroughProvisioning(first, directory);
      const second = await compareWithDirectory(roster, directory, { absent: given.absent });
      expect(second.changes.map(({ kind, desired }) => [kind, desired.group.newest.email])).toEqual([]);
    }));

  it("is harmless a second time", () =>
    eachSync(async (given) => {
      const directory = toDirectory(given);
      const store = memoryStore();
      const plan = await compareWithDirectory(aRoster(toRows(given)), directory, { absent: given.absent });
      await publishThroughProvisioning(plan, directory, store);
      const before = batchCalls(directory);
      const outcomes = await publishThroughProvisioning(plan, directory, store);
      expect(outcomes.every(({ kind }) => kind === "unchanged")).toBe(true);
      expect(batchCalls(directory)).toEqual(before);
    }));

  it("makes the directory equal to the roster under the policy", () =>
    eachSync(async (given) => {
      const rows = toRows(given);
      const directory = toDirectory(given);
      const before = new Map(everybody(directory).map((user) => [user.email, user]));
      const plan = await compareWithDirectory(aRoster(rows), directory, { absent: given.absent });
      await publishThroughProvisioning(plan, directory);
      const after = new Map(everybody(directory).map((user) => [user.email, user]));
      for (const row of plainRows(rows)) {
        const { email = "" } = row;
        expect([email, stateOf(after.get(email))]).toEqual([email, expectedState(row, before.get(email))]);
      }
      const named = new Set(
        rows.flatMap(({ email = "", previousEmails = [] }) => [email, ...previousEmails]),
      );
      for (const { email, state } of everybody(directory)) {
        if (named.has(email)) continue;
        const isSuspended = given.absent === "suspend" && !email.endsWith("@oidc.example");
        expect([email, state]).toEqual([email, isSuspended ? "suspended" : before.get(email)?.state]);
      }
    }));
});

function everybody(directory: FakeDirectory): DirectoryUser[] {
  return accounts.flatMap((account) => directory.users(account));
}

/** Of people and addresses that stand in one row, and were nobody's before: what the words of the roster mean alone. */
function plainRows(rows: readonly NumberedRow[]): NumberedRow[] {
  return rows.filter((row) => {
    const others = rows.filter((other) => other !== row);
    const isAlone = others.every(({ personId, email }) => personId !== row.personId && email !== row.email);
    return isAlone && row.previousEmails === undefined;
  });
}

type State = "none" | "suspended" | "open";

function stateOf(user: DirectoryUser | undefined): [State, string | undefined] {
  if (user === undefined) return ["none", undefined];
  return user.state === "suspended" ? ["suspended", user.license] : ["open", user.license];
}

/** Computed anew, without the code under test: the roster is of noon on 14 May 2026, its days are of UTC. */
function expectedState(
  { email = "", status, lastDay, hireDate, role, licenseType }: NumberedRow,
  before: DirectoryUser | undefined,
): [State, string | undefined] {
  const was = stateOf(before);
  if (email.endsWith("@oidc.example")) return was;
  const isRehired = hireDate === "2026-06-01" && lastDay !== undefined;
  if (lastDay === "2026-05-13" && !isRehired) return was[0] === "none" ? was : ["suspended", was[1]];
  if (hireDate === "2026-06-01") return was;
  if (status === "left" && lastDay === undefined) return was[0] === "none" ? was : ["suspended", was[1]];
  if (was[0] === "none" && email.endsWith("@lwa.example")) return was;
  const wanted = licenseType ?? (role === "engineer" ? "Pro" : undefined);
  return ["open", wanted ?? was[1] ?? "Basic"];
}
