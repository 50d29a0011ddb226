import type { Context, SQSEvent } from "aws-lambda";
import { batchAnswer } from "../contenders/batchAnswer.ts";
import { memoryPorts } from "../contenders/memoryPorts.ts";
import { rollcallHandler } from "../contenders/rollcallHandler.ts";
import { batchesOf, changesOf } from "../scenarios/scenarios.ts";
import { toSqsRecord } from "../scenarios/toSqsRecord.ts";
import { instantDirectory } from "./instantDirectory.ts";
import { instantLedger } from "./instantLedger.ts";
import type { OverheadName } from "./overheadNames.ts";
import { type Handler, readers } from "./readers.ts";

export interface OverheadRequest {
  /** Whose turn it is, in this order. */
  names: readonly OverheadName[];
  records: number;
  /** Rounds that do not count, and those that do. */
  warmUps: number;
  rounds: number;
}

/** Made once, as in an execution environment. */
const lasting = {
  ...readers,
  rollcall: rollcallHandler({ directory: instantDirectory(), ...memoryPorts(), ledger: instantLedger }),
};

/** What to run in one round. A ledger in memory that remembers the round before would find duplicates only. */
const handlersOfRound = (): Record<OverheadName, Handler> => ({
  ...lasting,
  rollcallWithMemory: rollcallHandler({ directory: instantDirectory(), ...memoryPorts() }),
});

/**
 * Runs as a function: the CPU milliseconds that each takes for all records without any input or output, taking turns
 * in one process, so that whatever slows the machine slows all of them. CPU time, because nothing is waited for, and
 * because the clock would count other programs too.
 */
export async function handler(
  { names, records, warmUps, rounds }: OverheadRequest,
  context: Context,
): Promise<Record<string, number>[]> {
  const batches = batchesOf(changesOf("knownIds", records));
  const events = batches.map((batch) => ({ Records: batch.map(toSqsRecord) }));
  const times: Record<string, number>[] = [];
  for (let round = -warmUps; round < rounds; round += 1) {
    const time: Record<string, number> = {};
    const handlers = handlersOfRound();
    for (const name of names) time[name] = await timeOf(handlers[name], events, context);
    if (round >= 0) times.push(time);
  }
  return times;
}

async function timeOf(handle: Handler, events: readonly SQSEvent[], context: Context): Promise<number> {
  const answers: unknown[] = [];
  const before = process.cpuUsage();
  for (const event of events) answers.push(await handle(event, context));
  const { user, system } = process.cpuUsage(before);
  if (answers.some((answer) => batchAnswer.parse(answer).batchItemFailures.length > 0))
    throw new Error("a record failed where nothing can fail");
  return (user + system) / 1000;
}
