import { describe, expect, it } from "vitest";
import { journal } from "../../src/drain/journal.ts";
import type { Outcome, Settlement } from "../../src/drain/outcome.ts";
import type { JournalEntry } from "../../src/ledger/journalEntry.ts";
import type { Ledger } from "../../src/ledger/ledger.ts";
import { memoryLedger } from "../../src/ledger/memory/memoryLedger.ts";
import { memoryStore } from "../../src/ledger/memory/memoryStore.ts";
import { aDecision, noon } from "./samples.ts";

type Answer = Awaited<ReturnType<Ledger["record"]>>[number];

const superseded: Outcome = { kind: "superseded", by: "e-9" };
const excluded: Outcome = { kind: "excluded", rule: "no account" };
const deferred: Outcome = { kind: "deferred", because: "effectiveLater", until: noon };

/** A ledger that notes what it is to record, and answers as it is told to. */
function ledgerThat(answer: (position: number) => Answer | undefined = () => ({ kind: "done" })) {
  const entries: JournalEntry[] = [];
  const record: Ledger["record"] = async (given) => {
    entries.push(...given);
    return given.flatMap((_, position) => answer(position) ?? []);
  };
  return { entries, ledger: { ...memoryLedger(memoryStore()), record } };
}

/** Settlements of records 0, 1, 2 and so on, whose decisions are the events e-0, e-1, e-2. */
async function journalAll(outcomes: readonly Outcome[], { ledger }: ReturnType<typeof ledgerThat>) {
  const settlements = outcomes.map((outcome, index): Settlement => ({ index, outcome }));
  const unclaimed = outcomes.map((_, index) => aDecision({ index, eventId: `e-${index}` }));
  return journal(settlements, unclaimed, { ledger, clock: () => noon + 5000 });
}

describe("journal", () => {
  it("writes down what was never claimed: superseded, excluded and put off", async () => {
    const written = ledgerThat();
    await journalAll([superseded, excluded, deferred], written);
    expect(written.entries.map(({ eventId, outcome, code }) => [eventId, outcome, code])).toEqual([
      ["e-0", "superseded", "e-9"],
      ["e-1", "excluded", "no account"],
      ["e-2", "deferred", "effectiveLater"],
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
    const settled = await journalAll(outcomes, written);
    expect([written.entries, settled.map(({ outcome }) => outcome)]).toEqual([[], outcomes]);
  });

  it("leaves to the claim what the claim has written", async () => {
    const { entries, ledger } = ledgerThat();
    const settlements = [{ index: 0, outcome: superseded }];
    expect(await journal(settlements, [], { ledger, clock: () => noon })).toEqual(settlements);
    expect(entries).toEqual([]);
  });

  it("lets a message come again whose entry the ledger did not take, and no other", async () => {
    const ledger = ledgerThat((position) =>
      position === 1 ? { kind: "fault", reason: "throttled" } : { kind: "done" },
    );
    const settled = await journalAll(
      [superseded, { kind: "unchanged", because: "duplicate" }, excluded, deferred],
      ledger,
    );
    expect(settled).toEqual([
      { index: 0, outcome: superseded },
      { index: 1, outcome: { kind: "unchanged", because: "duplicate" } },
      { index: 2, outcome: { kind: "retry", code: "LedgerUnavailable", reason: "throttled" } },
      { index: 3, outcome: deferred },
    ]);
  });

  it("counts an answer that is missing as a failure", async () => {
    const ledger = ledgerThat((position) => (position === 0 ? { kind: "done" } : undefined));
    const settled = await journalAll([superseded, excluded], ledger);
    expect(settled.map(({ outcome }) => outcome.kind)).toEqual(["superseded", "retry"]);
  });
});
