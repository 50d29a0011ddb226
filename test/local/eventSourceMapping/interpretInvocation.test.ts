import { expect, it } from "vitest";
import { interpretInvocation } from "../../../src/local/eventSourceMapping/interpretInvocation.ts";
import type { Invocation } from "../../../src/local/lambda/invocation.ts";

const failed: Invocation[] = [
  { kind: "error", errorType: "Error", errorMessage: "no" },
  { kind: "timeout" },
  { kind: "crashed", code: null, signal: "SIGKILL" },
];

it.each(failed)("retries the whole batch after $kind, with and without batch item failures", (invocation) => {
  const expected = { delete: [], retry: ["a", "b"], reason: invocation.kind };
  expect([true, false].map((reports) => interpretInvocation(invocation, ["a", "b"], reports))).toEqual([
    expected,
    expected,
  ]);
});

it("reads the response of a function that returned", () => {
  const payload = '{"batchItemFailures":[{"itemIdentifier":"b"}]}';
  const invocation: Invocation = { kind: "response", payload, durationMilliseconds: 1 };
  expect([true, false].map((reports) => interpretInvocation(invocation, ["a", "b"], reports))).toEqual([
    { delete: ["a"], retry: ["b"], reason: "partial" },
    { delete: ["a", "b"], retry: [], reason: "response ignored" },
  ]);
});
