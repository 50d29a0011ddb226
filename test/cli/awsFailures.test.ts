import { describe, expect, it } from "vitest";
import { explainDynamoFailure, explainSqsFailure } from "../../src/cli/awsFailures.ts";

const named = (name: string, more: object = {}) => Object.assign(new Error("its words"), { name, ...more });

describe("explainDynamoFailure", () => {
  const asked = { table: "hr-ledger", region: "eu-west-1" };

  it.each([
    [
      named("ResourceNotFoundException"),
      "misused",
      "there is no table hr-ledger at eu-west-1; name another with --stage or --table, or another --region",
    ],
    [
      named("CredentialsProviderError"),
      "failed",
      "there are no AWS credentials to use (its words); sign in, set AWS_PROFILE, or name a local --endpoint",
    ],
    [
      named("ExpiredTokenException"),
      "failed",
      "AWS does not accept the credentials (ExpiredTokenException); sign in again, or check AWS_PROFILE",
    ],
    [
      named("UnrecognizedClientException"),
      "failed",
      "AWS does not accept the credentials (UnrecognizedClientException); sign in again, or check AWS_PROFILE",
    ],
    [
      named("AccessDeniedException"),
      "failed",
      "these credentials may not read hr-ledger; they need dynamodb:Query on the table and on its indexes",
    ],
    [
      named("ThrottlingException"),
      "failed",
      "DynamoDB throttles the requests to hr-ledger (ThrottlingException); try again in a minute",
    ],
    [
      named("TimeoutError"),
      "failed",
      "DynamoDB cannot be reached at eu-west-1 (TimeoutError); check the network, or name another --endpoint",
    ],
    [
      named("Error", { code: "ENOTFOUND" }),
      "failed",
      "DynamoDB cannot be reached at eu-west-1 (ENOTFOUND); check the network, or name another --endpoint",
    ],
    [
      named("ValidationException", { $fault: "client" }),
      "failed",
      "DynamoDB refused to read hr-ledger: ValidationException: its words",
    ],
  ])("explains %s", (error, kind, message) => {
    expect(explainDynamoFailure(error, asked)).toMatchObject({ kind, message });
  });

  it("names the permissions that a change takes", () => {
    const change = { ...asked, toChange: "dynamodb:UpdateItem on the table" };
    expect(explainDynamoFailure(named("AccessDeniedException"), change)).toEqual({
      kind: "failed",
      code: "accessDenied",
      message: "these credentials may not change hr-ledger; they need dynamodb:UpdateItem on the table",
      next: "they need dynamodb:UpdateItem on the table",
    });
  });

  it.each([named("TypeError"), named("Error", { code: "ERR_INVALID_ARG_TYPE" }), "a text"])(
    "throws on what is a mistake of the program: %s",
    (error) => {
      expect(() => explainDynamoFailure(error, asked)).toThrow(error instanceof Error ? error : "a text");
    },
  );
});

describe("explainSqsFailure", () => {
  const asked = { stack: "rollcall-prod", region: "eu-west-1" };

  it.each([
    [
      named("QueueDoesNotExist"),
      "misused",
      "there are no queues of rollcall-prod at eu-west-1; name another with --stage or --stack, or another --region",
    ],
    [
      named("AccessDenied"),
      "failed",
      "these credentials may not use queues of rollcall-prod (its words); docs/operations.md lists what they need",
    ],
    [
      named("RequestThrottled"),
      "failed",
      "SQS throttles the requests to queues of rollcall-prod (RequestThrottled); try again in a minute",
    ],
    [
      named("OverLimit", { $fault: "client" }),
      "failed",
      "SQS refused to read queues of rollcall-prod: OverLimit: its words",
    ],
  ])("explains %s", (error, kind, message) => {
    expect(explainSqsFailure(error, asked)).toMatchObject({ kind, message });
  });

  it("throws on what is a mistake of the program", () => {
    expect(() => explainSqsFailure(named("TypeError"), asked)).toThrow("its words");
  });
});
