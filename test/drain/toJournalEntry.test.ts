import { describe, expect, it } from "vitest";
import type { Outcome, Retry } from "../../src/drain/outcome.ts";
import { toJournalEntry } from "../../src/drain/toJournalEntry.ts";
import { aDecision, noon } from "./samples.ts";

const settledAt = "2026-05-14T12:00:05.000Z";

describe("a journal entry", () => {
  it("tells of the decision, and when what happened to it", () => {
    const { version, ...decision } = aDecision({ effectiveAt: noon + 1000, accountId: "team" });
    const entry = toJournalEntry({ ...decision, version }, { kind: "applied", requestId: "r-1" }, settledAt);
    expect(entry).toEqual({
      personId: "p-1",
      eventId: "e-1",
      intent: "offboard",
      version,
      outcome: "applied",
      requestId: "r-1",
      accountId: "team",
      occurredAt: "2026-05-14T12:00:00.000Z",
      effectiveAt: "2026-05-14T12:00:01.000Z",
      receivedAt: "2026-05-14T12:00:01.000Z",
      settledAt: "2026-05-14T12:00:05.000Z",
    });
  });

  it("has nothing to say of an account that was not found, or of an effect at once", () => {
    const decision = { ...aDecision(), accountId: undefined };
    const entry = toJournalEntry(decision, { kind: "excluded", rule: "no account" }, settledAt);
    expect(Object.keys(entry).toSorted()).toEqual([
      "code",
      "eventId",
      "intent",
      "occurredAt",
      "outcome",
      "personId",
      "receivedAt",
      "settledAt",
      "version",
    ]);
  });

  it.each<[Exclude<Outcome, Retry>, string | undefined, string | undefined]>([
    [{ kind: "applied", requestId: undefined }, undefined, undefined],
    [{ kind: "applied", requestId: "r" }, undefined, "r"],
    [{ kind: "unchanged", because: "alreadySo" }, "alreadySo", undefined],
    [{ kind: "superseded", by: "e-2" }, "e-2", undefined],
    [{ kind: "deferred", because: "notRegistered", until: noon }, "notRegistered", undefined],
    [{ kind: "excluded", rule: "no account" }, "no account", undefined],
    [{ kind: "rejected", code: "UserNotFound", reason: "nobody" }, "UserNotFound", undefined],
    [{ kind: "rejected", code: "Forbidden", reason: "no", requestId: "r" }, "Forbidden", "r"],
  ])("says why, in one word if there is one: %o", (outcome, code, requestId) => {
    const entry = toJournalEntry(aDecision(), outcome, settledAt);
    expect([entry.outcome, entry.code, entry.requestId]).toEqual([outcome.kind, code, requestId]);
  });
});
