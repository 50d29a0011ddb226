import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readRequest } from "../../../src/inbound/webhooks/receiveWebhook.ts";
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
