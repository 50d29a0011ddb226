import { describe, expect, it } from "vitest";
import { grantAllowance, readSafeguard, resetSafeguard } from "../../src/operations/operateSafeguard.ts";
import { policySchema } from "../../src/policy/policy.ts";
import { memorySafeguardStore } from "../../src/safeguard/safeguard.ts";
import type { SafeguardState } from "../../src/safeguard/safeguardState.ts";

const now = Date.parse("2026-05-14T12:00:00Z");
const hour = 3_600_000;
const latch = { closedAt: now - hour, asked: 300, passed: 12, limit: 59 };
const signed = { by: "eve", because: "a plant closes" };
const policy = policySchema.parse({ accounts: [{ id: "team", domains: ["team.example"] }] });

function portsOf(states: Record<string, SafeguardState> = {}) {
  const held = { list: async function* () {} };
  const safeguard = memorySafeguardStore(new Map(Object.entries(states)));
  return { safeguard, held, policy, table: "hr-ledger", now: () => now, databaseNow: () => now };
}

const inTwoHours = (then: number) => then + 2 * hour;

describe("readSafeguard", () => {
  it("reports every account that the policy names or the safeguard remembers, by their ids", async () => {
    const acts = [{ what: "reset", at: now, by: "eve@example.com" } as const];
    const reading = await readSafeguard(undefined, portsOf({ old: { admissions: [], latch, acts } }));
    const report = reading.kind === "read" ? reading.report : reading;
    expect(report).toMatchObject({
      table: "hr-ledger",
      accounts: [
        {
          accountId: "old",
          latch: { state: "closed", since: "2026-05-14T11:00:00.000Z", asked: 300, passed: 12, limit: 59 },
          acts: [{ what: "reset", at: "2026-05-14T12:00:00.000Z", by: "e***@example.com" }],
        },
        { accountId: "team", latch: { state: "open" }, limits: { state: "on" }, held: { people: 0 } },
      ],
    });
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
  });

  it("names the accounts that are known where another was asked for", async () => {
    expect(await readSafeguard("taem", portsOf())).toEqual({ kind: "unknownAccount", known: ["team"] });
  });
});

describe("grantAllowance", () => {
  it("tells what was left of an earlier allowance, which it replaces", async () => {
    const allowance = { people: 3, until: now + hour, by: "bob@example.com", at: now - hour };
    const ports = portsOf({ team: { admissions: [], acts: [], allowance } });
    const request = { ...signed, account: "team", people: 600, until: inTwoHours };
    expect(await grantAllowance(request, { ...ports, confirm: async () => true })).toEqual({
      kind: "allowed",
      report: {
        table: "hr-ledger",
        accountId: "team",
        people: 600,
        until: "2026-05-14T14:00:00Z",
        by: "eve",
        replaced: { people: 3, until: "2026-05-14T13:00:00Z", by: "b***@example.com" },
      },
    });
  });

  it("ends by the database's clock, and not by the operator's, which is wrong", async () => {
    const ports = { ...portsOf(), databaseNow: () => now - 3 * hour };
    const asked: number[] = [];
    const confirm = async (_: unknown, until: number) => {
      asked.push(until);
      return true;
    };
    const request = { ...signed, account: "team", people: 600, until: inTwoHours };
    const granting = await grantAllowance(request, { ...ports, confirm });
    const [known] = await ports.safeguard.list();
    expect([granting, known?.state.allowance?.until, asked]).toEqual([
      expect.objectContaining({ report: expect.objectContaining({ until: "2026-05-14T11:00:00Z" }) }),
      now - hour,
      [now - hour],
    ]);
  });

  it("allows nothing if the operator does not confirm", async () => {
    const ports = portsOf();
    const request = { ...signed, account: "team", people: 600, until: inTwoHours };
    const granting = await grantAllowance(request, { ...ports, confirm: async () => false });
    expect([granting, await ports.safeguard.list()]).toEqual([{ kind: "declined" }, []]);
  });

  it("changes nothing for an account that nobody knows", async () => {
    const ports = portsOf();
    const request = { ...signed, account: "taem", people: 600, until: inTwoHours };
    expect(await grantAllowance(request, { ...ports, confirm: async () => true })).toEqual({
      kind: "unknownAccount",
      known: ["team"],
    });
    expect(await ports.safeguard.list()).toEqual([]);
  });
});

describe("resetSafeguard", () => {
  async function reset(state: SafeguardState, answer: boolean) {
    const ports = portsOf({ team: state });
    const asked: unknown[] = [];
    const confirm = async (why: unknown) => {
      asked.push(why);
      return answer;
    };
    const { kind } = await resetSafeguard({ ...signed, account: "team" }, { ...ports, confirm });
    const [account] = await ports.safeguard.list();
    return { kind, asked: asked.length, isClosed: account?.state.latch !== undefined };
  }

  it.each([
    [true, { kind: "reset", asked: 1, isClosed: false }],
    [false, { kind: "declined", asked: 1, isClosed: true }],
  ])("opens a closed latch only if the operator confirms: %s", async (answer, expected) => {
    expect(await reset({ admissions: [], acts: [], latch }, answer)).toEqual(expected);
  });

  it("asks nobody about a latch that is open already", async () => {
    const open = { admissions: [], acts: [] };
    expect(await reset(open, false)).toEqual({ kind: "reset", asked: 0, isClosed: false });
  });
});
