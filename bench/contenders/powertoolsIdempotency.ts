import { BatchProcessor, EventType, processPartialResponse } from "@aws-lambda-powertools/batch";
import { IdempotencyConfig, makeIdempotent } from "@aws-lambda-powertools/idempotency";
import { DynamoDBPersistenceLayer } from "@aws-lambda-powertools/idempotency/dynamodb";
import type { SQSRecord } from "aws-lambda";
import { measured } from "./measured.ts";
import { carryOut, readEvent } from "./oneCallPerRecord.ts";

const tableName = process.env.TABLE_NAME;
if (tableName === undefined) throw new Error("expected TABLE_NAME, the table for idempotency");

const processor = new BatchProcessor(EventType.SQS);
const config = new IdempotencyConfig({ eventKeyJmesPath: "metadata.id" });

/**
 * Knows an event by HR's own id, as Rollcall does: a message's id would let a copy of the event pass. The event is what is
 * guarded, and not the record, so that its body is read once.
 * https://docs.aws.amazon.com/powertools/typescript/latest/features/idempotency/#batch-integration
 */
const carryOutOnce = makeIdempotent(carryOut, {
  persistenceStore: new DynamoDBPersistenceLayer({ tableName }),
  config,
});

export const handler = measured((event, context) => {
  config.registerLambdaContext(context);
  const carryOutRecord = async ({ body }: SQSRecord) => carryOutOnce(readEvent(body));
  return processPartialResponse(event, carryOutRecord, processor, { context });
});
