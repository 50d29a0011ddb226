import * as z from "zod";
import { boundedList, parseJson } from "../events/boundedJson.ts";
import { text as boundedText } from "../events/eventTexts.ts";
import { type DeadLetterSource, deadLetterAttributes } from "./deadLetter.ts";

/** What is read of a message that SQS hands out. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_Message.html */
interface ReceivedMessage {
  MessageId?: string | undefined;
  ReceiptHandle?: string | undefined;
  Body?: string | undefined;
  Attributes?: Partial<Record<string, string>> | undefined;
  MessageAttributes?: Readonly<Record<string, { StringValue?: string | undefined }>> | undefined;
}

/** A dead letter as its queue handed it out. Times in milliseconds since the epoch. */
export interface StoredDeadLetter {
  /** The one in whose dead-letter queue it is. */
  pipeline: DeadLetterSource;
  messageId: string;
  receiptHandle: string;
  body: string;
  /** The message's own attributes, by name. */
  attributes: Readonly<Record<string, string>>;
  cause: DeadLetterReason;
  event: DeadLetterEvent;
  /** When it was rejected; where SQS or EventBridge moved it, when it was sent. SQS keeps a message for 14 days after that. */
  since: number;
  /** When a function first received it, if one did; otherwise this reader. */
  firstReceivedAt: number;
  /** In all, this time included. */
  receiveCount: number;
}

/**
 * Parses a message of a dead-letter queue. It needs all attributes and all system attributes of the message.
 * `now` replaces a time that is missing.
 */
export function toStoredDeadLetter(
  message: ReceivedMessage,
  pipeline: DeadLetterSource,
  now: number,
): StoredDeadLetter {
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
    cause: deadLetterReason(message),
    event: pipeline === "okta" ? parseOktaEvent(Body) : parseDeadLetterEvent(Body),
    since: timeOf(attributes[deadLetterAttributes.rejectedAt]) ?? sentAt,
    firstReceivedAt: timeOf(attributes[deadLetterAttributes.firstReceivedAt]) ?? receivedAt,
    receiveCount: Number(Attributes.ApproximateReceiveCount ?? 1),
  };
}

function timeOf(text: string | undefined): number | undefined {
  const time = Date.parse(text ?? "");
  return Number.isNaN(time) ? undefined : time;
}

/** Why a message is in a dead-letter queue. */
export interface DeadLetterReason {
  /** The outcome's code, or one of `movedByAws`. */
  code: string;
  /** For people. Holds no personal data, unless it is EventBridge's. */
  reason: string;
  requestId?: string;
}

/** The codes of dead letters that no function has sent. */
export const movedByAws = {
  /** EventBridge could not deliver the event to its queue. */
  undelivered: "Undelivered",
  /** SQS has handed it out as often as the redrive policy allows. */
  receivedTooOften: "ReceivedTooOften",
} as const;

/**
 * Reads the attributes that the drain or EventBridge has sent with the message; SQS sends none. It needs
 * `MessageAttributeNames` `All`. https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html names
 * EventBridge's attributes.
 */
export function deadLetterReason({
  MessageAttributes = {},
}: Pick<ReceivedMessage, "MessageAttributes">): DeadLetterReason {
  const textOf = (name: string) => MessageAttributes[name]?.StringValue;
  const code = textOf(deadLetterAttributes.code);
  if (code !== undefined) {
    const requestId = textOf(deadLetterAttributes.requestId);
    const reason = textOf(deadLetterAttributes.reason) ?? "";
    return { code, reason, ...(requestId !== undefined && { requestId }) };
  }
  const errorCode = textOf("ERROR_CODE");
  if (errorCode === undefined) {
    return {
      code: movedByAws.receivedTooOften,
      reason: "SQS delivered it as often as the queue allows, and no invocation reached an outcome",
    };
  }
  const tries = textOf("RETRY_ATTEMPTS");
  const told = [errorCode, textOf("ERROR_MESSAGE")].filter((text) => text !== undefined).join(": ");
  const after = tries === undefined ? "" : ` after ${tries} retries`;
  return {
    code: movedByAws.undelivered,
    reason: `EventBridge could not deliver it to the queue${after} (${told})`,
  };
}

/** The fields that can be read of a dead letter's event, which may be malformed in any way. */
export interface DeadLetterEvent {
  type?: string;
  eventId?: string;
  personId?: string;
  /** Lower-case: the current address, then the previous ones. */
  emails: string[];
  /** As the event has it: not necessarily a time. */
  occurredAt?: string;
}

/** As long as the event's own schema lets an id be. */
const text = boundedText(128, "a text").min(1).optional().catch(undefined);
const emails = boundedList(z.string()).catch([]);

const hrEventSchema = z.object({
  "detail-type": text,
  detail: z
    .object({
      metadata: z.object({ id: text, occurredAt: text }).catch({}),
      data: z
        .object({ personId: text, email: z.string().optional().catch(undefined), previousEmails: emails })
        .catch({ previousEmails: [] }),
    })
    .catch({ metadata: {}, data: { previousEmails: [] } }),
});

/** Reads each field of an HR event that is well-formed, and never throws. */
export function parseDeadLetterEvent(body: string): DeadLetterEvent {
  const parsed = hrEventSchema.safeParse(parseJson(body));
  if (!parsed.success) return { emails: [] };
  const { "detail-type": type, detail } = parsed.data;
  const { id: eventId, occurredAt } = detail.metadata;
  const { personId, email, previousEmails } = detail.data;
  const addresses = [...(email === undefined ? [] : [email]), ...previousEmails];
  return withoutUndefined({ type, eventId, personId, occurredAt }, addresses);
}

const oktaTarget = z.object({ type: text, id: text, alternateId: text }).catch({});
const oktaEventSchema = z.object({
  detail: z.object({
    uuid: text,
    eventType: text,
    published: text,
    target: boundedList(oktaTarget).optional().catch(undefined),
  }),
});

/**
 * Reads each field of an Okta event that is well-formed, and never throws. The uuid is the event's id, and the target
 * user is the person.
 */
export function parseOktaEvent(body: string): DeadLetterEvent {
  const parsed = oktaEventSchema.safeParse(parseJson(body));
  if (!parsed.success) return { emails: [] };
  const { uuid: eventId, eventType: type, published: occurredAt, target: targets = [] } = parsed.data.detail;
  const { id: personId, alternateId } = targets.find((each) => each.type === "User") ?? {};
  return withoutUndefined(
    { type, eventId, personId, occurredAt },
    alternateId === undefined ? [] : [alternateId],
  );
}

function withoutUndefined(
  fields: Record<"type" | "eventId" | "personId" | "occurredAt", string | undefined>,
  addresses: readonly string[],
): DeadLetterEvent {
  const { type, eventId, personId, occurredAt } = fields;
  return {
    ...(type !== undefined && { type }),
    ...(eventId !== undefined && { eventId }),
    ...(personId !== undefined && { personId }),
    emails: addresses.map((address) => address.toLowerCase()),
    ...(occurredAt !== undefined && { occurredAt }),
  };
}
