import { GetQueueUrlCommand, QueueDoesNotExist, type SQSClient } from "@aws-sdk/client-sqs";
import { queueNames } from "../infra/names.ts";
import { pipelineNames } from "../pipelines.ts";
import type { LetterSource } from "./letterSource.ts";

/** A dead-letter queue, and the queue that its letters came from. */
export interface LetterBox {
  sqs: SQSClient;
  pipeline: LetterSource;
  queueUrl: string;
  deadLetterQueueUrl: string;
}

/**
 * Finds the queues of a deployed stack by their names: of all its dead letters, or of one source's. Okta's are left out
 * where the stack takes in nothing of Okta's. Throws what the SDK throws, for a pipeline's queue that is not there too.
 */
export async function openLetterBoxes(
  sqs: SQSClient,
  stackName: string,
  only?: LetterSource,
): Promise<LetterBox[]> {
  const names = only === undefined ? [...pipelineNames] : only === "okta" ? [] : [only];
  const [ofPipelines, ofOkta] = await Promise.all([
    Promise.all(names.map((name) => openLetterBox(sqs, stackName, name))),
    only === undefined || only === "okta" ? openOktaBox(sqs, stackName) : undefined,
  ]);
  return ofOkta === undefined ? ofPipelines : [...ofPipelines, ofOkta];
}

async function openOktaBox(sqs: SQSClient, stackName: string): Promise<LetterBox | undefined> {
  try {
    return await openLetterBox(sqs, stackName, "okta");
  } catch (error) {
    if (error instanceof QueueDoesNotExist) return undefined;
    throw error;
  }
}

async function openLetterBox(sqs: SQSClient, stackName: string, pipeline: LetterSource): Promise<LetterBox> {
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
