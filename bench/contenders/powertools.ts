import { BatchProcessor, EventType, processPartialResponse } from "@aws-lambda-powertools/batch";
import { measured } from "./measured.ts";
import { oneCallPerRecord } from "./oneCallPerRecord.ts";

const processor = new BatchProcessor(EventType.SQS);

/** https://docs.aws.amazon.com/powertools/typescript/latest/features/batch/: all records of the batch at once. */
export const handler = measured((event, context) =>
  processPartialResponse(event, oneCallPerRecord, processor, { context }),
);
