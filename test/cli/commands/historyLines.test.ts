import { describe, expect, it } from "vitest";
import { personLines } from "../../../src/cli/commands/historyLines.ts";
import type { JournalOutcome } from "../../../src/ledger/ledger.ts";
import {
  type DecisionReport,
  type HeadReport,
  toPersonReport,
} from "../../../src/operations/inspectPerson.ts";
import { stateText, whyText } from "../../../src/operations/words/decisionWords.ts";
import type { Intent } from "../../../src/pipelineSettings.ts";
import { entryOf, start, timeOf, waitingFor } from "../../ledger/decisions.ts";

const left = { eventId: "hr-20260514-0002", minute: 10 };
const back = { eventId: "hr-20260514-0003", minute: 20, intent: "reinstate" } as const;
const person = toPersonReport(
  {
    personId: "P-T0042",
    heads: [
      {
        aspect: "access",
        settled: { eventId: left.eventId, version: entryOf(left, "applied").version, as: "applied" },
      },
    ],
    entries: [
      {
        ...entryOf(left, "applied"),
        accountId: "0d5b2f0e-9f7c-4d6f-8f5e-0f8f2c5b4a11",
        requestId: "b7c9f2a4-2f19-4d1a-8f4e-5a2c9e7d1f00",
      },
    ],
    waiting: [waitingFor(back, 24 * 60)],
    held: [],
  },
  (text) => text,
  start,
);
const plain = (width: number) => ({ width, paint: (_: unknown, text: string) => text });

describe("personLines", () => {
  it("fits 80 columns", () => {
    expect(personLines(person, plain(80), timeOf(60))).toEqual([
      "P-T0042: suspended (EmployeeLeft hr-20260514-0002 applied 2026-05-14T09:00:00Z)",
      "",
      "DECIDED               INTENT    OUTCOME  AFTER   WHY",
      "2026-05-14T08:10:00Z  offboard  applied  50 min",
      "  event hr-20260514-0002  account 0d5b2f0e-9f7c-4d6f-8f5e-0f8f2c5b4a11",
      "  request b7c9f2a4-2f19-4d1a-8f4e-5a2c9e7d1f00  received 2026-05-14T08:10:00Z",
      "  settled 2026-05-14T09:00:00Z",
      "",
      "DUE                   IN    INTENT     PERSON  WAITS FOR",
      "2026-05-15T08:00:00Z  24 h  reinstate  ada     its day    event hr-20260514-0003",
      "",
      "Nobody is at work on this person right now.",
    ]);
  });

  it("says of each aspect who is at work, or whose work came to no end", () => {
    const until = new Date(timeOf(61)).toISOString();
    const heads = (["held", "lapsed"] as const).map((state) => ({
      aspect: "access" as const,
      settled: null,
      lease: { state, owner: "one", until },
    }));
    const ownerless = { aspect: "license", settled: null, lease: { state: "lapsed" } } as const;
    const lines = personLines({ ...person, heads: [...heads, ownerless] }, plain(80), timeOf(60));
    expect(lines.slice(-3)).toEqual([
      "access: invocation one is at work, until 2026-05-14T09:01:00Z at the latest (in 60 s).",
      "access: invocation one had until 2026-05-14T09:01:00Z and never finished; its message comes again.",
      "license: an earlier invocation never finished; its message comes again.",
    ]);
  });

  it("makes one line of each record where nobody watches", () => {
    const lines = personLines(person, plain(Number.POSITIVE_INFINITY), timeOf(60));
    expect(lines.length).toBe(9);
  });
});

const decided = (intent: Intent, outcome: JournalOutcome, code?: string): DecisionReport => ({
  eventId: "hr-1",
  intent,
  outcome,
  ...(code !== undefined && { code }),
  occurredAt: "2026-05-14T08:00:00.000Z",
  receivedAt: "2026-05-14T08:00:05.000Z",
  settledAt: "2026-05-14T08:00:09.999Z",
  trail: [],
  secondsFromDecision: 9.999,
});
const head = (decision?: DecisionReport | null): HeadReport => ({
  aspect: decision?.intent === "relicense" ? "license" : "access",
  settled:
    decision === undefined
      ? null
      : { eventId: "hr-1", as: decision?.outcome === "rejected" ? "rejected" : "applied", decision },
  lease: { state: "free" },
});

describe("stateText", () => {
  it.each([
    [decided("onboard", "applied"), "onboarded (EmployeeHired hr-1 applied 2026-05-14T08:00:09Z)"],
    [
      decided("offboard", "unchanged", "alreadySo"),
      "suspended (EmployeeLeft hr-1 unchanged 2026-05-14T08:00:09Z: already so)",
    ],
    [decided("reinstate", "applied"), "reinstated (EmployeeReturned hr-1 applied 2026-05-14T08:00:09Z)"],
    [decided("relicense", "applied"), "license set (relicense hr-1 applied 2026-05-14T08:00:09Z)"],
    [
      decided("offboard", "rejected", "NotFound"),
      "suspension rejected (EmployeeLeft hr-1 rejected 2026-05-14T08:00:09Z: NotFound)",
    ],
  ])("tells the state by the decision that stands", (decision, text) => {
    expect(stateText(head(decision), [])).toBe(text);
  });

  it("tells by the head alone when the journal has let go of the decision", () => {
    expect(stateText(head(null), [])).toBe("hr-1 was applied; its journal entry has expired");
  });

  it("tells why nothing was done by the newest decision about the same aspect", () => {
    const decisions = [
      decided("onboard", "excluded", "noAccount"),
      decided("onboard", "deferred", "notRegistered"),
      decided("relicense", "superseded", "hr-2"),
    ];
    const states = [head(), { ...head(), aspect: "license" as const }];
    expect(states.map((each) => stateText(each, decisions))).toEqual([
      "nothing done about access yet (EmployeeHired hr-1 deferred 2026-05-14T08:00:09Z: the user has not registered)",
      "nothing done about the license yet (relicense hr-1 superseded 2026-05-14T08:00:09Z: by hr-2)",
    ]);
    expect(stateText(head(), [])).toBe("nothing done about access yet");
  });
});

describe("why a decision came to its end", () => {
  it.each([
    ["unchanged", "duplicate", "a duplicate"],
    ["unchanged", "alreadySo", "already so"],
    ["deferred", "notRegistered", "the user has not registered"],
    ["held", "SuspensionLimit", "too many suspensions at a time"],
    ["superseded", "e-9", "by e-9"],
    ["superseded", "duplicate", "by duplicate"],
    ["rejected", "UserNotFound", "UserNotFound"],
    ["rejected", "constructor", "constructor"],
    ["rejected", "__proto__", "__proto__"],
    ["applied", undefined, ""],
  ] as const)("%s for %s reads: %s", (outcome, code, text) => {
    expect(whyText({ outcome, ...(code !== undefined && { code }) })).toBe(text);
  });
});
