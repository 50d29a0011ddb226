import { describe, expect, it } from "vitest";
import { readWaitingEvent } from "../../src/ledger/pendingStore.ts";
import { toPendingLine } from "../../src/provisioning/deferDecisions.ts";
import { leaver } from "../events/eventLines.ts";

describe("readWaitingEvent", () => {
  it("parses a deferred event: the addresses in lower case, and since when it waits", () => {
    const body = {
      source: "rollcall.hr",
      "detail-type": "EmployeeHired",
      detail: {
        metadata: { id: "e1" },
        data: { email: "Ada@Example.com", previousEmails: ["A.Byron@example.com"] },
      },
    };
    const since = Date.parse("2026-05-14T08:00:00Z");
    expect(
      readWaitingEvent(toPendingLine(JSON.stringify(body), { receivedAt: 0, waitingSince: since })),
    ).toEqual({
      emails: ["ada@example.com", "a.byron@example.com"],
      waitingSince: "2026-05-14T08:00:00.000Z",
    });
  });

  it("knows no beginning of the wait for a day", () => {
    expect(readWaitingEvent(leaver("e1"))).toEqual({ emails: ["ada@example.com"] });
  });

  it.each(["", "not JSON", "null", "[]", '{"detail": {"data": {"email": 7}, "metadata": {}}}'])(
    "finds no address in %j, and does not fail",
    (line) => {
      expect(readWaitingEvent(line)).toEqual({ emails: [] });
    },
  );
});
