import { describe, expect, it } from "vitest";
import { stillFollows } from "../../src/drain/stillFollows.ts";
import type { StandingAnswer } from "../../src/ledger/ledger.ts";
import { aDecision } from "./samples.ts";

const follower = aDecision({
  index: 7,
  intent: "relicense",
  licenseType: "Basic",
  follows: { type: "EmployeeLeft", id: "leave" },
});

/** The outcome of the sole decision, or that it stands, where the ledger gives this answer. */
async function judged(answer: StandingAnswer | undefined) {
  const ledger = { standing: async () => (answer === undefined ? [] : [answer]) };
  const { standing, settled } = await stillFollows([follower], { ledger });
  expect(standing.length + settled.length).toBe(1);
  const [settlement] = settled;
  if (settlement === undefined) return "stands";
  const { index, outcome } = settlement;
  return [index, outcome.kind, "code" in outcome ? outcome.code : "by" in outcome ? outcome.by : undefined];
}

describe("stillFollows", () => {
  it.each([
    ["lets pass what follows from the decision that stands", { kind: "stands", eventId: "leave" }, "stands"],
    [
      "settles what another decision has come over, which it names",
      { kind: "stands", eventId: "back" },
      [7, "superseded", "back"],
    ],
    ["waits for a decision that is being carried out", { kind: "open" }, [7, "retry", "PersonBusy"]],
    [
      "waits for the decision that it follows from, if none stands",
      { kind: "stands", eventId: undefined },
      [7, "retry", "PersonBusy"],
    ],
    [
      "tries again if the ledger fails",
      { kind: "fault", reason: "throttled" },
      [7, "retry", "LedgerUnavailable"],
    ],
    ["tries again if the ledger gives no answer", undefined, [7, "retry", "LedgerUnavailable"]],
  ] as const)("%s", async (_, answer, expected) => {
    expect(await judged(answer)).toEqual(expected);
  });

  it("asks nothing about decisions that follow from none", async () => {
    const ledger = { standing: () => Promise.reject(new Error("was asked")) };
    const own = aDecision({ intent: "relicense" });
    expect(await stillFollows([own], { ledger })).toEqual({ standing: [own], settled: [] });
  });
});
