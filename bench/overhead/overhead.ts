import { BatchProcessor, EventType, processPartialResponse } from "@aws-lambda-powertools/batch";
import { parser } from "@aws-lambda-powertools/batch/parser";
import { JSONStringified } from "@aws-lambda-powertools/parser/helpers";
import { SqsRecordSchema } from "@aws-lambda-powertools/parser/schemas/sqs";
import type { Context, SQSEvent, SQSRecord } from "aws-lambda";
import * as z from "zod";
import { chimeAccountTypes, chimeLimits } from "../../src/directory/chime/chimeCapabilities.ts";
import type { Directory, TargetResult } from "../../src/directory/directory.ts";
import { hrEventSchemas } from "../../src/events/hrEvent.ts";
import type { ClaimAnswer, CommitAnswer, Ledger } from "../../src/ledger/ledger.ts";
import type { OverheadName } from "../contenders/contenders.ts";
import { batchAnswer } from "../contenders/measured.ts";
import { readEvent } from "../contenders/oneCallPerRecord.ts";
import { memoryPorts, rollcallHandler } from "../contenders/rollcallHandler.ts";
import { batchesOf, changesOf, toSqsRecord } from "../scenarios/scenarios.ts";

type Handler = (event: SQSEvent, context: Context) => Promise<unknown>;

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
const readers = {
  powertoolsInnerSchema: (event, context) =>
    processPartialResponse(event, empty, withInnerSchema, { context }),
  powertoolsSchema: (event, context) => processPartialResponse(event, empty, withSchema, { context }),
  powertoolsByHand: (event, context) => processPartialResponse(event, readOnly, withoutSchema, { context }),
} as const satisfies Record<string, Handler>;

const doneTarget: TargetResult = { kind: "done" };

/** A directory that does all it is asked at once and knows nobody, so that only the work around the calls is left. */
function instantDirectory(): Directory {
  return {
    getAccount: async (accountId) => ({
      accountId,
      type: "EnterpriseLWA",
      active: true,
      limits: chimeLimits,
      licenses: [],
      defaultLicense: undefined,
      suspension: "reversible",
      ...chimeAccountTypes.EnterpriseLWA,
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

/** A ledger that grants every claim and takes every conclusion at once, so that only the work around it is left. */
const instantLedger: Ledger = {
  claim: async (claims) => claims.map(() => granted),
  commit: async (conclusions) => conclusions.map(() => doneEntry),
  record: async (entries) => entries.map(() => doneEntry),
  abandon: async (claims) => claims.map(() => doneEntry),
  ownersOf: async (emails) => emails.map(() => ({ kind: "known", owners: [] })),
  ended: async (events) => events.map(() => ({ kind: "open" })),
  standing: async (heads) => heads.map(() => ({ kind: "stands", eventId: undefined })),
};

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
