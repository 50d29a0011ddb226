import { setTimeout } from "node:timers/promises";
import {
  type EventBridgeClient,
  PutEventsCommand,
  type PutEventsRequestEntry,
  type PutEventsResultEntry,
} from "@aws-sdk/client-eventbridge";
import type { EntryAnswer, EventBus, EventEntry, PutFailure, PutFailureClass } from "../eventBus.ts";

/**
 * The event bus of that name or ARN in Amazon EventBridge. The caller owns the client and destroys it.
 * https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html
 */
export function eventBridgeBus(client: EventBridgeClient, busName: string): EventBus {
  return {
    async put(entries) {
      const command = new PutEventsCommand({
        Entries: entries.map((entry) => toRequestEntry(entry, busName)),
      });
      try {
        const { Entries: answers = [] } = await client.send(command);
        return { kind: "answered", entries: entries.map((_, index) => toEntryAnswer(answers[index])) };
      } catch (error) {
        return { kind: "failed", failure: toPutFailure(error) };
      }
    },
  };
}

function toRequestEntry({ source, detailType, detail }: EventEntry, busName: string): PutEventsRequestEntry {
  return { EventBusName: busName, Source: source, DetailType: detailType, Detail: detail };
}

/** A response of 200 can carry failed entries. An entry that it leaves out counts as failed, and is worth a retry. */
function toEntryAnswer(answer: PutEventsResultEntry | undefined): EntryAnswer {
  const { EventId: eventId, ErrorCode: code, ErrorMessage: message } = answer ?? {};
  if (code === undefined && eventId !== undefined) return { kind: "accepted", eventId };
  if (code === undefined) return failed("NoAnswer", "the response leaves this entry out");
  return failed(code, message ?? "the response gives no reason");
}

function failed(code: string, message: string): EntryAnswer {
  return { kind: "failed", failure: { class: classifyEntryCode(code), code, message } };
}

/**
 * Translates an error of the SDK. One that never met the network has no `$metadata`: missing credentials are the caller's to
 * mend, and anything else is a defect and is thrown on.
 */
function toPutFailure(error: unknown): PutFailure {
  if (!(error instanceof Error)) throw error;
  if (/ProviderError$/.test(error.name)) return { class: "bus", code: error.name, message: error.message };
  if (!("$metadata" in error)) throw error;
  const status = statusOf(error.$metadata);
  const { code, message } = error instanceof SyntaxError ? unreadable(status) : describe(error);
  return { class: classifyCallFailure(code, status), code, message };
}

/** The JSON parser's own message quotes the body, which may be a proxy's page or anything else. */
function unreadable(status: number | undefined) {
  return { code: "UnreadableAnswer", message: `HTTP ${status} with a body that is not JSON` };
}

/** Network errors are plain errors with a `code`, such as ECONNREFUSED. */
function describe(error: Error) {
  const code = "code" in error && typeof error.code === "string" ? error.code : error.name;
  return { code, message: error.message };
}

function statusOf(metadata: unknown): number | undefined {
  const status =
    typeof metadata === "object" && metadata !== null && "httpStatusCode" in metadata
      ? metadata.httpStatusCode
      : undefined;
  return typeof status === "number" ? status : undefined;
}

/**
 * Entry codes that the API reference lists as not retryable. All others are worth a bounded number of retries:
 * those that it lists as retryable, and those that it does not list.
 * https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEventsResultEntry.html
 */
const permanentEntryCodes = new Set([
  "AccessDeniedException",
  "InvalidAccountIdException",
  "InvalidArgument",
  "MalformedDetail",
  "NotAuthorizedForDetailTypeException",
  "NotAuthorizedForSourceException",
  "RedactionFailure",
]);

export function classifyEntryCode(code: string): PutFailureClass {
  return permanentEntryCodes.has(code) ? "entry" : "transient";
}

/**
 * Classifies a failed call by the error's name before its status, because AWS's JSON protocols answer 400 to a throttle, to an
 * expired token and to a bus that does not exist alike. No status means that no response came.
 */
export function classifyCallFailure(name: string, status: number | undefined): PutFailureClass {
  if (/Throttl|TooManyRequests|RequestLimitExceeded|InternalException/.test(name)) return "transient";
  if (/Token|Credential|Signature|Unrecognized|AccessDenied|OptInRequired|ResourceNotFound/.test(name)) {
    return "bus";
  }
  if (status === undefined || status >= 500 || status === 408 || status === 429) return "transient";
  if (status === 401 || status === 403 || status === 404) return "bus";
  return status < 400 ? "transient" : "entry";
}

/** Resolves after that time, or at once when the signal is aborted. Never rejects. */
export async function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  await setTimeout(milliseconds, undefined, { signal }).catch(() => undefined);
}
