import { GetQueueAttributesCommand, type SQSClient } from "@aws-sdk/client-sqs";

export interface QueueToInspect {
  client: SQSClient;
  queueUrl: string;
  functionTimeoutSeconds: number;
  batchingWindowSeconds: number;
  onWarning: (warning: string) => void;
}

/**
 * Reads a queue's ARN and holds its visibility timeout against the function's timeout, as AWS does when a
 * mapping is created: a shorter one is refused; one below the advised six times plus the window is warned of.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
 *
 * @throws if the queue cannot be used as an event source here.
 */
export async function inspectQueue({ client, queueUrl, ...times }: QueueToInspect): Promise<{ arn: string }> {
  const command = new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ["All"] });
  const { Attributes: attributes = {} } = await client.send(command);
  const { QueueArn: arn, VisibilityTimeout: visibility } = attributes;
  if (arn === undefined || visibility === undefined) {
    throw new Error(
      `Expected QueueArn and VisibilityTimeout of ${queueUrl}, but got ${JSON.stringify(attributes)}.`,
    );
  }
  if (attributes.FifoQueue === "true") {
    throw new Error(`${arn} is a FIFO queue; the local mapping follows the rules of standard queues only.`);
  }
  const visibilitySeconds = Number(visibility);
  if (visibilitySeconds < times.functionTimeoutSeconds) {
    throw new Error(
      `Queue visibility timeout: ${visibilitySeconds} seconds is less than Function timeout: ${times.functionTimeoutSeconds} seconds (${arn}). Raise the first or lower the second.`,
    );
  }
  const advisedSeconds = 6 * times.functionTimeoutSeconds + times.batchingWindowSeconds;
  if (visibilitySeconds < advisedSeconds) {
    times.onWarning(
      `${arn}: its visibility timeout is ${visibilitySeconds} s; AWS advises six times the function's timeout plus the window, ${advisedSeconds} s, or messages may be delivered again while they wait.`,
    );
  }
  return { arn };
}
