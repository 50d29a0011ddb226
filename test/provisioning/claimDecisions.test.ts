import { describe, expect, it } from "vitest";
import type { ClaimAnswer, Ledger } from "../../src/ledger/ledger.ts";
import { claimDecisions } from "../../src/provisioning/claimDecisions.ts";
import { fanOutToMessages } from "../../src/provisioning/commitResults.ts";
import { groupByPerson } from "../../src/provisioning/groupByPerson.ts";
import { aDecision, aGroup } from "./samples.ts";

const granted: ClaimAnswer = { kind: "granted", interrupted: false, pending: [] };

/** A ledger that gives these answers, whatever it is asked. */
function answering(...answers: ClaimAnswer[]): Pick<Ledger, "claim"> {
  return { claim: async () => answers };
}

async function outcomeOf(...answers: ClaimAnswer[]) {
  const ledger = { ...answering(...answers), commit: never, record: never };
  const group = aGroup(aDecision({ eventId: "e1" }));
  const { granted, refused } = await claimDecisions([group], {
    ledger,
    lease: { owner: "w", now: 0, until: 1 },
  });
  return { mayAct: granted.has(group), outcome: refused[0]?.outcome };
}

const never = () => Promise.reject(new Error("the claim commits and records nothing"));

describe("a decision whose claim", () => {
  it("is granted may be acted on", async () => {
    expect(await outcomeOf(granted)).toEqual({ mayAct: true, outcome: undefined });
  });

  it("is asked for by the newest of its person, under the invocation's lease", async () => {
    const asked: Parameters<Ledger["claim"]>[] = [];
    const ledger = {
      claim: async (...of: Parameters<Ledger["claim"]>) => {
        asked.push(of);
        return [];
      },
    };
    const lease = { owner: "w", now: 0, until: 1 };
    const decisions = [aDecision({ eventId: "e1" }), aDecision({ eventId: "e2", personId: "p-2" })];
    const groups = groupByPerson(decisions);
    await claimDecisions(groups, { ledger, lease });
    expect(asked).toEqual([[groups.map(({ newest }) => newest), lease]]);
  });

  it("came to its final outcome before is a duplicate", async () => {
    const outcome = { kind: "unchanged", because: "duplicate" };
    expect(await outcomeOf({ kind: "duplicate" })).toEqual({ mayAct: false, outcome });
  });

  it("was discarded is a duplicate, and the older ones come again to be processed without it", async () => {
    const of = (eventId: string, index: number) => aDecision({ eventId, index, version: `2026|${eventId}` });
    const [group] = groupByPerson([of("e3", 0), of("e1", 1), of("e3", 2), of("e2", 3)]);
    if (group === undefined) throw new Error("no group");
    const ledger = { ...answering({ kind: "discarded" }), commit: never, record: never };
    const lease = { owner: "w", now: 0, until: 1 };
    const { granted, refused } = await claimDecisions([group], { ledger, lease });
    const outcomes = fanOutToMessages(refused).map(({ index, outcome }) => [index, outcome.kind]);
    expect(refused.map(({ outcome }) => outcome)).toEqual([
      { kind: "unchanged", because: "duplicate" },
      {
        kind: "retry",
        code: "BesideDiscarded",
        reason: expect.stringMatching(/discarded by an operator; it is tried again soon/),
        atMostSeconds: 60,
      },
    ]);
    expect({ granted: granted.size, outcomes: outcomes.toSorted() }).toEqual({
      granted: 0,
      outcomes: [
        [0, "unchanged"],
        [1, "retry"],
        [2, "unchanged"],
        [3, "retry"],
      ],
    });
  });

  it("is older than the one that stands is superseded by that one", async () => {
    const outcome = { kind: "superseded", by: "e2" };
    expect(await outcomeOf({ kind: "superseded", by: "e2" })).toEqual({ mayAct: false, outcome });
  });

  it("finds somebody else at work comes again within a minute", async () => {
    const { mayAct, outcome } = await outcomeOf({ kind: "busy", until: 5_000 });
    expect({ mayAct, outcome }).toEqual({
      mayAct: false,
      outcome: {
        kind: "retry",
        code: "PersonBusy",
        reason:
          "another decision about the same person is under way or still to come; it is tried again soon",
        atMostSeconds: 60,
        receivesAreNumbered: true,
      },
    });
  });

  it.each([
    ["meets a fault of the ledger", [{ kind: "fault", reason: "throttled" } as const], "throttled"],
    ["is not answered at all", [], "the ledger gave no answer for the message"],
  ])("%s comes again, and nothing is guessed", async (_, answers, reason) => {
    expect(await outcomeOf(...answers)).toEqual({
      mayAct: false,
      outcome: { kind: "retry", code: "LedgerUnavailable", reason },
    });
  });
});
