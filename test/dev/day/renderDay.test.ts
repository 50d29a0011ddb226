import { describe, expect, it } from "vitest";
import type { DayReport } from "../../../dev/day/dayReport.ts";
import { renderDay } from "../../../dev/day/renderDay.ts";
import { aDayReport } from "./aDayReport.ts";

const plain = (report: DayReport) => renderDay(report, (_, text) => text);
const styles = (report: DayReport) =>
  renderDay(report, (style, text) => `<${style}>${text}`).filter((line) => line.startsWith("<"));

const eventfulDay = aDayReport({
  events: { published: 1260, malformed: 5, followUps: 0, refused: 3 },
  refusals: [
    { code: "NotJson", reason: "expected a JSON object, complete on this line", count: 2, firstLine: 7 },
    { code: "UnknownDetailType", reason: "no rule would match it", count: 1, firstLine: 9 },
  ],
  outcomes: { deferred: 3, applied: 1240, undelivered: 1, rejected: 16 },
  retries: { PersonBusy: 12, LedgerUnavailable: 2 },
  calls: [
    {
      directory: "Amazon Chime",
      operations: {
        ListUsers: { calls: 10, users: 0 },
        BatchSuspendUser: { calls: 24, users: 1178 },
        InviteUsers: { calls: 2, users: 62 },
      },
    },
    {
      directory: "SCIM targets",
      operations: {
        list: { calls: 3, users: 0 },
        bulk: { calls: 1, users: 7 },
        create: { calls: 1, users: 1 },
      },
    },
  ],
  deadLetters: [
    { queue: "rollcall-dev-offboard-dlq", reason: "Malformed", count: 5 },
    { queue: "rollcall-dev-offboard-dlq", reason: "Undelivered", count: 1 },
    { queue: "rollcall-dev-relicense-dlq", reason: "LicenseNotSupported", count: 2 },
    { queue: "rollcall-dev-relicense-dlq", reason: "PhoneNumberAssociationsExist", count: 9 },
  ],
  waiting: [
    { because: "effectiveLater", count: 1, nextAt: "2026-05-15T22:00:00.000Z" },
    { because: "notRegistered", count: 2, nextAt: "2026-05-14T08:05:59.000Z" },
  ],
  directory: [
    {
      accountId: "team-0001",
      type: "Team",
      before: { registered: 1175, invited: 0, suspended: 25 },
      after: { registered: 1069, invited: 44, suspended: 131 },
    },
    {
      accountId: "ad-0001",
      type: "EnterpriseDirectory",
      before: { registered: 20, invited: 0, suspended: 0 },
      after: { registered: 20, invited: 0, suspended: 0 },
    },
  ],
});

describe("the summary of a day", () => {
  it("says of a day that did not come to its end that this is not all, and calls nothing a defect", () => {
    const lines = renderDay(eventfulDay, (_, text) => text, { isFinished: false });
    expect(lines.at(-1)).toBe("The day did not come to its end: this is what had happened by then.");
    expect(lines.join()).not.toContain("defect");
  });

  it("lists what was published, the outcomes, what waits, the dead letters with their reasons, and the calls", () => {
    expect(plain(eventfulDay)).toEqual([
      "1,260 events published, 5 of them malformed.",
      "3 lines not published:",
      "  2 NotJson, the first in line 7: expected a JSON object, complete on this line",
      "  1 UnknownDetailType, the first in line 9: no rule would match it",
      "",
      "Outcomes",
      "  1,240  applied      carried out in the directory",
      "      3  deferred     waits, see below",
      "     16  rejected     will never succeed: a dead letter",
      "      1  undelivered  EventBridge gave up on it: a dead letter",
      "  Retried on the way: PersonBusy 12, LedgerUnavailable 2.",
      "",
      "Waiting",
      "  1  until the decision takes effect, the first at 2026-05-15 22:00 UTC",
      "  2  until the user has registered, looked up again at 2026-05-14 08:05 UTC",
      "",
      "Dead letters",
      "  5  offboard-dlq   Malformed                     breaks its schema",
      "  1  offboard-dlq   Undelivered                   EventBridge gave up on it",
      "  2  relicense-dlq  LicenseNotSupported           not a license of the account",
      "  9  relicense-dlq  PhoneNumberAssociationsExist  refused by the directory",
      "",
      "Calls to Amazon Chime (simulated)",
      "                    calls  users  users per call",
      "  InviteUsers           2     62            31.0",
      "  BatchSuspendUser     24  1,178            49.1",
      "  ListUsers            10",
      "",
      "Calls to SCIM targets (simulated)",
      "          calls  users  users per call",
      "  create      1      1             1.0",
      "  bulk        1      7             7.0",
      "  list        3",
      "  1,248 users in 28 calls. One call for each well-formed event",
      "  would have been 1,255 calls, plus the look-ups.",
      "",
      "Users before and after",
      "                                    registered  invited  suspended",
      "  team-0001 (Team)               1,175 → 1,069   0 → 44   25 → 131",
      "  ad-0001 (EnterpriseDirectory)             20        0          0",
      "",
      "Every event is accounted for, in 12 s.",
    ]);
  });

  it("is never wider than 80 characters", () => {
    expect(plain(eventfulDay).filter((line) => line.length > 80)).toEqual([]);
  });

  it("leaves out sections without content", () => {
    expect(plain(aDayReport())).toEqual([
      "1 event published.",
      "",
      "Outcomes",
      "  1  applied  carried out in the directory",
      "",
      "Dead letters",
      "  none",
      "",
      "Calls to Amazon Chime (simulated)",
      "                    calls  users  users per call",
      "  BatchSuspendUser      1      1             1.0",
      "  1 user in 1 call. One call for each well-formed event",
      "  would have been 1 calls, plus the look-ups.",
      "",
      "Users before and after",
      "    registered  invited  suspended",
      "",
      "Every event is accounted for, in 12 s.",
    ]);
  });

  it("leaves out a directory that was not called", () => {
    const [chime] = eventfulDay.calls;
    const calls = [{ directory: "SCIM targets", operations: {} }, ...(chime ? [chime] : [])];
    const headings = plain(aDayReport({ calls })).filter((line) => line.startsWith("Calls"));
    expect(headings).toEqual(["Calls to Amazon Chime (simulated)"]);
  });

  it("says so if there was no event", () => {
    const events = { published: 0, malformed: 0, followUps: 0, refused: 0 };
    expect(plain(aDayReport({ events, outcomes: {}, calls: [] }))).toEqual([
      "The file has no events, so nothing was published.",
    ]);
  });

  it("counts the follow-up events, and the calls that they would have taken", () => {
    const report = aDayReport({ events: { published: 5, malformed: 1, followUps: 2, refused: 0 } });
    const lines = renderDay(report, (_, text) => text);
    expect([lines.slice(0, 2), lines.filter((line) => line.includes("would have been"))]).toEqual([
      [
        "5 events published, 1 of them malformed.",
        "2 follow-up events published for the licenses of new users.",
      ],
      ["  would have been 6 calls, plus the look-ups."],
    ]);
  });

  it("says in red what is not accounted for, and in green that all is", () => {
    const report = aDayReport({ lost: 1, outcomes: {}, busLosses: ["1 event matched no rule"] });
    expect(styles(report).slice(-4)).toEqual([
      "<red>Not every event is accounted for. This is a defect; please report it.",
      "<red>  Neither in the journal nor in a dead-letter queue: 1 event.",
      "<red>  Published: 1, follow-ups: 0, outcomes: 0.",
      "<red>  The bus lost events: 1 event matched no rule.",
    ]);
    expect(styles(aDayReport()).at(-1)).toEqual("<green>Every event is accounted for, in 12 s.");
  });
});
