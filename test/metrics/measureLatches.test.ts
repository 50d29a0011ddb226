import { expect, it } from "vitest";
import { measureLatches } from "../../src/metrics/measureLatches.ts";
import { initialState } from "../../src/safeguard/safeguardState.ts";

it("a latch is a gauge: 1 for each account where it is closed, 0 where it is not", () => {
  const latch = { closedAt: 0, asked: 60, passed: 0, limit: 50 };
  const accounts = [
    { accountId: "a", state: { ...initialState, latch } },
    { accountId: "b", state: initialState },
  ];
  expect(measureLatches(accounts)).toEqual([
    { name: "LatchClosed", values: [1], dimensions: { account: "a" } },
    { name: "LatchClosed", values: [0], dimensions: { account: "b" } },
  ]);
});

it("without any account the whole is well", () => {
  expect(measureLatches([])).toEqual([{ name: "LatchClosed", values: [0], dimensions: {} }]);
});
