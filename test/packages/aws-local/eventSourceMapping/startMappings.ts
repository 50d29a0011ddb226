import { fileURLToPath } from "node:url";
import { ChangeMessageVisibilityCommand } from "@aws-sdk/client-sqs";
import type { SQSEvent } from "aws-lambda";
import { vi } from "vitest";
import {
  type EventSourceMapping,
  type MappingOptions,
  startEventSourceMapping,
} from "../../../../packages/aws-local/eventSourceMapping/eventSourceMapping.ts";
import type { InvokedFunction } from "../../../../packages/aws-local/eventSourceMapping/invokeWithBatch.ts";
import {
  type Lambda,
  type LambdaOptions,
  startLambda,
} from "../../../../packages/aws-local/lambda/startLambda.ts";
import { type Queues, startQueues } from "./startQueues.ts";

const codeDirectory = fileURLToPath(new URL("../../../fixtures/lambda", import.meta.url));

/** Real queues, real mappings and real processes for the contract tests, all closed together at their end. */
export interface Mappings {
  queues: Queues;
  /** The function in test/fixtures/lambda/functions/batch.mjs, in a process of its own. */
  functionThat(behaviour: string, options?: Partial<LambdaOptions>): Lambda;
  /** A mapping with two pollers, batches of 10, no window and ReportBatchItemFailures, unless told otherwise. */
  map(
    options: Pick<MappingOptions, "queueUrl" | "lambda"> & Partial<MappingOptions>,
  ): Promise<EventSourceMapping & { problems: string[] }>;
  /** Ends the visibility timeout of what was handed over from the queue and is still there: nobody has to wait for it. */
  makeVisible(queueUrl: string): Promise<void>;
  close(): Promise<void>;
}

export async function startMappings(): Promise<Mappings> {
  const queues = await startQueues();
  const mappings: EventSourceMapping[] = [];
  const lambdas: Lambda[] = [];
  const handedOver = new Map<string, Map<string, string>>();
  const note = (queueUrl: string, { Records }: SQSEvent) => {
    const handles = handedOver.get(queueUrl) ?? new Map<string, string>();
    for (const { messageId, receiptHandle } of Records) handles.set(messageId, receiptHandle);
    handedOver.set(queueUrl, handles);
  };
  return {
    queues,
    functionThat(behaviour, options = {}) {
      const lambda = startLambda({
        name: "drain",
        arn: "arn:aws:lambda:us-east-1:123456789012:function:drain",
        codeDirectory,
        handler: "functions/batch.handler",
        timeoutSeconds: 60,
        memoryMegabytes: 256,
        ...options,
        environment: { BEHAVIOUR: behaviour, ...options.environment },
      });
      lambdas.push(lambda);
      return lambda;
    },
    async map({ lambda, ...options }) {
      const problems: string[] = [];
      const noted: InvokedFunction = {
        timeoutSeconds: lambda.timeoutSeconds,
        invoke(event) {
          note(options.queueUrl, event as SQSEvent);
          return lambda.invoke(event);
        },
      };
      const mapping = await startEventSourceMapping({
        client: queues.client,
        lambda: noted,
        batchSize: 10,
        maximumConcurrency: 2,
        reportsBatchItemFailures: true,
        onProblem: (problem) => problems.push(problem),
        ...options,
      });
      mappings.push(mapping);
      return { ...mapping, problems };
    },
    async makeVisible(QueueUrl) {
      for (const ReceiptHandle of handedOver.get(QueueUrl)?.values() ?? []) {
        const change = { QueueUrl, ReceiptHandle, VisibilityTimeout: 0 };
        // SQS refuses it for what was deleted.
        await queues.client.send(new ChangeMessageVisibilityCommand(change)).catch(() => undefined);
      }
    },
    async close() {
      await Promise.all(mappings.map((mapping) => mapping.close()));
      await Promise.all(lambdas.map((lambda) => lambda.close()));
      await queues.close();
    },
  };
}

/** A function without a process, for tests that are not about the process. */
export function functionOf(handle: (event: SQSEvent) => Promise<void>, timeoutSeconds = 60): InvokedFunction {
  return {
    timeoutSeconds,
    async invoke(event) {
      await handle(event as SQSEvent);
      return { kind: "response", payload: "null", durationMilliseconds: 0 };
    },
  };
}

export async function until(condition: () => boolean): Promise<void> {
  // For hangs alone.
  await vi.waitUntil(condition, { timeout: 300_000, interval: 10 });
}
