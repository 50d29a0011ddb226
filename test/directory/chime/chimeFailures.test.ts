import { describe, expect, it } from "vitest";
import type { ExceptionName } from "../../../packages/chime-simulator/chimeApi.ts";
import { bodyFault, exceptionFault, resetFault } from "../../../packages/chime-simulator/scriptedFault.ts";
import { toDirectoryError } from "../../../src/directory/chime/chimeFailures.ts";
import { budget, errorOf, failureOf, invite, startTeam, suspend } from "./testCalls.ts";

describe("a call that fails as a whole", () => {
  it.each<[ExceptionName, string]>([
    ["BadRequestException", "invalidCall"],
    ["ResourceLimitExceededException", "contended"],
    ["UnauthorizedClientException", "configuration"],
    ["ForbiddenException", "configuration"],
    ["AccessDeniedException", "configuration"],
    ["NotFoundException", "configuration"],
    ["ConflictException", "contended"],
    ["UnprocessableEntityException", "invalidCall"],
    ["ThrottledClientException", "throttled"],
    ["ServiceFailureException", "transient"],
    ["ServiceUnavailableException", "transient"],
  ])("with %s is: %s", async (exception, failureClass) => {
    const { directory, simulator } = await startTeam("one");
    simulator.faults.add(() => exceptionFault(exception));
    const failure = await failureOf(directory.perform(suspend("ada"), budget));
    const requestId = simulator.calls.list()[0]?.requestId;
    expect(failure).toEqual({
      class: failureClass,
      code: exception,
      message: "A scripted fault.",
      requestId,
    });
  });

  it.each([
    [
      "a code of the body, without the header",
      { withoutErrorTypeHeader: true, code: "Throttled" },
      "throttled Throttled",
    ],
    [
      "a throttle that comes as a 400",
      { status: 400, errorType: "ThrottlingException" },
      "throttled ThrottlingException",
    ],
    [
      "a name that no model has",
      { status: 400, errorType: "ValidationException" },
      "invalidCall ValidationException",
    ],
    ["a status that no model has", { status: 418, errorType: "TeapotException" }, "unknown TeapotException"],
    ["a gateway that gave up", { status: 502, errorType: "BadGateway" }, "transient BadGateway"],
  ])("is classified by its status and its name: %s", async (_, answer, expected) => {
    const { directory, simulator } = await startTeam("one");
    simulator.faults.add(() => exceptionFault("ThrottledClientException", answer));
    const failure = await failureOf(directory.perform(suspend("ada"), budget));
    expect(`${failure.class} ${failure.code}`).toBe(expected);
  });

  it("keeps the time that the service asks to wait, and the SDK's own error as the cause", async () => {
    const { directory, simulator } = await startTeam("one");
    simulator.faults.add(() => exceptionFault("ThrottledClientException", { retryAfterSeconds: 7 }));
    const { failure, message, cause } = await errorOf(directory.perform(suspend("ada"), budget));
    expect({ failure, message, cause: cause instanceof Error ? cause.name : cause }).toEqual({
      failure: {
        class: "throttled",
        code: "ThrottledClientException",
        message: "A scripted fault.",
        requestId: simulator.calls.list()[0]?.requestId,
        retryAfterSeconds: 7,
      },
      message: "ThrottledClientException: A scripted fault.",
      cause: "ThrottledClientException",
    });
  });

  it("shows no address in its message", async () => {
    const { directory, simulator } = await startTeam("one");
    const message = "grace.hopper@team.example was refused";
    simulator.faults.add(() => exceptionFault("BadRequestException", { message }));
    const error = await errorOf(directory.perform(suspend("ada"), budget));
    expect([error.failure.message, error.message]).toEqual([
      "g***@team.example was refused",
      "BadRequestException: g***@team.example was refused",
    ]);
  });
});

describe("a call without a readable answer", () => {
  it("whose connection broke may still happen", async () => {
    const { directory, simulator } = await startTeam("one");
    simulator.faults.add(() => resetFault("after"));
    const failure = await failureOf(directory.perform(suspend("ada"), budget));
    expect(failure).toEqual({
      class: "transient",
      code: "ECONNRESET",
      message: "read ECONNRESET",
      mayStillHappen: true,
    });
  });

  it("that took longer than its budget may still happen", async () => {
    const { directory, simulator } = await startTeam("one");
    simulator.faults.add(() => ({ delayMilliseconds: 60_000 }));
    const failure = await failureOf(directory.perform(invite("new@team.example"), { milliseconds: 50.9 }));
    expect(failure).toEqual({
      class: "transient",
      code: "AbortError",
      message: "Request aborted",
      mayStillHappen: true,
    });
  });

  it.each([
    ["<html>Grace Hopper", 200, "unknown"],
    ["null", 200, "unknown"],
    ["<html>Grace Hopper", 503, "transient"],
  ])(
    "is never a success, and its text is not repeated: %j with status %i is %s",
    async (body, status, failureClass) => {
      const { directory, simulator } = await startTeam("one");
      simulator.faults.add(() => bodyFault(body, status));
      const failure = await failureOf(directory.perform(suspend("ada"), budget));
      expect(failure).toEqual({
        class: failureClass,
        code: "UnreadableAnswer",
        message: `expected an answer as the API documents it; got HTTP status ${status} with a body that cannot be read`,
        requestId: simulator.calls.list()[0]?.requestId,
      });
    },
  );

  it("because the service is not there is the network's fault", async () => {
    const { directory, simulator } = await startTeam("one");
    await simulator.close();
    const failure = await failureOf(directory.perform(suspend("ada"), budget));
    expect(`${failure.class} ${failure.code}`).toBe("transient ECONNREFUSED");
  });
});

describe("an error that is not the service's", () => {
  it.each([
    [
      "of credentials that cannot be had",
      named("CredentialsProviderError"),
      "configuration CredentialsProviderError",
    ],
    ["of a name that cannot be resolved", coded("EAI_AGAIN"), "transient EAI_AGAIN"],
    ["of the program", new RangeError("too long"), "unknown RangeError"],
    ["of Node, about a mistake in the program", coded("ERR_INVALID_URL"), "unknown ERR_INVALID_URL"],
    ["that is no error at all", "what", "unknown UnknownError"],
  ])("%s keeps its name", (_, error, expected) => {
    const { failure } = toDirectoryError(error);
    expect(`${failure.class} ${failure.code}`).toBe(expected);
  });

  it("is not translated twice", () => {
    const error = toDirectoryError(new Error("once"));
    expect(toDirectoryError(error)).toBe(error);
  });
});

function named(name: string): Error {
  return Object.assign(new Error("no"), { name });
}

function coded(code: string): Error {
  return Object.assign(new Error("no"), { code });
}
