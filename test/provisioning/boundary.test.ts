import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Intent, pipelineNames } from "../../src/pipelineSettings.ts";
import { defect } from "../../src/provisioning/boundary.ts";
import {
  anyPerson,
  anyThrow,
  everyThrow,
  type Person,
  runWithThrow,
  type Throw,
  thrownStages,
} from "./throwing.ts";

/** The stages of a batch that read decisions, by their files: something must have been thrown in each. */
const stages = [
  "applyPolicy",
  "carryOutDecisions",
  "claimDecisions",
  "commitResults",
  "deferDecisions",
  "followUps",
  "groupByPerson",
  "journalEntries",
  "limitSuspensions",
  "lookUpUsers",
  "parseRecords",
  "performCalls",
  "planCalls",
  "postSuspensionActions",
  "resolveUsers",
  "setAsidePaused",
];

/**
 * A dead letter with a reason, or a retry; or what becomes of the messages anyway, where the step was made again without a fault.
 * A follow-up waits for what it follows from, whoever met its user in a scan. Nothing is left to `Unsettled`, which knows no reason.
 */
const ends = ["Malformed", "Defect", "LedgerUnavailable", "PersonBusy", "applied", "superseded", "deferred"];

/** Every place that can throw, each in every pipeline: chance alone might leave one out. */
const examples = pipelineNames.flatMap((intent) =>
  everyThrow.flatMap((thrown) =>
    ([undefined, "wrong"] as const).map((userId): [Scenario] => [
      [intent, thrown, { domain: "lwa", isLater: false, isUrgent: true, userId, messages: 1, follows: true }],
    ]),
  ),
);
/** Found by chance: a commit in memory read it between the writes of two people. */
const readBetweenWrites: [Scenario] = [
  [
    "relicense",
    { at: "eventId", read: 5 },
    { domain: "team", isLater: false, isUrgent: false, userId: undefined, messages: 2, follows: false },
  ],
];
type Scenario = [Intent, Throw, Person];

describe("whatever a stage or a port throws for one person of a batch", () => {
  it("ends as that one's outcome, with a reason, and every neighbour is served at once", async () => {
    const seen = new Set<string>();
    const scenario = fc.tuple(fc.constantFrom(...pipelineNames), anyThrow, anyPerson);
    await fc.assert(
      fc.asyncProperty(scenario, async ([intent, thrown, person]): Promise<void> => {
        const { neighbours, poisoned, thrownIn } = await runWithThrow(intent, thrown, person);
        expect(neighbours.filter((end) => end !== "applied")).toEqual([]);
        if (thrownIn.size === 0) return;
        for (const place of thrownIn) seen.add(place);
        expect(poisoned.filter((end) => !ends.includes(end))).toEqual([]);
      }),
      { numRuns: 2500, examples: [...examples, readBetweenWrites] },
    );
    // A run that throws in a few places only would prove little.
    expect([...thrownStages, ...stages].filter((place) => !seen.has(place))).toEqual([]);
  });
});

it("a person whose processing throws comes again, with the error's name alone, and not for ever", () => {
  const error = new TypeError("of ada@example.com");
  expect(defect(error)).toEqual({
    kind: "retry",
    code: "Defect",
    reason:
      "the processing of the person failed unexpectedly (TypeError); this is a defect, please report it",
    receivesAreNumbered: true,
    cause: error,
  });
});
