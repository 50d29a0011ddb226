import {
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  QueueDoesNotExist,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  type SendMessageBatchRequestEntry,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import { pipelineNames, queueNames } from "../../pipelineSettings.ts";
import { type DeadLetterSource, deadLetterAttributes } from "../deadLetter.ts";
import type { DeadLetterQueue } from "../deadLetterQueue.ts";
import { type StoredDeadLetter, toStoredDeadLetter } from "../storedDeadLetter.ts";
import { changeVisibility } from "./changeVisibility.ts";
import { deleteMessages } from "./deleteMessages.ts";
import { inBatches } from "./inBatches.ts";

/** A dead-letter queue of SQS, and the queue that its messages came from. */
export interface DeadLetterQueueUrls {
  sqs: SQSClient;
  pipeline: DeadLetterSource;
  queueUrl: string;
  deadLetterQueueUrl: string;
}

/**
 * Finds the dead-letter queues of a deployed stack by their names: all of them, or that of one source. Okta's is left out
 * where the stack receives no events from Okta. Throws what the SDK throws, also for a pipeline's queue that does not exist.
 */
export async function openDeadLetterQueues(
  sqs: SQSClient,
  stackName: string,
  only?: DeadLetterSource,
): Promise<DeadLetterQueue[]> {
  return (await findQueues(sqs, stackName, only)).map(sqsDeadLetterQueue);
}

/** Finds the queues of a deployed stack in the same way. */
export async function findQueues(
  sqs: SQSClient,
  stackName: string,
  only?: DeadLetterSource,
): Promise<DeadLetterQueueUrls[]> {
  const names = only === undefined ? [...pipelineNames] : only === "okta" ? [] : [only];
  const [ofPipelines, ofOkta] = await Promise.all([
    Promise.all(names.map((name) => findUrls(sqs, stackName, name))),
    only === undefined || only === "okta" ? findUrlsOfOkta(sqs, stackName) : undefined,
  ]);
  return ofOkta === undefined ? ofPipelines : [...ofPipelines, ofOkta];
}

async function findUrlsOfOkta(sqs: SQSClient, stackName: string): Promise<DeadLetterQueueUrls | undefined> {
  try {
    return await findUrls(sqs, stackName, "okta");
  } catch (error) {
    if (error instanceof QueueDoesNotExist) return undefined;
    throw error;
  }
}

async function findUrls(
  sqs: SQSClient,
  stackName: string,
  pipeline: DeadLetterSource,
): Promise<DeadLetterQueueUrls> {
  const names = queueNames(stackName, pipeline);
  const urlOf = async (QueueName: string) => {
    const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName }));
    if (QueueUrl === undefined) throw new Error(`expected SQS to return the URL of ${QueueName}; got none`);
    return QueueUrl;
  };
  const [queueUrl, deadLetterQueueUrl] = await Promise.all([
    urlOf(names.queue),
    urlOf(names.deadLetterQueue),
  ]);
  return { sqs, pipeline, queueUrl, deadLetterQueueUrl };
}

/** Long enough for some ten thousand dead letters and a moment's thought; short, in case nobody puts them back. */
const hiddenForSeconds = 300;
/** A long poll asks all of SQS's servers; a short one may find a queue empty that is not. */
const longPollSeconds = 1;
const hiddenCount = "ApproximateNumberOfMessagesNotVisible";

const { firstReceivedAt } = deadLetterAttributes;

/** An event ages until it was first received, also where an operator looks at it weeks later. A letter that SQS has moved does not tell. */
function withFirstReceipt({
  attributes,
}: StoredDeadLetter): Pick<SendMessageBatchRequestEntry, "MessageAttributes"> {
  const StringValue = attributes[firstReceivedAt];
  return StringValue === undefined
    ? {}
    : { MessageAttributes: { [firstReceivedAt]: { DataType: "String", StringValue } } };
}

/** The port over SQS. Batches go out as few calls, and count as failed what SQS does not name as successful. */
export function sqsDeadLetterQueue(urls: DeadLetterQueueUrls): DeadLetterQueue {
  const { sqs, pipeline, queueUrl, deadLetterQueueUrl: QueueUrl } = urls;
  return {
    pipeline,
    async countHidden() {
      const attributes = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [hiddenCount] });
      const { Attributes } = await sqs.send(attributes);
      return Number(Attributes?.[hiddenCount] ?? 0);
    },
    async receive() {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({
          QueueUrl,
          MaxNumberOfMessages: 10,
          VisibilityTimeout: hiddenForSeconds,
          WaitTimeSeconds: longPollSeconds,
          MessageAttributeNames: ["All"],
          MessageSystemAttributeNames: ["All"],
          // The older name of the line above, for endpoints that do not know the newer one.
          AttributeNames: ["All"],
        }),
      );
      return Messages.map((message) => toStoredDeadLetter(message, pipeline, Date.now()));
    },
    putBack: (letters) =>
      changeVisibility(
        letters.map((message) => ({ message, seconds: 0 })),
        { sqs, url: QueueUrl },
      ),
    delete: (letters) => deleteMessages(letters, { sqs, url: QueueUrl }),
    sendToOrigin: (letters) =>
      inBatches(
        letters,
        ({ body, attributes }) => {
          const receipt = attributes[firstReceivedAt];
          return Buffer.byteLength(
            body + (receipt === undefined ? "" : `${firstReceivedAt}String${receipt}`),
          );
        },
        (batch) =>
          sqs.send(
            new SendMessageBatchCommand({
              QueueUrl: queueUrl,
              Entries: batch.map(({ id, entry }) => ({
                Id: id,
                MessageBody: entry.body,
                ...withFirstReceipt(entry),
              })),
            }),
          ),
      ),
  };
}
