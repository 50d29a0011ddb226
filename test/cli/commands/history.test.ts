import { beforeAll, describe, expect, it } from "vitest";
import type { TestDecision } from "../../ledger/decisions.ts";
import { farDay, useLedgerBench, withoutDays } from "./ledgerBench.ts";

const bench = useLedgerBench();
const devTarget = { stage: "dev", account: null, region: "us-east-1" };
const account = "0d5b2f0e-9f7c-4d6f-8f5e-0f8f2c5b4a11";
const personId = "P-T0042";
const of = (eventId: string, minute: number, intent: TestDecision["intent"] = "offboard", id = personId) => ({
  eventId,
  minute,
  intent,
  personId: id,
});

beforeAll(async () => {
  await bench.settle(of("hr-1", 0, "onboard"), {
    accountId: account,
    requestId: "request-1",
    receivedAt: "2026-05-14T08:00:02.125Z",
    settledAt: "2026-05-14T08:00:31.500Z",
  });
  await bench.settle(of("hr-2", 5, "relicense"), { outcome: "rejected", code: "NotFound" });
  await bench.settle(of("hr-3", 10), { effectiveAt: "2026-05-14T08:59:20Z" });
  await bench.record(of("hr-0", 2, "reinstate"), { outcome: "superseded", code: "hr-3" });
  await bench.record(of("hr-4", 20, "reinstate"), { outcome: "deferred", code: "effectiveLater" });
  await bench.putOff(of("hr-4", 20, "reinstate"), farDay);
  const shared = { email: "desk@example.com" };
  await bench.settle(of("hr-5", 0, "onboard", "P-2"), {}, shared);
  await bench.settle(of("hr-6", 0, "relicense", "P-2"), {}, { email: "bob@example.org" });
  await bench.putOff(of("hr-7", 0, "offboard", "P-1"), farDay, shared);
});

describe("rollcall history", () => {
  it("tells a person's state, every decision in order, what waits, and whether somebody is at work", async () => {
    const { stdout, ...end } = await bench.run(["history", personId]);
    expect(end).toEqual({ exitCode: 0, stderr: "" });
    expect(withoutDays(stdout).split("\n")).toEqual([
      "P-T0042: suspended (EmployeeLeft hr-3 applied 2026-05-14T09:00:00Z)",
      "         license change rejected (relicense hr-2 rejected 2026-05-14T09:00:00Z: NotFound)",
      "         p***@example.com",
      "",
      "DECIDED               INTENT     OUTCOME     AFTER   WHY",
      `2026-05-14T08:00:00Z  onboard    applied     31 s                        event hr-1  account ${account}  request request-1  received 2026-05-14T08:00:02Z  settled 2026-05-14T08:00:31Z`,
      "2026-05-14T08:02:00Z  reinstate  superseded  58 min  by hr-3             event hr-0  received 2026-05-14T08:02:00Z  settled 2026-05-14T09:00:00Z",
      "2026-05-14T08:05:00Z  relicense  rejected    55 min  NotFound            event hr-2  received 2026-05-14T08:05:00Z  settled 2026-05-14T09:00:00Z",
      "2026-05-14T08:10:00Z  offboard   applied     50 min                      event hr-3  effective 2026-05-14T08:59:20Z  received 2026-05-14T08:10:00Z  settled 2026-05-14T09:00:00Z (+40 s)",
      "2026-05-14T08:20:00Z  reinstate  deferred    -       its day is to come  event hr-4  received 2026-05-14T08:20:00Z  put off 2026-05-14T09:00:00Z",
      "",
      "DUE                   IN       INTENT     PERSON   WAITS FOR",
      "2126-05-14T20:00:00Z  ? d  reinstate  P-T0042  its day    event hr-4",
      "",
      "Nobody is at work on this person right now.",
      "",
    ]);
  });

  it("shows everyone at an address under their ids, and no address but the one that was typed", async () => {
    const { exitCode, stdout } = await bench.run(["history", "Desk@Example.com"]);
    const start = "2026-05-14T08:00:00Z";
    expect({ exitCode, lines: withoutDays(stdout).split("\n") }).toEqual({
      exitCode: 0,
      lines: [
        "Desk@Example.com belongs to 2 people: P-1, P-2.",
        "",
        "P-1: nothing done about access yet",
        "",
        "DUE                   IN       INTENT    PERSON  WAITS FOR",
        "2126-05-14T20:00:00Z  ? d  offboard  P-1     its day    event hr-7",
        "",
        "Nobody is at work on this person right now.",
        "",
        "P-2: onboarded (EmployeeHired hr-5 applied 2026-05-14T09:00:00Z)",
        "     license set (relicense hr-6 applied 2026-05-14T09:00:00Z)",
        "     desk@example.com",
        "     b***@example.org",
        "",
        "DECIDED               INTENT     OUTCOME  AFTER   WHY",
        `${start}  onboard    applied  60 min       event hr-5  received ${start}  settled 2026-05-14T09:00:00Z`,
        `${start}  relicense  applied  60 min       event hr-6  received ${start}  settled 2026-05-14T09:00:00Z`,
        "",
        "Nobody is at work on this person right now.",
        "",
      ],
    });
  });

  it("tells programs all of it as one JSON object", async () => {
    const { exitCode, stdout } = await bench.run(["history", "desk@example.com", "--json"]);
    const { people, ...about } = JSON.parse(stdout);
    const [first, second] = people;
    const { dueInSeconds, ...waiting } = first.waiting[0];
    expect([exitCode, about, first.decisions, dueInSeconds > 0]).toEqual([
      0,
      { target: devTarget, asked: "desk@example.com", table: "rollcall-dev-ledger" },
      [],
      true,
    ]);
    expect(waiting).toEqual({
      personId: "P-1",
      eventId: "hr-7",
      intent: "offboard",
      because: "effectiveLater",
      dueAt: "2126-05-14T20:00:00.000Z",
      event: {
        "detail-type": "EmployeeLeft",
        detail: {
          metadata: { id: "hr-7" },
          data: { email: "desk@example.com", previousEmails: ["o***@example.com"] },
        },
      },
    });
    const hired = {
      eventId: "hr-5",
      intent: "onboard",
      outcome: "applied",
      occurredAt: "2026-05-14T08:00:00.000Z",
      receivedAt: "2026-05-14T08:00:00.000Z",
      settledAt: "2026-05-14T09:00:00.000Z",
      trail: [
        { at: "2026-05-14T08:00:00.000Z", step: "received" },
        { at: "2026-05-14T09:00:00.000Z", step: "applied" },
      ],
      secondsFromDecision: 3600,
    };
    const relicensed = { ...hired, eventId: "hr-6", intent: "relicense" };
    const free = { state: "free" };
    expect(second).toEqual({
      personId: "P-2",
      emails: ["desk@example.com", "b***@example.org"],
      heads: [
        { aspect: "access", settled: { eventId: "hr-5", as: "applied", decision: hired }, lease: free },
        { aspect: "license", settled: { eventId: "hr-6", as: "applied", decision: relicensed }, lease: free },
      ],
      decisions: [hired, relicensed],
      waiting: [],
    });
  });

  it("says who is at work, and whose work came to no end", async () => {
    const until = Date.now() + 100_000;
    const busy = of("hr-8", 0, "offboard", "P-3");
    await bench.claim(busy, { owner: "invocation-1", now: Date.now(), until });
    await bench.claim({ ...busy, intent: "relicense" }, { owner: "invocation-2", now: 1, until: 1000 });
    const { exitCode, stdout } = await bench.run(["history", "P-3"]);
    const untilText = new Date(until).toISOString().replace(/\.\d+/, "");
    expect({ exitCode, lines: stdout.replace(/in \d+ s/, "in ? s").split("\n") }).toEqual({
      exitCode: 0,
      lines: [
        "P-3: nothing done about access yet",
        "     nothing done about the license yet",
        "     p***@example.com",
        "",
        `access: invocation invocation-1 is at work, until ${untilText} at the latest (in ? s).`,
        "license: invocation invocation-2 had until 1970-01-01T00:00:01Z and never finished; its message comes again.",
        "",
      ],
    });
  });

  it("ends with 1 for somebody unknown, and says where to look next", async () => {
    const runs = await Promise.all([
      bench.run(["history", "p-t0042"]),
      bench.run(["history", "nobody@example.com", "--json"]),
    ]);
    const unread = "An event that cannot be read is in a dead-letter queue.";
    const unknown = `the ledger rollcall-dev-ledger knows nobody called nobody@example.com (TARGET). It knows people by their latest address only: try the person's id in HR, or another ledger with --stage or --table. ${unread}`;
    expect(runs).toEqual([
      {
        exitCode: 1,
        stdout: "",
        stderr: `error: the ledger rollcall-dev-ledger knows nobody called p-t0042 (TARGET). Ids count as HR writes them, to the letter: try the e-mail address, or another ledger with --stage or --table. ${unread}\n`,
      },
      {
        exitCode: 1,
        stdout: `${JSON.stringify({ target: devTarget, asked: "nobody@example.com", table: "rollcall-dev-ledger", people: [], error: { code: "failed", message: unknown } })}\n`,
        stderr: `error: ${unknown}\n`,
      },
    ]);
  });
});
