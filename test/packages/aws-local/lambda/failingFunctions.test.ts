import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { closeAll, failure, parsed, start } from "./startFixture.ts";

afterEach(closeAll);

describe("what goes wrong in the function", () => {
  it("is told with the error's name, message and stack", async () => {
    expect(await start().invoke({ action: "throw", text: "out of range" })).toEqual({
      kind: "error",
      errorType: "RangeError",
      errorMessage: "out of range",
      stack: expect.stringContaining("functions/act.mjs"),
    });
  });

  it.each([
    ["throws a text", { action: "throwText", text: "no" }, { errorType: "string", errorMessage: "no" }],
    [
      "returns what has no JSON",
      { action: "circular" },
      { errorType: "Runtime.JSONStringifyError", errorMessage: "Unable to stringify response body" },
    ],
    [
      "answers with more than 6 MB",
      { action: "large", count: 6_291_555 },
      {
        errorType: "Function.ResponseSizeTooLarge",
        errorMessage: "Response payload size exceeded maximum allowed payload size (6291556 bytes).",
      },
    ],
  ])("keeps the process when the function %s", async (_title, event, error) => {
    const lambda = start();
    expect(failure(await lambda.invoke(event))).toEqual(error);
    expect(parsed(await lambda.invoke({ action: "count" }))).toMatchObject({ invocations: 2 });
  });

  it("allows payloads and responses of exactly the limit, and no request above it", async () => {
    const lambda = start();
    const frame = JSON.stringify({ action: "large", count: 6_291_554, text: "" }).length;
    const event = (bytes: number) => ({ action: "large", count: 6_291_554, text: "x".repeat(bytes - frame) });
    const answer = await lambda.invoke(event(6_291_456));
    expect(answer.kind === "response" && answer.payload.length).toBe(6_291_556);
    expect(failure(await lambda.invoke(event(6_291_457)))).toEqual({
      errorType: "RequestTooLargeException",
      errorMessage: expect.stringContaining("smaller than 6291456 bytes"),
    });
  });

  it.each([
    ["functions/missing.handler", "Runtime.ImportModuleError", "none of functions/missing.js"],
    ["functions/brokenImport.handler", "Runtime.ImportModuleError", "no-such-file.mjs"],
    ["functions/act.absent", "Runtime.HandlerNotFound", "has no such export"],
    ["functions/act.notAFunction", "Runtime.HandlerNotFound", "a value of type object"],
    ["functions/act.withCallback", "Runtime.CallbackHandlerDeprecated", "Return a promise"],
    ["functions/throwsWhileLoading.handler", "TypeError", "QUEUE_URL is missing"],
    ["handler", "Runtime.MalformedHandlerName", 'such as "src/index.handler"'],
  ])("says why %s cannot be loaded, and tries again the next time", async (handler, errorType, text) => {
    const lambda = start({ handler });
    const expected = { errorType, errorMessage: expect.stringContaining(text) };
    expect([failure(await lambda.invoke({})), failure(await lambda.invoke({}))]).toEqual([
      expected,
      expected,
    ]);
  });

  it("is told as a syntax error if the bundle is not JavaScript", async () => {
    const directory = await mkdtemp(path.join(tmpdir(), "lambda-"));
    await writeFile(path.join(directory, "index.mjs"), "export const handler = async (] => {};");
    const invocation = await start({ codeDirectory: directory, handler: "index.handler" }).invoke({});
    await rm(directory, { recursive: true });
    expect(failure(invocation)).toEqual({
      errorType: "Runtime.UserCodeSyntaxError",
      errorMessage: expect.stringContaining("index.mjs: Unexpected token"),
    });
  });

  it("is refused at the start if it could not be deployed", () => {
    expect(() => start({ codeDirectory: "/no/such/directory" })).toThrow(
      "which does not exist. Package it first.",
    );
    expect(() => start({ environment: { AWS_REGION: "x" } })).toThrow("Lambda sets AWS_REGION itself");
    expect(() => start({ arn: "act" })).toThrow("Expected a function's ARN");
  });
});
