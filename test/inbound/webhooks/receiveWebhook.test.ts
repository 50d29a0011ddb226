import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { VendorAnswer } from "../../../src/inbound/http/askVendor.ts";
import { type InboundEvent, ignored, invalid, type Reading } from "../../../src/inbound/inboundEvent.ts";
import type { InboundEventResult } from "../../../src/inbound/publishInboundEvents.ts";
import { ingestReadings, readRequest } from "../../../src/inbound/webhooks/receiveWebhook.ts";
import { functionUrlEvent } from "./functionUrlEvent.ts";

describe("readRequest", () => {
  const bodyOf = (event: object) => {
    const request = readRequest(event);
    return request === "too large" ? request : Buffer.from(request.body);
  };

  it("a call's body is the bytes that were sent, whether Lambda encoded them or not", () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.string({ unit: "grapheme" }), (bytes, text) => {
        expect(bodyOf(functionUrlEvent("/hibob", bytes))).toEqual(Buffer.from(bytes));
        expect(bodyOf(functionUrlEvent("/hibob", text))).toEqual(Buffer.from(text));
      }),
    );
  });

  it("a call's headers are known in lower case", () => {
    expect(readRequest(functionUrlEvent("/hibob", "x", { headers: { "Bob-Signature": "s" } }))).toMatchObject(
      {
        method: "POST",
        path: "/hibob",
        headers: { "bob-signature": "s" },
      },
    );
  });

  it("a body of more than 512 KiB is too large, in whatever way it comes", () => {
    const sizes = [512 * 1024, 512 * 1024 + 1];
    const bodies = sizes.flatMap((size) => [new Uint8Array(size), "x".repeat(size), "é".repeat(size / 2)]);
    expect(bodies.map((body) => bodyOf(functionUrlEvent("/hibob", body)) === "too large")).toEqual([
      false,
      false,
      false,
      true,
      true,
      false,
    ]);
  });

  it("a call without a body has an empty one, and what is no call at all is refused", () => {
    const { body: _, ...bare } = functionUrlEvent("/", "");
    expect(bodyOf(bare)).toEqual(Buffer.from(""));
    expect(() => readRequest({})).toThrow();
  });
});

describe("what a webhook tells", () => {
  const event = (id: string): InboundEvent => ({
    type: "EmployeeLeft",
    source: "bamboohr",
    id,
    occurredAt: "2026-05-15T00:00:00.000Z",
    person: { personId: id, email: "ada@example.com" },
  });
  const told = (id: string): Reading => ({ kind: "event", event: event(id) });
  const lookUp = (id: string): Reading => ({
    kind: "lookUp",
    question: { method: "GET", url: id, headers: {} },
    conclude: () => ({ kind: "event", event: event(id) }),
  });
  const accepted = (id: string): InboundEventResult => ({ kind: "accepted", id });
  const noAnswer: VendorAnswer = { kind: "failed", why: "no answer" };

  /** A bus that takes everything and an API that answers so, with what was done in its order. */
  function record(answer: (url: string) => Promise<VendorAnswer> | VendorAnswer) {
    const done: string[] = [];
    return {
      done,
      context: {
        ask: async ({ url }: { url: string }) => {
          done.push(`ask ${url}`);
          return answer(url);
        },
        publish: async (events: readonly InboundEvent[]) => {
          done.push(`publish ${events.map(({ id }) => id).join(", ")}`);
          return events.map(({ id }) => accepted(id));
        },
      },
    };
  }

  it("is published before anybody is asked about its neighbours", async () => {
    const { done, context } = record(() => ({ kind: "answered", value: {} }));
    const ends = await ingestReadings([lookUp("a"), told("b"), lookUp("c"), told("d")], context);
    expect(done).toEqual(["publish b, d", "ask a", "ask c", "publish a, c"]);
    expect(ends).toEqual(["b", "d", "a", "c"].map(accepted));
  });

  it("is published as far as the vendor's API answers, and the rest has failed", async () => {
    const { done, context } = record((url) => (url === "b" ? noAnswer : { kind: "answered", value: {} }));
    const ends = await ingestReadings([lookUp("a"), lookUp("b"), lookUp("c")], context);
    expect(done.at(-1)).toBe("publish a, c");
    expect(ends).toEqual([noAnswer, accepted("a"), accepted("c")]);
  });

  it("is looked up five at a time", async () => {
    const waiting: (() => void)[] = [];
    const underWay: number[] = [];
    const answerAll = () => {
      for (const answer of waiting.splice(0)) answer();
    };
    const { context } = record(
      () =>
        new Promise((resolve) => {
          waiting.push(() => resolve(noAnswer));
          underWay.push(waiting.length);
          // When all that can be under way is.
          if (waiting.length === 1) setImmediate(answerAll);
        }),
    );
    const people = Array.from({ length: 12 }, (_, index) => lookUp(`p-${index}`));
    expect((await ingestReadings(people, context)).length).toBe(12);
    expect(underWay).toEqual([1, 2, 3, 4, 5, 1, 2, 3, 4, 5, 1, 2]);
  });

  it("ends once each, whatever it is and whatever is answered", async () => {
    const kinds = fc.constantFrom("told", "nothing", "unusable", "answered", "unknown", "failed");
    const endsAs = {
      told: "accepted",
      nothing: "nothing",
      unusable: "unusable",
      answered: "accepted",
      unknown: "unusable",
      failed: "failed",
    } as const;
    await fc.assert(
      fc.asyncProperty(fc.array(kinds, { maxLength: 20 }), async (parts) => {
        const { context } = record((url) => {
          if (url === "answered") return { kind: "answered", value: {} };
          return url === "unknown" ? { kind: "unknown" } : noAnswer;
        });
        const readings = parts.map((kind) => {
          if (kind === "nothing") return ignored("no change");
          if (kind === "unusable") return invalid("no address");
          return kind === "told" ? told(kind) : lookUp(kind);
        });
        const ends = await ingestReadings(readings, context);
        expect(ends.map(({ kind }) => kind).sort()).toEqual(parts.map((kind) => endsAs[kind]).sort());
      }),
    );
  });
});
