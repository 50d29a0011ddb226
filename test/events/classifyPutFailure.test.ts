import { describe, expect, it } from "vitest";
import { classifyCallFailure, classifyEntryCode } from "../../src/events/classifyPutFailure.ts";

describe("classifyEntryCode", () => {
  it.each([
    ["ThrottlingException", "transient"],
    ["InternalFailure", "transient"],
    ["InternalException", "transient"],
    ["NoAnswer", "transient"],
    ["SomethingNew", "transient"],
    ["AccessDeniedException", "entry"],
    ["InvalidAccountIdException", "entry"],
    ["InvalidArgument", "entry"],
    ["MalformedDetail", "entry"],
    ["NotAuthorizedForDetailTypeException", "entry"],
    ["NotAuthorizedForSourceException", "entry"],
    ["RedactionFailure", "entry"],
  ])("takes %s for %s", (code, failureClass) => {
    expect(classifyEntryCode(code)).toBe(failureClass);
  });
});

describe("classifyCallFailure", () => {
  it.each([
    ["ThrottlingException", 400, "transient"],
    ["TooManyRequestsException", 429, "transient"],
    ["Unknown", 429, "transient"],
    ["InternalFailure", 500, "transient"],
    ["ServiceUnavailable", 503, "transient"],
    ["UnreadableAnswer", 502, "transient"],
    ["UnreadableAnswer", 200, "transient"],
    ["RequestTimeout", 408, "transient"],
    ["ECONNREFUSED", undefined, "transient"],
    ["TimeoutError", undefined, "transient"],
    ["ExpiredTokenException", 400, "bus"],
    ["UnrecognizedClientException", 400, "bus"],
    ["IncompleteSignature", 400, "bus"],
    ["InvalidSignatureException", 403, "bus"],
    ["AccessDeniedException", 400, "bus"],
    ["ResourceNotFoundException", 400, "bus"],
    ["Unknown", 403, "bus"],
    ["Unknown", 404, "bus"],
    ["ValidationException", 400, "entry"],
    ["RequestEntityTooLargeException", 413, "entry"],
  ])("takes %s with status %s for %s", (name, status, failureClass) => {
    expect(classifyCallFailure(name, status)).toBe(failureClass);
  });
});
