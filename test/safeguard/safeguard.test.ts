import { describe, expect, it } from "vitest";
import { usualLimits } from "../../src/policy/suspensionLimits.ts";
import { admit, giveBack, memorySafeguardStore } from "../../src/safeguard/safeguard.ts";
import { initialState, type SafeguardStore } from "../../src/safeguard/safeguardState.ts";
import { safeguardContract } from "./safeguardContract.ts";

safeguardContract("the safeguard in memory", async () => ({
  store: memorySafeguardStore(),
  close: async () => undefined,
}));

it("the safeguard in memory lists the accounts by their ids", async () => {
  const states = new Map(["b", "c", "a"].map((id) => [id, { ...initialState }]));
  const listed = await memorySafeguardStore(states).list();
  expect(listed.map(({ accountId }) => accountId)).toEqual(["a", "b", "c"]);
});

describe("the safeguard of a batch", () => {
  const now = Date.parse("2026-05-14T12:00:00Z");
  const faults: unknown[] = [];
  const over = (store: SafeguardStore) => ({
    store,
    limitsOf: () => usualLimits,
    onFault: (error: unknown) => void faults.push(error),
  });
  const broken: SafeguardStore = {
    update: async () => {
      throw new Error("no answer");
    },
    list: async () => [],
  };
  const five = { immediate: 0, others: 5 };

  it("takes what was not used off the count, and writes nothing where all was used", async () => {
    const states = new Map();
    const safeguard = over(memorySafeguardStore(states));
    const admission = await admit(safeguard, "team", five, usualLimits, now);
    if (admission.kind !== "decided") throw new Error(`expected an admission; got ${admission.kind}`);
    const admitted = states.get("team");
    await giveBack(safeguard, "team", admission.receipt, 0);
    const untouched = states.get("team") === admitted;
    await giveBack(safeguard, "team", admission.receipt, 2);
    expect([untouched, states.get("team").admissions]).toMatchObject([true, [{ people: 3 }]]);
  });

  it("admits nobody where the store gives no answer, and says so", async () => {
    expect(await admit(over(broken), "team", five, usualLimits, now)).toEqual({
      kind: "fault",
      reason: "the safeguard could not count the suspensions: Error: no answer",
    });
  });

  it("tells of what could not be taken off the count", async () => {
    await giveBack(over(broken), "team", { at: now, people: 5, immediate: 0 }, 1);
    expect(faults.map(String)).toEqual(["Error: no answer"]);
  });
});
