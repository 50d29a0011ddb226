import {
  type Message,
  type MessageAttributeValue,
  ReceiveMessageCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import type { SQSMessageAttribute, SQSRecord } from "aws-lambda";
import { z } from "zod";
import type { Clock, HeldMessage, ReceiveRequest } from "./gatherBatch.ts";

const pauseAfterFailureMilliseconds = 1000;

export interface Source {
  client: SQSClient;
  queueUrl: string;
  queueArn: string;
  clock: Clock;
  closing: AbortSignal;
  onProblem: (problem: string) => void;
}

/**
 * Calls ReceiveMessage once and returns records with their size. A failed receive is reported and returns nothing
 * after a pause: the poller goes on, as Lambda's do.
 */
export async function receiveMessages(source: Source, request: ReceiveRequest): Promise<HeldMessage[]> {
  const { client, queueUrl, queueArn, clock, closing } = source;
  try {
    const command = new ReceiveMessageCommand({
      QueueUrl: queueUrl,
      MaxNumberOfMessages: request.maximum,
      WaitTimeSeconds: request.waitSeconds,
      MessageAttributeNames: ["All"],
      MessageSystemAttributeNames: ["All"],
      // local-aws-sqs knows only this older name of the setting.
      AttributeNames: ["All"],
    });
    const { Messages = [] } = await client.send(command, { abortSignal: closing });
    const receivedAt = clock.now();
    return Messages.map((message) => {
      const record = toLambdaRecord(message, queueArn);
      return { record, bytes: Buffer.byteLength(JSON.stringify(record)), receivedAt };
    });
  } catch (error) {
    if (closing.aborted) return [];
    source.onProblem(`Receiving from ${queueArn} failed and is tried again: ${error}`);
    await clock.sleep(pauseAfterFailureMilliseconds, closing);
    return [];
  }
}

/** The fields of every message that was received with all system attributes. */
const receivedMessage = z.object({
  MessageId: z.string(),
  ReceiptHandle: z.string(),
  Body: z.string().default(""),
  MD5OfBody: z.string(),
  Attributes: z
    .object({
      ApproximateReceiveCount: z.string(),
      SentTimestamp: z.string(),
      SenderId: z.string(),
      ApproximateFirstReceiveTimestamp: z.string(),
    })
    .catchall(z.string()),
});

/**
 * Translates an SQS message into the record that Lambda passes to a function.
 * https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html#example-standard-queue-message-event
 *
 * @param message as ReceiveMessage returns it, asked for with all attributes
 * @param queueArn becomes `eventSourceARN`, and its region `awsRegion`
 * @throws if the message lacks one of these fields
 */
export function toLambdaRecord(message: Message, queueArn: string): SQSRecord {
  const parsed = receivedMessage.safeParse(message);
  if (!parsed.success) {
    throw new Error(
      `Expected a received message with all its attributes, but: ${z.prettifyError(parsed.error)}. Ask ReceiveMessage for AttributeNames ["All"].`,
    );
  }
  const { MessageId, ReceiptHandle, Body, MD5OfBody, Attributes } = parsed.data;
  return {
    messageId: MessageId,
    receiptHandle: ReceiptHandle,
    body: Body,
    attributes: Attributes,
    messageAttributes: Object.fromEntries(
      Object.entries(message.MessageAttributes ?? {}).map(([name, value]) => [
        name,
        toLambdaAttribute(value),
      ]),
    ),
    md5OfBody: MD5OfBody,
    ...(message.MD5OfMessageAttributes !== undefined && {
      md5OfMessageAttributes: message.MD5OfMessageAttributes,
    }),
    eventSource: "aws:sqs",
    eventSourceARN: queueArn,
    awsRegion: queueArn.split(":")[3] ?? "",
  };
}

/** Translates an attribute: Lambda writes its keys in lower case and binary values in base64. */
function toLambdaAttribute(value: MessageAttributeValue): SQSMessageAttribute {
  return {
    ...(value.StringValue !== undefined && { stringValue: value.StringValue }),
    ...(value.BinaryValue !== undefined && {
      binaryValue: Buffer.from(value.BinaryValue).toString("base64"),
    }),
    stringListValues: [],
    binaryListValues: [],
    dataType: value.DataType ?? "String",
  };
}
