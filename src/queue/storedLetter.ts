import type { Message } from "@aws-sdk/client-sqs";
import { type CauseOfDeath, causeOfDeath } from "./causeOfDeath.ts";
import { deadLetterAttributes } from "./deadLetter.ts";
import { type LetterEvent, letterEvent } from "./letterEvent.ts";
import type { LetterSource } from "./letterSource.ts";
import { oktaLetterEvent } from "./oktaLetterEvent.ts";

/** A dead letter as its queue handed it out. Times in milliseconds since the epoch. */
export interface StoredLetter {
  /** The one in whose dead-letter queue it lies. */
  pipeline: LetterSource;
  messageId: string;
  receiptHandle: string;
  body: string;
  /** The message's own attributes, by name. */
  attributes: Readonly<Record<string, string>>;
  cause: CauseOfDeath;
  event: LetterEvent;
  /** When it was rejected; where SQS or EventBridge moved it, when it was sent. SQS keeps a message for 14 days after that. */
  since: number;
  /** When a function first had it, if one did; or else this reader. */
  firstReceivedAt: number;
  /** In all, this time included. */
  receiveCount: number;
}

/** Needs all attributes and all system attributes of the message. `now` stands in for a time that is missing. */
export function toStoredLetter(message: Message, pipeline: LetterSource, now: number): StoredLetter {
  const { MessageId = "", ReceiptHandle = "", Body = "", Attributes = {} } = message;
  const attributes: Record<string, string> = {};
  for (const [name, { StringValue }] of Object.entries(message.MessageAttributes ?? {})) {
    if (StringValue !== undefined) attributes[name] = StringValue;
  }
  const sentAt = Number(Attributes.SentTimestamp ?? now);
  const receivedAt = Number(Attributes.ApproximateFirstReceiveTimestamp ?? now);
  return {
    pipeline,
    messageId: MessageId,
    receiptHandle: ReceiptHandle,
    body: Body,
    attributes,
    cause: causeOfDeath(message),
    event: pipeline === "okta" ? oktaLetterEvent(Body) : letterEvent(Body),
    since: timeOf(attributes[deadLetterAttributes.rejectedAt]) ?? sentAt,
    firstReceivedAt: timeOf(attributes[deadLetterAttributes.firstReceivedAt]) ?? receivedAt,
    receiveCount: Number(Attributes.ApproximateReceiveCount ?? 1),
  };
}

function timeOf(text: string | undefined): number | undefined {
  const time = Date.parse(text ?? "");
  return Number.isNaN(time) ? undefined : time;
}
