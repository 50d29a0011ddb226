import { SQSServiceException } from "@aws-sdk/client-sqs";
import type { DeliveryErrorCode, DeliveryFailure } from "./delivery.ts";

/** Names of SQS errors, in JSON and in the older query form, as EventBridge reports them. */
const codesByName: Readonly<Record<string, DeliveryErrorCode>> = {
  QueueDoesNotExist: "NO_RESOURCE",
  "AWS.SimpleQueueService.NonExistentQueue": "NO_RESOURCE",
  AccessDenied: "NO_PERMISSIONS",
  AccessDeniedException: "NO_PERMISSIONS",
  RequestThrottled: "THROTTLING",
  ThrottlingException: "THROTTLING",
  InvalidMessageContents: "INVALID_PARAMETER",
  InvalidParameterValue: "INVALID_PARAMETER",
  InvalidParameterValueException: "INVALID_PARAMETER",
};

/** Codes that the next try would only meet again. */
const permanentCodes: ReadonlySet<DeliveryErrorCode> = new Set([
  "INVALID_PARAMETER",
  "NO_PERMISSIONS",
  "NO_RESOURCE",
]);

/** A failed call of SQS, or one failed entry of a batch, as a delivery failure. */
export function toDeliveryFailure(error: unknown): DeliveryFailure {
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  if (error instanceof SQSServiceException) return failure(error.name, message);
  // No answer of the service: the connection failed, or the client gave up on it.
  return { kind: "failed", code: "CONNECTION_FAILURE", message, isRetryable: true };
}

export function failure(name: string, message: string): DeliveryFailure {
  const code = codesByName[name] ?? "ERROR_FROM_TARGET";
  return { kind: "failed", code, message, isRetryable: !permanentCodes.has(code) };
}
