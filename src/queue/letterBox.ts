import { GetQueueUrlCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { queueNames } from "../deploy/names.ts";
import type { Intent } from "../pipelines.ts";

/** A pipeline's dead-letter queue, and the queue that its letters came from. */
export interface LetterBox {
  sqs: SQSClient;
  pipeline: Intent;
  queueUrl: string;
  deadLetterQueueUrl: string;
}

/** Finds the queues of a deployed stack by their names. Throws what the SDK throws, for a queue that is not there too. */
export async function openLetterBox(sqs: SQSClient, stackName: string, pipeline: Intent): Promise<LetterBox> {
  const names = queueNames(stackName, pipeline);
  const urlOf = async (QueueName: string) => {
    const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName }));
    if (QueueUrl === undefined) throw new Error(`expected SQS to give the URL of ${QueueName}; it gave none`);
    return QueueUrl;
  };
  const [queueUrl, deadLetterQueueUrl] = await Promise.all([
    urlOf(names.queue),
    urlOf(names.deadLetterQueue),
  ]);
  return { sqs, pipeline, queueUrl, deadLetterQueueUrl };
}
