import { BatchProcessor, EventType, processPartialResponse } from "@aws-lambda-powertools/batch";
import type { Context, SQSEvent, SQSRecord } from "aws-lambda";
import { batchAnswer } from "../contenders/batchAnswer.ts";
import { memoryPorts } from "../contenders/memoryPorts.ts";
import { readEvent } from "../contenders/readEvent.ts";
import { rollcallHandler } from "../contenders/rollcallHandler.ts";
import { batchesOf, changesOf } from "../scenarios/scenarios.ts";
import { toSqsRecord } from "../scenarios/toSqsRecord.ts";
import { instantDirectory } from "./instantDirectory.ts";

type Handler = (event: SQSEvent, context: Context) => Promise<unknown>;

const processor = new BatchProcessor(EventType.SQS);
const readOnly = async ({ body }: SQSRecord) => void readEvent(body);
const powertools: Handler = (event, context) =>
  processPartialResponse(event, readOnly, processor, { context });

/** Anew for each round: a ledger that remembers the round before would find duplicates only. */
const freshRollcall = (): Handler => rollcallHandler({ directory: instantDirectory(), ...memoryPorts() });

/**
 * Runs as a function: the time that each takes for all records without any input or output, alternating in one
 * process, so that whatever slows the machine slows both.
 */
export async function handler(
  { records, warmUps, rounds }: { records: number; warmUps: number; rounds: number },
  context: Context,
): Promise<{ powertools: number[]; rollcall: number[] }> {
  const events = batchesOf(changesOf("knownIds", records)).map((batch) => ({
    Records: batch.map(toSqsRecord),
  }));
  const milliseconds = { powertools: [] as number[], rollcall: [] as number[] };
  for (let round = -warmUps; round < rounds; round += 1) {
    const times = {
      powertools: await timeOf(powertools, events, context),
      rollcall: await timeOf(freshRollcall(), events, context),
    };
    if (round < 0) continue;
    milliseconds.powertools.push(times.powertools);
    milliseconds.rollcall.push(times.rollcall);
  }
  return milliseconds;
}

async function timeOf(handle: Handler, events: readonly SQSEvent[], context: Context): Promise<number> {
  const answers: unknown[] = [];
  const start = performance.now();
  for (const event of events) answers.push(await handle(event, context));
  const milliseconds = performance.now() - start;
  if (answers.some((answer) => batchAnswer.parse(answer).batchItemFailures.length > 0))
    throw new Error("a record failed where nothing can fail");
  return milliseconds;
}
