import middy from "@middy/core";
import sqsPartialBatchFailure from "@middy/sqs-partial-batch-failure";
import type { SQSEvent } from "aws-lambda";
import { measured } from "./measured.ts";
import { oneCallPerRecord } from "./oneCallPerRecord.ts";

/** https://middy.js.org/docs/middlewares/sqs-partial-batch-failure: all records of the batch at once. */
const handle = middy(({ Records }: SQSEvent) => Promise.allSettled(Records.map(oneCallPerRecord))).use(
  sqsPartialBatchFailure({ logger: () => undefined }),
);

export const handler = measured(async (event, context) => handle(event, context));
