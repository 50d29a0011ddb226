import { BatchProcessor, EventType, processPartialResponse } from "@aws-lambda-powertools/batch";
import { parser } from "@aws-lambda-powertools/batch/parser";
import { JSONStringified } from "@aws-lambda-powertools/parser/helpers";
import { SqsRecordSchema } from "@aws-lambda-powertools/parser/schemas/sqs";
import type { Context, SQSEvent } from "aws-lambda";
import * as z from "zod";
import { chimeBatchLimits, chimeCapabilities } from "../../src/directory/chime/chimeCapabilities.ts";
import type { Directory, TargetResult } from "../../src/directory/directory.ts";
import { hrEventSchemas } from "../../src/events/hrEvent.ts";
import type { ClaimAnswer, CommitAnswer, Ledger } from "../../src/ledger/ledger.ts";
import type { OverheadName } from "../contenders/contenders.ts";
import { batchAnswer } from "../contenders/measured.ts";
import { memoryPorts, rollcallHandler } from "../contenders/rollcallHandler.ts";
import { batchesOf, changesOf, toSqsRecord } from "../scenarios/scenarios.ts";

export interface OverheadRequest {
  /** The handlers, in the order of their turns. */
  names: readonly OverheadName[];
  records: number;
  /** Rounds that are not counted, before those that are. */
  warmUps: number;
  rounds: number;
}

/**
 * Runs as a function, and returns the CPU milliseconds that each handler takes for all records without input and output.
 * The handlers take turns in one process, so that whatever slows the machine slows all of them. Wall time would count other
 * programs too.
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
  const responses: unknown[] = [];
  const before = process.cpuUsage();
  for (const event of events) responses.push(await handle(event, context));
  const { user, system } = process.cpuUsage(before);
  if (responses.some((response) => batchAnswer.parse(response).batchItemFailures.length > 0))
    throw new Error("expected every record to succeed, because nothing is called; a record failed");
  return (user + system) / 1000;
}

type Handler = (event: SQSEvent, context: Context) => Promise<unknown>;

/** The handlers of one round. The ledger in memory starts empty, or it would find duplicates of the round before only. */
const handlersOfRound = (): Record<OverheadName, Handler> => ({
  powertools: (event, context) => processPartialResponse(event, doNothing, powertools, { context }),
  rollcall: rollcallOnInstantPorts,
  rollcallWithMemory: rollcallHandler({ directory: instantDirectory(), ...memoryPorts() }),
});

const doNothing = async () => undefined;

/**
 * Powertools' batch processor with one schema for the whole SQS record. Its other form, `innerSchema`, builds a schema for
 * each record, which takes more than ten times as long.
 * https://docs.aws.amazon.com/powertools/typescript/latest/features/batch/#parser-integration
 */
const powertools = new BatchProcessor(EventType.SQS, {
  parser,
  schema: SqsRecordSchema.extend({
    body: JSONStringified(
      z.object({ "detail-type": z.literal("EmployeeLeft"), detail: hrEventSchemas.EmployeeLeft }),
    ),
  }),
});

const doneTarget: TargetResult = { kind: "done" };

/** A directory without users whose calls succeed at once, so that only the work around the calls is measured. */
function instantDirectory(): Directory {
  return {
    limits: chimeBatchLimits,
    getAccount: async (accountId) => ({
      accountId,
      type: "EnterpriseLWA",
      active: true,
      supportedLicenses: [],
      defaultLicense: undefined,
      capabilities: chimeCapabilities.EnterpriseLWA,
    }),
    listUsers: async () => ({ users: [], nextPageToken: undefined }),
    findUser: async () => undefined,
    perform: async ({ entries }) => ({
      requestId: "00000000-0000-4000-8000-000000000000",
      results: new Map(entries.map(({ target }) => [target, doneTarget])),
    }),
  };
}

const granted: ClaimAnswer = { kind: "granted", interrupted: false, pending: [] };
const doneEntry: CommitAnswer = { kind: "done" };

/** A ledger that grants every claim and accepts every commit at once, so that only the work around it is measured. */
const instantLedger: Ledger = {
  claim: async (claims) => claims.map(() => granted),
  commit: async (results) => results.map(() => doneEntry),
  record: async (entries) => entries.map(() => doneEntry),
  standing: async (heads) => heads.map(() => ({ kind: "stands", eventId: undefined })),
};

/** Created once, as in an execution environment. */
const rollcallOnInstantPorts = rollcallHandler({
  directory: instantDirectory(),
  ...memoryPorts(),
  ledger: instantLedger,
});
