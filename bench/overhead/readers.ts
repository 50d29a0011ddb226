import { BatchProcessor, EventType, processPartialResponse } from "@aws-lambda-powertools/batch";
import { parser } from "@aws-lambda-powertools/batch/parser";
import { JSONStringified } from "@aws-lambda-powertools/parser/helpers";
import { SqsRecordSchema } from "@aws-lambda-powertools/parser/schemas/sqs";
import type { Context, SQSEvent, SQSRecord } from "aws-lambda";
import * as z from "zod";
import { hrEventSchemas } from "../../src/events/hrEvent.ts";
import { readEvent } from "../contenders/readEvent.ts";

export type Handler = (event: SQSEvent, context: Context) => Promise<unknown>;

const envelope = z.object({
  "detail-type": z.literal("EmployeeLeft"),
  detail: hrEventSchemas.EmployeeLeft,
});
const withInnerSchema = new BatchProcessor(EventType.SQS, {
  parser,
  innerSchema: envelope,
  transformer: "json",
});
const withSchema = new BatchProcessor(EventType.SQS, {
  parser,
  schema: SqsRecordSchema.extend({ body: JSONStringified(envelope) }),
});
const withoutSchema = new BatchProcessor(EventType.SQS);

const empty = async () => undefined;
const readOnly = async ({ body }: SQSRecord) => void readEvent(body);

/**
 * Three ways to hold a batch to Rollcall's schema with Powertools and to do nothing else. The first two are its own:
 * https://docs.aws.amazon.com/powertools/typescript/latest/features/batch/#parser-integration
 */
export const readers = {
  powertoolsInnerSchema: (event, context) =>
    processPartialResponse(event, empty, withInnerSchema, { context }),
  powertoolsSchema: (event, context) => processPartialResponse(event, empty, withSchema, { context }),
  powertoolsByHand: (event, context) => processPartialResponse(event, readOnly, withoutSchema, { context }),
} as const satisfies Record<string, Handler>;
