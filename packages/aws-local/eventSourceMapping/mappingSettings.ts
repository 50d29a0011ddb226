import { GetQueueAttributesCommand, type SQSClient } from "@aws-sdk/client-sqs";

/** The settings of an event source mapping, with the limits of AWS for standard queues. */
export interface MappingSettings {
  /** 1-10,000 messages per invocation. More than 10 need a window. Default 10. */
  batchSize?: number;
  /** MaximumBatchingWindowInSeconds, 0-300. Default 0. */
  batchingWindowSeconds?: number;
  /** ScalingConfig.MaximumConcurrency, 2-1000. Default: 5 batches at once, which AWS starts with. */
  maximumConcurrency?: number;
  /** FunctionResponseTypes contains ReportBatchItemFailures. */
  reportsBatchItemFailures: boolean;
  /** Not supported: any value is refused. */
  filterCriteria?: unknown;
}

export type CheckedSettings = Required<Omit<MappingSettings, "filterCriteria">>;

/**
 * Fills in the defaults and refuses what AWS refuses, with all problems in one error.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-parameters.html
 *
 * @throws if a setting is outside its limits, or is not supported here.
 */
export function checkSettings(settings: MappingSettings): CheckedSettings {
  const {
    batchSize = 10,
    batchingWindowSeconds = 0,
    maximumConcurrency,
    reportsBatchItemFailures,
  } = settings;
  const problems = [
    ...outside("batchSize", batchSize, 1, 10_000),
    ...outside("batchingWindowSeconds", batchingWindowSeconds, 0, 300),
    ...(maximumConcurrency === undefined ? [] : outside("maximumConcurrency", maximumConcurrency, 2, 1000)),
  ];
  if (batchSize > 10 && batchingWindowSeconds < 1) {
    problems.push(
      `a batchSize of ${batchSize} needs a batchingWindowSeconds of at least 1, but it is ${batchingWindowSeconds}`,
    );
  }
  if (settings.filterCriteria !== undefined) {
    problems.push("filterCriteria are not supported by the local mapping: remove them or filter in the rule");
  }
  if (problems.length > 0) throw new Error(`The event source mapping is not valid: ${problems.join("; ")}.`);
  return {
    batchSize,
    batchingWindowSeconds,
    maximumConcurrency: maximumConcurrency ?? 5,
    reportsBatchItemFailures,
  };
}

function outside(name: string, value: number, least: number, most: number): string[] {
  if (Number.isInteger(value) && value >= least && value <= most) return [];
  return [`${name} must be a whole number from ${least} to ${most}, but it is ${value}`];
}

export interface QueueToInspect {
  client: SQSClient;
  queueUrl: string;
  functionTimeoutSeconds: number;
  batchingWindowSeconds: number;
  onWarning: (warning: string) => void;
}

/**
 * Reads a queue's ARN and compares its visibility timeout with the function's timeout, as AWS does when a mapping is
 * created. A shorter one is refused; one below the advised six times plus the window causes a warning.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
 *
 * @throws if the queue cannot be an event source here.
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
