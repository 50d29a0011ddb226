import { describe, expect, it } from "vitest";
import type { InboundEvent } from "../../src/inbound/inboundEvent.ts";
import { publishInboundEvents } from "../../src/inbound/publishInboundEvents.ts";
import { invalid, recordingBus, throttled } from "../events/recordingBus.ts";

const leaver = (id: string, email = "ada@example.com"): InboundEvent => ({
  type: "EmployeeLeft",
  source: "okta",
  id,
  occurredAt: "2026-05-14T17:00:00.000Z",
  person: { personId: "p-1", email },
});

describe("publishInboundEvents", () => {
  it("gives one result for each event, in their order", async () => {
    const bus = recordingBus(() => ({ entries: { c: invalid } }));
    const unsendable = { ...leaver("d"), fields: { reason: "a\uffff" } };
    const events = [leaver("a"), leaver("b", "no address"), leaver("c"), unsendable];
    const { signal } = new AbortController();
    const context = { bus, sleep: async () => undefined, random: () => 0, signal };
    expect(await publishInboundEvents(events, context)).toEqual([
      { kind: "accepted", id: "a" },
      {
        kind: "invalid",
        id: "b",
        code: "Malformed",
        why: expect.stringMatching(/^data\.email: expected an e-mail address/),
      },
      { kind: "failed", id: "c", why: "InvalidArgument: not like this" },
      {
        kind: "invalid",
        id: "d",
        code: "UnsendableCharacter",
        why: expect.stringMatching(/^UnsendableCharacter: detail\.data\.reason: /),
      },
    ]);
  });

  it("waits between its attempts as it is given to, and fails what is unsent once the signal is aborted", async () => {
    const bus = recordingBus((call) => (call < 2 ? { call: throttled } : undefined));
    const stop = new AbortController();
    const sleeps: number[] = [];
    const context = {
      bus,
      sleep: async (milliseconds: number) => {
        if (sleeps.push(milliseconds) === 2) stop.abort("out of time");
      },
      random: () => 1,
      signal: stop.signal,
    };
    expect(await publishInboundEvents([leaver("a")], context)).toEqual([
      { kind: "failed", id: "a", why: "out of time" },
    ]);
    expect([sleeps, bus.calls.length]).toEqual([[200, 400], 2]);
  });
});
