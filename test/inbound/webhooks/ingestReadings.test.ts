import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type InboundEvent, ignored, invalid, type Reading } from "../../../src/inbound/inboundEvent.ts";
import type { InboundEventResult } from "../../../src/inbound/publishInboundEvents.ts";
import { ingestReadings } from "../../../src/inbound/webhooks/ingestReadings.ts";
import type { VendorResponse } from "../../../src/inbound/webhooks/vendor.ts";

describe("what a webhook says", () => {
  const event = (id: string): InboundEvent => ({
    type: "EmployeeLeft",
    source: "bamboohr",
    id,
    occurredAt: "2026-05-15T00:00:00.000Z",
    person: { personId: id, email: "ada@example.com" },
  });
  const final = (id: string): Reading => ({ kind: "event", event: event(id) });
  const lookUp = (id: string): Reading => ({
    kind: "lookUp",
    request: { method: "GET", url: id, headers: {} },
    interpret: () => ({ kind: "event", event: event(id) }),
  });
  const accepted = (id: string): InboundEventResult => ({ kind: "accepted", id });
  const noResponse: VendorResponse = { kind: "failed", why: "no response" };

  /** A bus that accepts everything and an API that responds so; `done` lists the calls in their order. */
  function record(respond: (url: string) => Promise<VendorResponse> | VendorResponse) {
    const done: string[] = [];
    return {
      done,
      context: {
        callApi: async ({ url }: { url: string }) => {
          done.push(`call ${url}`);
          return respond(url);
        },
        recall: async () => ({ kind: "unknown" }) as const,
        publish: async (events: readonly InboundEvent[]) => {
          done.push(`publish ${events.map(({ id }) => id).join(", ")}`);
          return events.map(({ id }) => accepted(id));
        },
      },
    };
  }

  it("is published before its neighbours are looked up", async () => {
    const { done, context } = record(() => ({ kind: "found", json: {} }));
    const results = await ingestReadings([lookUp("a"), final("b"), lookUp("c"), final("d")], context);
    expect(done).toEqual(["publish b, d", "call a", "call c", "publish a, c"]);
    expect(results).toEqual(["b", "d", "a", "c"].map(accepted));
  });

  it("is published as far as the vendor's API responds, and the rest has failed", async () => {
    const { done, context } = record((url) => (url === "b" ? noResponse : { kind: "found", json: {} }));
    const results = await ingestReadings([lookUp("a"), lookUp("b"), lookUp("c")], context);
    expect(done.at(-1)).toBe("publish a, c");
    expect(results).toEqual([noResponse, accepted("a"), accepted("c")]);
  });

  it("is looked up five at a time", async () => {
    const waiting: (() => void)[] = [];
    const underWay: number[] = [];
    const respondToAll = () => {
      for (const respond of waiting.splice(0)) respond();
    };
    const { context } = record(
      () =>
        new Promise((resolve) => {
          waiting.push(() => resolve(noResponse));
          underWay.push(waiting.length);
          // When all that can be under way is.
          if (waiting.length === 1) setImmediate(respondToAll);
        }),
    );
    const people = Array.from({ length: 12 }, (_, index) => lookUp(`p-${index}`));
    expect((await ingestReadings(people, context)).length).toBe(12);
    expect(underWay).toEqual([1, 2, 3, 4, 5, 1, 2, 3, 4, 5, 1, 2]);
  });

  it("is published without what a ledger adds that does not answer, which is asked no more", async () => {
    const { done, context } = record(() => ({ kind: "found", json: {} }));
    let asked = 0;
    const recall = async () => {
      asked += 1;
      await new Promise((resolve) => setImmediate(resolve));
      return { kind: "fault", reason: "the ledger could not be asked" } as const;
    };
    const gone: Reading = {
      kind: "recall",
      leaver: { personId: "x", id: "x", source: "bamboohr", occurredAt: "2026-05-15T00:00:00.000Z" },
    };
    const ids = Array.from({ length: 40 }, (_, index) => `p-${index}`);
    const readings = [...ids.map(final), lookUp("a"), gone, gone];
    const results = await ingestReadings(readings, { ...context, recall });
    const failed = { kind: "failed", why: "the ledger could not be asked" };
    expect([asked, done, results.slice(40)]).toEqual([
      8,
      [`publish ${ids.join(", ")}`, "call a", "publish a"],
      [failed, failed, accepted("a")],
    ]);
  });

  it("has one result for each reading, whatever it is and whatever the API responds", async () => {
    const kinds = fc.constantFrom("event", "ignored", "invalid", "found", "notFound", "failed");
    const resultOf = {
      event: "accepted",
      ignored: "ignored",
      invalid: "invalid",
      found: "accepted",
      notFound: "invalid",
      failed: "failed",
    } as const;
    await fc.assert(
      fc.asyncProperty(fc.array(kinds, { maxLength: 20 }), async (parts) => {
        const { context } = record((url) => {
          if (url === "found") return { kind: "found", json: {} };
          return url === "notFound" ? { kind: "notFound" } : noResponse;
        });
        const readings = parts.map((kind) => {
          if (kind === "ignored") return ignored("no change");
          if (kind === "invalid") return invalid("no address");
          return kind === "event" ? final(kind) : lookUp(kind);
        });
        const results = await ingestReadings(readings, context);
        expect(results.map(({ kind }) => kind).sort()).toEqual(parts.map((kind) => resultOf[kind]).sort());
      }),
    );
  });
});
