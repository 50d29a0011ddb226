import type { Invocation } from "../lambda/invocation.ts";

/** Decides what Lambda does with the messages of a batch, whatever the invocation's result. */
export function interpretInvocation(
  invocation: Invocation,
  messageIds: readonly string[],
  reportsBatchItemFailures: boolean,
): BatchDecision {
  switch (invocation.kind) {
    case "response":
      return interpretResponse({ payload: invocation.payload, messageIds, reportsBatchItemFailures });
    case "error":
    case "timeout":
    case "crashed":
      return retryAll(messageIds, invocation.kind);
  }
}

/** Why messages were deleted or left in the queue: one reason per rule of AWS. */
export type Reason =
  | "succeeded"
  | "partial"
  | "response ignored"
  | "invalid JSON"
  | "no batch response"
  | "no identifier"
  | "unknown identifier"
  | "error"
  | "timeout"
  | "crashed";

/** The message ids of a batch. Each id is in exactly one of the two lists. */
interface BatchDecision {
  delete: string[];
  retry: string[];
  reason: Reason;
}

export interface ResponseToBatch {
  /** The JSON text that the function returned. */
  payload: string;
  messageIds: readonly string[];
  /** Whether the mapping has FunctionResponseTypes: [ReportBatchItemFailures]. */
  reportsBatchItemFailures: boolean;
}

/**
 * Decides what Lambda does with the messages of a batch after its function has returned.
 *
 * The whole batch is deleted for an empty or null response or list, and for any response if the mapping does not
 * report batch item failures. The whole batch is retried for invalid JSON, and for an identifier that is missing,
 * empty, null or unknown: Lambda does not guess which message was meant.
 * A response that is no object counts as invalid unless it is empty; AWS does not document that case.
 *
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html#services-sqs-batchfailurereporting
 */
export function interpretResponse({
  payload,
  messageIds,
  reportsBatchItemFailures,
}: ResponseToBatch): BatchDecision {
  if (!reportsBatchItemFailures) return deleteAll(messageIds, "response ignored");
  const failures = readFailures(payload);
  if (typeof failures === "string") return retryAll(messageIds, failures);
  if (failures.length === 0) return deleteAll(messageIds, "succeeded");

  const known = new Set(messageIds);
  const failed = new Set<string>();
  for (const failure of failures) {
    const identifier = property(failure, "itemIdentifier");
    if (typeof identifier !== "string" || identifier === "") return retryAll(messageIds, "no identifier");
    if (!known.has(identifier)) return retryAll(messageIds, "unknown identifier");
    failed.add(identifier);
  }
  return {
    delete: messageIds.filter((id) => !failed.has(id)),
    retry: messageIds.filter((id) => failed.has(id)),
    reason: "partial",
  };
}

function retryAll(messageIds: readonly string[], reason: Reason): BatchDecision {
  return { delete: [], retry: [...messageIds], reason };
}

function deleteAll(messageIds: readonly string[], reason: Reason): BatchDecision {
  return { delete: [...messageIds], retry: [], reason };
}

/** Reads `batchItemFailures`: none for an empty response, or the rule that the response breaks. */
function readFailures(payload: string): unknown[] | "invalid JSON" | "no batch response" {
  if (payload === "") return [];
  let response: unknown;
  try {
    response = JSON.parse(payload);
  } catch {
    return "invalid JSON";
  }
  if (response === null || response === "" || (Array.isArray(response) && response.length === 0)) return [];
  if (typeof response !== "object" || Array.isArray(response)) return "no batch response";
  const failures = property(response, "batchItemFailures") ?? [];
  return Array.isArray(failures) ? failures : "no batch response";
}

function property(holder: unknown, name: string): unknown {
  if (typeof holder !== "object" || holder === null || !Object.hasOwn(holder, name)) return undefined;
  return Reflect.get(holder, name);
}
