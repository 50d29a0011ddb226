import { SendMessageBatchCommand, type SQSClient, SQSServiceException } from "@aws-sdk/client-sqs";
import type { Deliver, DeliveryErrorCode, DeliveryFailure, DeliveryResult } from "./delivery.ts";

export type Permission = { isAllowed: true } | { isAllowed: false; reason: string };

interface SqsTargetOptions {
  client: SQSClient;
  /** Returns the URL of a queue, or nothing if no such queue exists. */
  queueUrl: (queueArn: string) => string | undefined;
  /** Says whether the queue's policy lets EventBridge send for that rule. */
  mayDeliver: (request: { ruleArn: string; queueArn: string }) => Permission;
}

/**
 * Delivers events to SQS queues with the real client. It fails like AWS with NO_RESOURCE for a missing queue and with
 * NO_PERMISSIONS if the queue's policy does not allow the rule.
 */
export function sqsTarget({ client, queueUrl, mayDeliver }: SqsTargetOptions): Deliver {
  const senders = new Map<string, SendMessage>();

  function senderTo(url: string): SendMessage {
    const sender = senders.get(url) ?? batchSender(client, url);
    senders.set(url, sender);
    return sender;
  }

  return async ({ ruleArn, receiverArn, body, attributes }) => {
    const url = queueUrl(receiverArn);
    if (url === undefined) {
      const message = `No queue has the ARN ${receiverArn}. Only SQS queues of the same template can be targets.`;
      return { kind: "failed", code: "NO_RESOURCE", message, isRetryable: false };
    }
    const permission = mayDeliver({ ruleArn, queueArn: receiverArn });
    if (!permission.isAllowed) {
      return { kind: "failed", code: "NO_PERMISSIONS", message: permission.reason, isRetryable: false };
    }
    return senderTo(url)({ body, attributes });
  };
}

/** The limits of SendMessageBatch per call. */
const maximumMessages = 10;
const maximumBytes = 1024 * 1024;

interface Waiting {
  body: string;
  attributes: Readonly<Record<string, string>>;
  bytes: number;
  resolve: (result: DeliveryResult) => void;
}

type SendMessage = (message: Pick<Waiting, "body" | "attributes">) => Promise<DeliveryResult>;

/**
 * Sends messages to one queue, one call at a time. Messages that arrive during a call fill the next one, which takes
 * half the time of four concurrent calls. A message for an idle queue is sent at once. Each message gets its own
 * result, because a batch may fail in part.
 */
function batchSender(client: SQSClient, queueUrl: string): SendMessage {
  const waiting: Waiting[] = [];
  let isSending = false;

  async function sendAll(): Promise<void> {
    isSending = true;
    // Messages that are sent in the same turn of the event loop join the first call.
    await Promise.resolve();
    for (let batch = takeBatch(waiting); batch.length > 0; batch = takeBatch(waiting)) {
      await sendBatch(client, queueUrl, batch);
    }
    isSending = false;
  }

  return ({ body, attributes }) =>
    new Promise((resolve) => {
      waiting.push({ body, attributes, bytes: bytesOf(body, attributes), resolve });
      if (!isSending) void sendAll();
    });
}

function bytesOf(body: string, attributes: Readonly<Record<string, string>>): number {
  const texts = Object.entries(attributes).flatMap(([name, value]) => [name, "String", value]);
  return texts.reduce((sum, text) => sum + Buffer.byteLength(text), Buffer.byteLength(body));
}

/** Takes at least one message, however large: SQS itself refuses one that is too large. */
function takeBatch(waiting: Waiting[]): Waiting[] {
  let count = 0;
  let bytes = 0;
  for (const message of waiting.slice(0, maximumMessages)) {
    bytes += message.bytes;
    if (count > 0 && bytes > maximumBytes) break;
    count++;
  }
  return waiting.splice(0, count);
}

async function sendBatch(client: SQSClient, queueUrl: string, batch: readonly Waiting[]): Promise<void> {
  try {
    const answer = await client.send(
      new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries: batch.map(toEntry) }),
    );
    const sent = new Set((answer.Successful ?? []).map(({ Id }) => Id));
    const failed = new Map((answer.Failed ?? []).map((entry) => [entry.Id, entry]));
    for (const [index, message] of batch.entries()) {
      const id = String(index);
      const error = failed.get(id);
      if (error !== undefined) message.resolve(failure(error.Code ?? "", error.Message ?? "no message"));
      else if (sent.has(id)) message.resolve({ kind: "delivered" });
      else message.resolve(failure("", "SQS answered neither success nor failure for this message."));
    }
  } catch (error) {
    for (const message of batch) message.resolve(toDeliveryFailure(error));
  }
}

function toEntry({ body, attributes }: Waiting, index: number) {
  const messageAttributes = Object.fromEntries(
    Object.entries(attributes).map(([name, StringValue]) => [name, { DataType: "String", StringValue }]),
  );
  return { Id: String(index), MessageBody: body, MessageAttributes: messageAttributes };
}

/** EventBridge's codes for the errors of SQS, by their names in JSON and in the older query protocol. */
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

/** The codes of failures that a retry would meet again. */
const permanentCodes: ReadonlySet<DeliveryErrorCode> = new Set([
  "INVALID_PARAMETER",
  "NO_PERMISSIONS",
  "NO_RESOURCE",
]);

/** Translates a failed call of SQS, or a failed entry of a batch, into a delivery failure. */
function toDeliveryFailure(error: unknown): DeliveryFailure {
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  if (error instanceof SQSServiceException) return failure(error.name, message);
  // The service did not answer: the connection failed, or the client gave up.
  return { kind: "failed", code: "CONNECTION_FAILURE", message, isRetryable: true };
}

function failure(name: string, message: string): DeliveryFailure {
  const code = codesByName[name] ?? "ERROR_FROM_TARGET";
  return { kind: "failed", code, message, isRetryable: !permanentCodes.has(code) };
}
