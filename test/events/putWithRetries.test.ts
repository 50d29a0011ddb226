import { describe, expect, it } from "vitest";
import type { EventEntry, PutFailure } from "../../src/events/eventBus.ts";
import { MAX_ATTEMPTS, putWithRetries } from "../../src/events/putWithRetries.ts";
import { denied, type Fault, invalid, recordingBus, throttled } from "./recordingBus.ts";

describe("putWithRetries", () => {
  const entry = (id: string): EventEntry => ({
    source: "rollcall.hr",
    detailType: "EmployeeLeft",
    detail: JSON.stringify({ metadata: { id } }),
  });

  const accepted = (id: string) => ({ status: "accepted", eventId: `event-${id}` });

  async function put(ids: string[], faultOf: (call: number, ids: string[]) => Fault) {
    const bus = recordingBus(faultOf);
    const stop = new AbortController();
    const sleeps: number[] = [];
    const busFailures: PutFailure[] = [];
    const outcomes = await putWithRetries(ids.map(entry), {
      bus,
      sleep: async (milliseconds) => void sleeps.push(milliseconds),
      random: () => 0.5,
      signal: stop.signal,
      onBusFailure: (failure) => busFailures.push(failure),
    });
    return { outcomes, calls: bus.calls, sleeps, busFailures };
  }

  it("makes one call when all goes well, and none for nothing", async () => {
    expect(await put(["a", "b"], () => undefined)).toEqual({
      outcomes: [accepted("a"), accepted("b")],
      calls: [["a", "b"]],
      sleeps: [],
      busFailures: [],
    });
    expect((await put([], () => undefined)).calls).toEqual([]);
  });

  it("retries only the entries that failed transiently, and keeps the order of the outcomes", async () => {
    const run = await put(["a", "b", "c"], (call) => {
      if (call === 0) return { entries: { a: throttled, c: throttled } };
      if (call === 1) return { entries: { a: throttled } };
      return undefined;
    });
    expect(run).toEqual({
      outcomes: [accepted("a"), accepted("b"), accepted("c")],
      calls: [["a", "b", "c"], ["a", "c"], ["a"]],
      sleeps: [100, 200],
      busFailures: [],
    });
  });

  it("does not retry an entry that will never succeed", async () => {
    const run = await put(["a", "b"], () => ({ entries: { b: invalid } }));
    expect(run.outcomes).toEqual([
      accepted("a"),
      { status: "refused", code: "InvalidArgument", message: "not like this" },
    ]);
    expect(run.calls).toEqual([["a", "b"]]);
  });

  it("retries everything after a call that failed transiently as a whole", async () => {
    const run = await put(["a", "b"], (call) => (call < 2 ? { call: throttled } : undefined));
    expect(run.calls).toEqual([
      ["a", "b"],
      ["a", "b"],
      ["a", "b"],
    ]);
    expect(run.outcomes).toEqual([accepted("a"), accepted("b")]);
  });

  it("waits ever longer, up to a cap, and gives up on an entry after the last attempt", async () => {
    const run = await put(["a", "b"], () => ({ entries: { a: throttled } }));
    expect(run.sleeps).toEqual([100, 200, 400, 800, 1600, 3200, 5000]);
    expect(run.calls).toHaveLength(MAX_ATTEMPTS);
    expect(run.outcomes).toEqual([
      { status: "refused", code: "ThrottlingException", message: "slow down (after 8 attempts)" },
      accepted("b"),
    ]);
    expect(run.busFailures).toEqual([]);
  });

  it("reports the bus itself when no attempt of a whole call got through", async () => {
    const run = await put(["a"], () => ({ call: throttled }));
    expect(run.calls).toHaveLength(MAX_ATTEMPTS);
    expect(run.busFailures).toEqual([throttled]);
  });

  it("reports the bus at once when every entry would fail alike", async () => {
    const run = await put(["a", "b"], () => ({ call: denied }));
    const refused = { status: "refused", code: "AccessDeniedException", message: "no permission" };
    expect(run).toEqual({
      outcomes: [refused, refused],
      calls: [["a", "b"]],
      sleeps: [],
      busFailures: [denied],
    });
  });

  it("does not blame the bus for a call that it refused because of its entries", async () => {
    const run = await put(["a"], () => ({ call: invalid }));
    expect(run.outcomes).toEqual([{ status: "refused", code: "InvalidArgument", message: "not like this" }]);
    expect(run.busFailures).toEqual([]);
  });

  it("sends nothing more once its signal is aborted, and gives the reason", async () => {
    const bus = recordingBus(() => ({ entries: { b: throttled } }));
    const stop = new AbortController();
    const outcomes = await putWithRetries(["a", "b"].map(entry), {
      bus,
      sleep: async () => stop.abort("interrupted"),
      random: () => 0.5,
      signal: stop.signal,
      onBusFailure: () => {},
    });
    expect(outcomes).toEqual([accepted("a"), { status: "unsent", reason: "interrupted" }]);
    expect(bus.calls).toEqual([["a", "b"]]);
  });
});
