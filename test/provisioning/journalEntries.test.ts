import { describe, expect, it } from "vitest";
import type { JournalEntry, Ledger } from "../../src/ledger/ledger.ts";
import { journalUnclaimed, toJournalEntry } from "../../src/provisioning/journalEntries.ts";
import type { MessageOutcome, Outcome, Retry } from "../../src/provisioning/outcome.ts";
import { aDecision, noon } from "./samples.ts";

describe("journalUnclaimed", () => {
  type Answer = Awaited<ReturnType<Ledger["record"]>>[number];

  const superseded: Outcome = { kind: "superseded", by: "e-9" };
  const excluded: Outcome = { kind: "excluded", rule: "no account" };
  const deferred: Outcome = { kind: "deferred", because: "effectiveLater", until: noon };

  /** A ledger that collects the entries it is to record, and gives these answers. */
  function ledgerThat(answer: (position: number) => Answer | undefined = () => ({ kind: "done" })) {
    const entries: JournalEntry[] = [];
    const record: Ledger["record"] = async (given) => {
      entries.push(...given);
      return given.flatMap((_, position) => answer(position) ?? []);
    };
    return { entries, ledger: { record } };
  }

  /** Journals the outcomes of records 0, 1, 2 and so on, whose decisions are the events e-0, e-1, e-2. */
  async function journalAll(outcomes: readonly Outcome[], { ledger }: ReturnType<typeof ledgerThat>) {
    const ofMessages = outcomes.map((outcome, index): MessageOutcome => ({ index, outcome }));
    const unclaimed = outcomes.map((_, index) => aDecision({ index, eventId: `e-${index}` }));
    return journalUnclaimed(ofMessages, unclaimed, { ledger, clock: () => noon + 5000 });
  }

  it("writes down what was never claimed: superseded and excluded; what waits has its entry", async () => {
    const written = ledgerThat();
    await journalAll([superseded, excluded, deferred], written);
    expect(written.entries.map(({ eventId, outcome, code }) => [eventId, outcome, code])).toEqual([
      ["e-0", "superseded", "e-9"],
      ["e-1", "excluded", "no account"],
    ]);
    expect(new Set(written.entries.map(({ settledAt }) => settledAt))).toEqual(
      new Set(["2026-05-14T12:00:05.000Z"]),
    );
  });

  it("writes nothing of duplicates, of what comes again and of what could not be carried out", async () => {
    const written = ledgerThat();
    const outcomes: Outcome[] = [
      { kind: "unchanged", because: "duplicate" },
      { kind: "retry", code: "PersonBusy", reason: "busy" },
      { kind: "rejected", code: "Malformed", reason: "no JSON" },
      { kind: "applied", requestId: "r-1" },
    ];
    const journalled = await journalAll(outcomes, written);
    expect([written.entries, journalled.map(({ outcome }) => outcome)]).toEqual([[], outcomes]);
  });

  it("leaves to the claim what the claim has written", async () => {
    const { entries, ledger } = ledgerThat();
    const outcomes: MessageOutcome[] = [{ index: 0, outcome: superseded }];
    expect(await journalUnclaimed(outcomes, [], { ledger, clock: () => noon })).toEqual(outcomes);
    expect(entries).toEqual([]);
  });

  it("lets a message come again whose entry the ledger did not take, and no other", async () => {
    const ledger = ledgerThat((position) =>
      position === 1 ? { kind: "fault", reason: "throttled" } : { kind: "done" },
    );
    const outcomes = await journalAll(
      [superseded, { kind: "unchanged", because: "duplicate" }, excluded, deferred],
      ledger,
    );
    expect(outcomes).toEqual([
      { index: 0, outcome: superseded },
      { index: 1, outcome: { kind: "unchanged", because: "duplicate" } },
      { index: 2, outcome: { kind: "retry", code: "LedgerUnavailable", reason: "throttled" } },
      { index: 3, outcome: deferred },
    ]);
  });

  it("counts an answer that is missing as a failure", async () => {
    const ledger = ledgerThat((position) => (position === 0 ? { kind: "done" } : undefined));
    const outcomes = await journalAll([superseded, excluded], ledger);
    expect(outcomes.map(({ outcome }) => outcome.kind)).toEqual(["superseded", "retry"]);
  });
});

describe("a journal entry", () => {
  const settledAt = "2026-05-14T12:00:05.000Z";

  it("names the decision, its outcome and their times", () => {
    const { version, ...decision } = aDecision({
      effectiveAt: noon + 1000,
      accountId: "team",
      // Of which the journal has nothing.
      profile: { givenName: "Ada", familyName: "Lovelace" },
    });
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

  it("names who released the decision and why, where the event came from, its receives, and the user before", () => {
    const decision = aDecision({ receiveCount: 3, origin: "roster", correlationId: "roster-1" });
    const grant = { approvedBy: "grace", approvalNote: "checked" };
    const before = { status: "registered", license: "Pro" };
    expect(
      toJournalEntry(decision, { kind: "applied", requestId: undefined }, settledAt, grant, before),
    ).toMatchObject({
      by: "grace",
      note: "checked",
      receives: 3,
      origin: "roster",
      correlationId: "roster-1",
      userBefore: before,
    });
  });

  it.each<[Exclude<Outcome, Retry>, string | undefined, string | undefined]>([
    [{ kind: "applied", requestId: undefined }, undefined, undefined],
    [{ kind: "applied", requestId: "r" }, undefined, "r"],
    [{ kind: "unchanged", because: "alreadySo" }, "alreadySo", undefined],
    [{ kind: "superseded", by: "e-2" }, "e-2", undefined],
    [{ kind: "deferred", because: "notRegistered", until: noon }, "notRegistered", undefined],
    [{ kind: "excluded", rule: "no account" }, "no account", undefined],
    [{ kind: "held", rule: "SuspensionLatch" }, "SuspensionLatch", undefined],
    [{ kind: "rejected", code: "UserNotFound", reason: "nobody" }, "UserNotFound", undefined],
    [{ kind: "rejected", code: "Forbidden", reason: "no", requestId: "r" }, "Forbidden", "r"],
  ])("says why, in one word if there is one: %o", (outcome, code, requestId) => {
    const entry = toJournalEntry(aDecision(), outcome, settledAt);
    expect([entry.outcome, entry.code, entry.requestId]).toEqual([outcome.kind, code, requestId]);
  });
});
