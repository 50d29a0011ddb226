import { beforeAll, describe, expect, it } from "vitest";
import { farDay, useLedgerBench, withoutDays } from "./ledgerBench.ts";

const bench = useLedgerBench();
const headings = "DUE                   IN       INTENT     PERSON  WAITS FOR";
const since = "2026-05-14T08:10:00.000Z";

describe("rollcall pending", () => {
  it("says that nothing waits, which is no failure", async () => {
    const runs = await Promise.all([
      bench.run(["pending"]),
      bench.run(["pending", "--until", "2126-06-30", "--person", "P-9"]),
    ]);
    expect(runs).toEqual([
      { exitCode: 0, stdout: "Nothing waits in TARGET.\n", stderr: "" },
      {
        exitCode: 0,
        stdout: "Nothing waits for P-9 that is due by 2126-06-30T23:59:59Z in TARGET.\n",
        stderr: "",
      },
    ]);
  });

  describe("of a ledger in which decisions wait", () => {
    beforeAll(async () => {
      const day = 24 * 60;
      const told = { minute: 1 };
      await bench.putOff({ ...told, eventId: "hr-3", personId: "P-3" }, farDay + 2 * day);
      await bench.putOff({ ...told, eventId: "hr-1", personId: "P-1" }, farDay);
      await bench.putOff({ ...told, eventId: "hr-2", personId: "P-2", intent: "relicense" }, farDay + day, {
        since,
        email: "Bob@example.com",
      });
    });

    it("lists them by their due date, each with its reason, and counts each kind", async () => {
      const { stdout, ...end } = await bench.run(["pending"]);
      expect(end).toEqual({ exitCode: 0, stderr: "" });
      expect(withoutDays(stdout).split("\n")).toEqual([
        headings,
        "2126-05-14T20:00:00Z  ? d  offboard   P-1     its day       event hr-1",
        "2126-05-15T20:00:00Z  ? d  relicense  P-2     registration  event hr-2  since 2026-05-14T08:10:00Z",
        "2126-05-16T20:00:00Z  ? d  offboard   P-3     its day       event hr-3",
        "",
        "3 decisions wait: 2 offboard, 1 relicense (2 for their day, 1 for registration).",
        "",
      ]);
    });

    it("tells programs all of it, or what the options leave of it, as one JSON object", async () => {
      const { stdout } = await bench.run([
        "pending",
        "--json",
        "--until",
        "2126-05-15",
        "--person",
        "BOB@example.com",
      ]);
      const { pending, ...about } = JSON.parse(stdout);
      expect(about).toEqual({
        target: { stage: "dev", account: null, region: "us-east-1" },
        table: "rollcall-dev-ledger",
        until: "2126-05-15T23:59:59.999Z",
        person: "BOB@example.com",
        count: 1,
        byIntent: { relicense: 1 },
        byReason: { notRegistered: 1 },
      });
      expect(pending.map((decision: object) => ({ ...decision, dueInSeconds: 0 }))).toEqual([
        {
          personId: "P-2",
          eventId: "hr-2",
          intent: "relicense",
          because: "notRegistered",
          dueAt: "2126-05-15T20:00:00.000Z",
          dueInSeconds: 0,
          waitingSince: since,
          event: {
            "detail-type": "EmployeeLeft",
            detail: {
              metadata: { id: "hr-2", waitingSince: since },
              data: { email: "Bob@example.com", previousEmails: ["o***@example.com"] },
            },
          },
        },
      ]);
    });

    it("warns of decisions that should have been published long ago", async () => {
      await bench.putOff({ eventId: "hr-0", minute: 0, personId: "P-0" }, -20 * 365 * 24 * 60);
      const { exitCode, stdout, stderr } = await bench.run(["pending", "--until", "1m"]);
      expect({ exitCode, lines: stdout.split("\n").slice(0, 2), stderr }).toEqual({
        exitCode: 0,
        lines: [
          "DUE                   IN   INTENT    PERSON  WAITS FOR",
          "2006-05-19T08:00:00Z  now  offboard  P-0     its day    event hr-0",
        ],
        stderr:
          "1 of them should have been published more than 5 minutes ago: look at the log of the publishDue function.\n",
      });
    });
  });
});
