import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  interpretInvocation,
  interpretResponse,
} from "../../../../packages/aws-local/eventSourceMapping/interpretInvocation.ts";
import type { Invocation } from "../../../../packages/aws-local/lambda/invocation.ts";

describe("interpretInvocation", () => {
  const failed: Invocation[] = [
    { kind: "error", errorType: "Error", errorMessage: "no" },
    { kind: "timeout", limit: "invocation", seconds: 1 },
    { kind: "crashed", code: null, signal: "SIGKILL" },
  ];

  it.each(failed)(
    "retries the whole batch after $kind, with and without batch item failures",
    (invocation) => {
      const expected = { delete: [], retry: ["a", "b"], reason: invocation.kind };
      expect([true, false].map((reports) => interpretInvocation(invocation, ["a", "b"], reports))).toEqual([
        expected,
        expected,
      ]);
    },
  );

  it("reads the response of a function that returned", () => {
    const payload = '{"batchItemFailures":[{"itemIdentifier":"b"}]}';
    const invocation: Invocation = { kind: "response", payload, durationMilliseconds: 1 };
    expect([true, false].map((reports) => interpretInvocation(invocation, ["a", "b"], reports))).toEqual([
      { delete: ["a"], retry: ["b"], reason: "partial" },
      { delete: ["a", "b"], retry: [], reason: "response ignored" },
    ]);
  });
});

describe("interpretResponse", () => {
  const messageIds = ["a", "b", "c"];
  const failures = (...entries: unknown[]) => JSON.stringify({ batchItemFailures: entries });

  function interpret(payload: string, ids: readonly string[] = messageIds, reportsBatchItemFailures = true) {
    return interpretResponse({ payload, messageIds: ids, reportsBatchItemFailures });
  }

  describe("interpretResponse", () => {
    it.each([
      ["an empty list", failures()],
      ["a null list", '{"batchItemFailures":null}'],
      ["an empty response", "{}"],
      ["a null response", "null"],
      ["no text at all", ""],
      ["an empty string", '""'],
      ["an empty array", "[]"],
      ["an object without the list", '{"statusCode":200}'],
      ["the list under a misspelt name", '{"BatchItemFailures":[{"itemIdentifier":"a"}]}'],
    ])("deletes the whole batch for %s", (_title, payload) => {
      expect(interpret(payload)).toEqual({ delete: messageIds, retry: [], reason: "succeeded" });
    });

    it.each([
      ["an empty identifier", failures({ itemIdentifier: "a" }, { itemIdentifier: "" }), "no identifier"],
      ["a null identifier", failures({ itemIdentifier: "a" }, { itemIdentifier: null }), "no identifier"],
      ["an identifier that is no text", failures({ itemIdentifier: 7 }), "no identifier"],
      ["a wrong key", failures({ messageId: "a" }), "no identifier"],
      ["bare identifiers", failures("a"), "no identifier"],
      ["a null entry", failures(null), "no identifier"],
      [
        "an unknown message",
        failures({ itemIdentifier: "a" }, { itemIdentifier: "z" }),
        "unknown identifier",
      ],
      ["invalid JSON", '{"batchItemFailures":', "invalid JSON"],
      ["a text", '"done"', "no batch response"],
      ["a number", "0", "no batch response"],
      ["true", "true", "no batch response"],
      ["a list that is not in an object", '[{"itemIdentifier":"a"}]', "no batch response"],
      ["failures that are no list", '{"batchItemFailures":{"itemIdentifier":"a"}}', "no batch response"],
      ["failures that are a text", '{"batchItemFailures":"a"}', "no batch response"],
    ])("retries the whole batch for %s", (_title, payload, reason) => {
      expect(interpret(payload)).toEqual({ delete: [], retry: messageIds, reason });
    });

    it("retries what is reported, once, and deletes the others", () => {
      const payload = failures({ itemIdentifier: "c" }, { itemIdentifier: "a" }, { itemIdentifier: "c" });
      expect(interpret(payload)).toEqual({ delete: ["b"], retry: ["a", "c"], reason: "partial" });
    });

    it("deletes the whole batch whatever it says if the mapping does not report batch item failures", () => {
      fc.assert(
        fc.property(anyPayload, (payload) => {
          expect(interpret(payload, messageIds, false)).toEqual({
            delete: messageIds,
            retry: [],
            reason: "response ignored",
          });
        }),
      );
    });
  });

  const ids = fc.uniqueArray(fc.uuid(), { minLength: 1, maxLength: 20 });
  const anyIdentifier = fc.oneof(fc.constantFrom("a", "b", "c", "z", "", null, 1), fc.string());
  const anyPayload = fc.oneof(
    fc.string(),
    fc.json(),
    fc
      .array(fc.record({ itemIdentifier: anyIdentifier }, { requiredKeys: [] }))
      .map((entries) => failures(...entries)),
  );

  describe("properties of interpretResponse", () => {
    it("decides every message exactly once, for any response", () => {
      fc.assert(
        fc.property(anyPayload, (payload) => {
          const verdict = interpret(payload);
          expect([...verdict.delete, ...verdict.retry].sort()).toEqual(messageIds);
        }),
      );
    });

    it("retries exactly the reported messages, in any order and however often each is named", () => {
      const batch = ids.chain((all) =>
        fc.record({ all: fc.constant(all), reported: fc.array(fc.constantFrom(...all)) }),
      );
      fc.assert(
        fc.property(batch, ({ all, reported }) => {
          const { retry, delete: deleted } = interpret(
            failures(...reported.map((itemIdentifier) => ({ itemIdentifier }))),
            all,
          );
          expect({ retry, deleted }).toEqual({
            retry: all.filter((id) => reported.includes(id)),
            deleted: all.filter((id) => !reported.includes(id)),
          });
        }),
      );
    });

    it("deletes nothing as soon as one entry cannot be understood, wherever it stands", () => {
      const bad = fc.constantFrom(
        { itemIdentifier: "" },
        { itemIdentifier: null },
        { id: "a" },
        { itemIdentifier: "?" },
        null,
      );
      fc.assert(
        fc.property(ids, bad, fc.nat(), (all, entry, at) => {
          const entries: unknown[] = all.map((itemIdentifier) => ({ itemIdentifier }));
          entries.splice(at % (all.length + 1), 0, entry);
          expect(interpret(failures(...entries), all)).toMatchObject({ delete: [], retry: all });
        }),
      );
    });
  });
});
