import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type MeasuredBatch,
  type MeasuredMessage,
  measureBatch,
  measureLatches,
} from "../../src/observability/measurements.ts";
import type { Measurement } from "../../src/observability/metricTable.ts";
import { initialState } from "../../src/safeguard/safeguardState.ts";

const now = Date.parse("2026-05-14T18:00:00Z");
const secondsAgo = (seconds: number) => now - seconds * 1000;

function message(
  kind: MeasuredMessage["kind"],
  accountId?: string,
  { occurred = 60, effective = occurred }: { occurred?: number; effective?: number } = {},
): MeasuredMessage {
  return {
    kind,
    receivedAt: secondsAgo(30),
    decision: {
      accountId,
      occurredAt: secondsAgo(occurred),
      effectiveAt: secondsAgo(effective),
    },
  };
}

const unreadable = (kind: MeasuredMessage["kind"]): MeasuredMessage => ({
  ...message(kind),
  decision: undefined,
});

function measure(messages: MeasuredMessage[], calls: MeasuredBatch["calls"] = []): Measurement[] {
  return measureBatch({ messages, calls, now });
}

/** The values of one metric, by account (and operation). */
function valuesOf(measurements: readonly Measurement[], sought: Measurement["name"]) {
  return measurements.flatMap(({ name, values, dimensions: { account = "-", operation } }) =>
    name === sought ? [[operation === undefined ? account : `${account} ${operation}`, values]] : [],
  );
}

describe("a measured batch", () => {
  it("that was empty says that it did not fail", () => {
    expect(measure([])).toEqual([{ name: "BatchesFailed", values: [0], dimensions: {} }]);
  });

  it("counts what waits because its sender's clock is ahead, and not what waits for its day", () => {
    const ahead = { ...message("deferred", "a"), code: "fromTheFuture" };
    const dated = { ...message("deferred", "a"), code: "effectiveLater" };
    expect(valuesOf(measure([ahead, dated]), "FromTheFuture")).toEqual([["a", [1]]]);
  });

  it("counts messages by outcome and account", () => {
    const measured = measure([
      message("applied", "a"),
      message("applied", "a"),
      message("applied", "b"),
      message("unchanged", "a"),
      message("superseded", "a"),
      message("deferred", "a"),
      message("excluded"),
      unreadable("rejected"),
      message("rejected", "b"),
      message("retry", "b"),
    ]);
    const counts = measured.filter(({ name }) => !name.endsWith("Seconds") && name !== "BatchesFailed");
    expect(counts.map(({ name, values, dimensions }) => [name, dimensions.account, values])).toEqual([
      ["Applied", "a", [2]],
      ["Unchanged", "a", [1]],
      ["Superseded", "a", [1]],
      ["Deferred", "a", [1]],
      ["Applied", "b", [1]],
      ["Rejected", "b", [1]],
      ["Retried", "b", [1]],
      ["Excluded", undefined, [1]],
      ["Rejected", undefined, [1]],
    ]);
  });

  it("measures from when a decision took effect to when it was applied, for each", () => {
    const measured = measure([
      message("applied", "a", { occurred: 90 }),
      message("applied", "a", { occurred: 86_400, effective: 5.04 }),
      message("applied", "b", { occurred: 20, effective: 7200 }),
      // The clock of HR is ahead.
      message("applied", "b", { occurred: -3 }),
      message("unchanged", "a", { occurred: 1000 }),
    ]);
    expect(valuesOf(measured, "EventToAppliedSeconds")).toEqual([
      ["a", [90, 5]],
      ["b", [20, 0]],
    ]);
  });

  it("tells how long ago the oldest message to retry was first received, however old its event is", () => {
    const received = (seconds: number, of: MeasuredMessage) => ({
      ...of,
      receivedAt: secondsAgo(seconds),
    });
    const measured = measure([
      received(40, message("retry", "a", { occurred: 86_400 })),
      received(300, message("retry", "a")),
      received(9000, message("applied", "a")),
      received(30, unreadable("retry")),
    ]);
    expect(valuesOf(measured, "OldestUnsettledSeconds")).toEqual([
      ["a", [300]],
      ["-", [30]],
    ]);
  });

  it("counts calls, their users, those that were refused, and changes that were not made, by account and operation", () => {
    const measured = measure(
      [],
      [
        { operation: "suspend", accountId: "a", users: 50, refused: false },
        { operation: "suspend", accountId: "a", users: 3, refused: true },
        { operation: "suspend", accountId: "b", users: 9, refused: false, notApplied: 2 },
        { operation: "suspend", accountId: "b", users: 1, refused: false, notApplied: 1 },
        { operation: "listUsers", accountId: "a", refused: false },
        { operation: "suspend", accountId: "b", users: 7, refused: false },
      ],
    );
    expect(
      Object.fromEntries(
        (["Calls", "Users", "UsersPerCall", "ConfigurationRefused", "NotApplied"] as const).map((name) => [
          name,
          valuesOf(measured, name),
        ]),
      ),
    ).toEqual({
      Calls: [
        ["a suspend", [2]],
        ["b suspend", [3]],
        ["a listUsers", [1]],
      ],
      Users: [
        ["a suspend", [53]],
        ["b suspend", [17]],
      ],
      UsersPerCall: [
        ["a suspend", [50, 3]],
        ["b suspend", [9, 1, 7]],
      ],
      ConfigurationRefused: [["a suspend", [1]]],
      NotApplied: [["b suspend", [3]]],
    });
  });

  it("counts every message once, whatever they are, and never a negative or endless time", () => {
    const kinds = ["applied", "unchanged", "superseded", "deferred", "excluded", "held", "rejected"] as const;
    const counting = ["Applied", "Unchanged", "Superseded", "Deferred", "Excluded", "Held", "Rejected"];
    const seconds = fc.integer({ min: -100_000, max: 1e9 });
    const any = fc
      .record({
        kind: fc.constantFrom(...kinds, "retry" as const),
        account: fc.option(fc.constantFrom("a", "b"), { nil: undefined }),
        occurred: seconds,
        effective: seconds,
        readable: fc.boolean(),
      })
      .map(({ kind, account, readable, ...times }) =>
        readable ? message(kind, account, times) : unreadable(kind),
      );
    fc.assert(
      fc.property(fc.array(any, { maxLength: 30 }), (messages) => {
        const measured = measure(messages);
        const counted = measured
          .filter(({ name }) => counting.includes(name) || name === "Retried")
          .reduce((sum, { values: [count = 0] }) => sum + count, 0);
        const values = measured.flatMap((measurement) => measurement.values);
        expect([counted, values.filter((value) => !(value >= 0 && Number.isFinite(value)))]).toEqual([
          messages.length,
          [],
        ]);
      }),
    );
  });
});

describe("measured latches", () => {
  it("are a gauge: 1 for each account where it is closed, 0 where it is not", () => {
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

  it("are one 0 for the whole stack where there is no account", () => {
    expect(measureLatches([])).toEqual([{ name: "LatchClosed", values: [0], dimensions: {} }]);
  });
});
