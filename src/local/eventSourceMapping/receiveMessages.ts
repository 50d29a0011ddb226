import { ReceiveMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import type { Clock } from "./clock.ts";
import type { HeldMessage } from "./fillBatch.ts";
import type { ReceiveRequest } from "./gatherBatch.ts";
import { toLambdaRecord } from "./toLambdaRecord.ts";

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
 * One ReceiveMessage, as records with their size. A receive that fails is told and yields nothing after a
 * pause: a poller goes on, as Lambda's do.
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
      // The older name of the same setting: local-aws-sqs knows only this one.
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
