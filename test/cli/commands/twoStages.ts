import { execFileSync } from "node:child_process";
import { ScanCommand } from "@aws-sdk/client-dynamodb";
import { GetQueueAttributesCommand } from "@aws-sdk/client-sqs";
import { afterAll, beforeEach } from "vitest";
import { devAccount } from "../../../dev/service/devAccount.ts";
import { type DynamoServer, startDynamo } from "../../../packages/aws-local/dynamodb/startDynamo.ts";
import { type SqsServer, startSqs } from "../../../packages/aws-local/sqs/startSqs.ts";
import { dynamoLedger } from "../../../src/ledger/dynamo/dynamoLedger.ts";
import { dynamoPendingStore } from "../../../src/ledger/dynamo/dynamoPendingStore.ts";
import { pipelineNames, queueNames } from "../../../src/pipelineSettings.ts";
import { sendDeadLetters } from "../../../src/queue/sqs/sendDeadLetters.ts";
import { dynamoSafeguardStore } from "../../../src/safeguard/dynamo/dynamoSafeguardStore.ts";
import { claimOf, entryOf, leaseOf } from "../../ledger/decisions.ts";
import { ledgerTables } from "../../ledgerTables.ts";
import { runRollcall } from "../runRollcall.ts";
import { leaverBody, templateQueues } from "./dlqBench.ts";

const stages = ["dev", "prod"] as const;
type Stage = (typeof stages)[number];

const tableOf = (stage: Stage) => `rollcall-${stage}-ledger`;

/**
 * Two stages of one account on one emulator, with the same people, letters and latches in both: a command that lost its stage
 * would find something to do in the other one.
 */
export function useTwoStages() {
  let dynamo: DynamoServer;
  let sqs: SqsServer;
  const start = async () => {
    const tables = ledgerTables();
    const all = stages.flatMap((stage) =>
      tables.map((table) => ({ ...table, create: { ...table.create, TableName: tableOf(stage) } })),
    );
    dynamo = await startDynamo(all, devAccount);
    sqs = await startSqs(devAccount);
    for (const stage of stages) await fill(stage);
  };
  const stop = () => Promise.all([dynamo.close(), sqs.close()]);
  let isRunning = false;
  beforeEach(async () => {
    if (isRunning) await stop();
    await start();
    isRunning = true;
  });
  afterAll(() => stop());

  async function fill(stage: Stage): Promise<void> {
    const table = { dynamo: dynamo.client, tableName: tableOf(stage) };
    await sqs.createQueues(templateQueues(false, `rollcall-${stage}`));
    const lease = leaseOf("earlier");
    const told = { personId: "P-1", eventId: "hr-P-1", minute: 1 };
    const { email: _, ...decision } = claimOf(told);
    const event = leaverBody("hr-P-1", "P-1");
    await dynamoLedger(table).claim([claimOf(told)], lease);
    await dynamoPendingStore(table).defer([
      {
        ...decision,
        intent: "offboard",
        because: "held",
        accountId: "team-0001",
        heldAt: Date.now() - 60_000,
        rule: "SuspensionLimit",
        event,
      },
    ]);
    await dynamoLedger(table).commit(
      [{ kind: "release", claim: claimOf(told), entry: entryOf(told, "held") }],
      lease,
    );
    const latch = { closedAt: Date.now() - 60_000, asked: 300, passed: 12, limit: 59 };
    for (const account of ["team-0001", "lwa-0001"])
      await dynamoSafeguardStore(table).update(account, () => ({
        state: { admissions: [], latch, acts: [] },
        answer: undefined,
      }));
    const receivedAt = Date.parse("2026-05-14T17:00:05.000Z");
    const message = {
      messageId: "message-1",
      receiptHandle: "",
      body: leaverBody("hr-2", "P-2"),
      receiveCount: 1,
      receivedAt,
    };
    const rejected = { kind: "rejected", code: "UserNotFound", reason: "no such user" } as const;
    await sendDeadLetters([{ message, rejected }], {
      sqs: sqs.client,
      url: sqs.queueUrl(queueNames(`rollcall-${stage}`, "offboard").deadLetterQueue),
      pipeline: "offboard",
      now: Date.now,
    });
  }

  /** All that a stage has stored: its table, and how many messages are in each queue. */
  async function stateOf(stage: Stage): Promise<string> {
    const { Items = [] } = await dynamo.client.send(new ScanCommand({ TableName: tableOf(stage) }));
    const counts = await Promise.all(
      pipelineNames.flatMap((name) =>
        Object.values(queueNames(`rollcall-${stage}`, name)).map(async (queue) => {
          const { Attributes } = await sqs.client.send(
            new GetQueueAttributesCommand({
              QueueUrl: sqs.queueUrl(queue),
              AttributeNames: ["ApproximateNumberOfMessages"],
            }),
          );
          return `${queue} ${Attributes?.ApproximateNumberOfMessages}`;
        }),
      ),
    );
    return JSON.stringify([Items, counts]);
  }

  return {
    endpoints: () => ({ AWS_ENDPOINT_URL_SQS: sqs.url, AWS_ENDPOINT_URL_DYNAMODB: dynamo.url }),
    /** Runs the command, and tells which stages it has changed. */
    async run(args: readonly string[], where: { cwd: string; env: Record<string, string> }) {
      const before = await Promise.all(stages.map(stateOf));
      const end = await runRollcall(args, where);
      const after = await Promise.all(stages.map(stateOf));
      return { ...end, changed: stages.filter((_, index) => before[index] !== after[index]) };
    },
  };
}

/** The commands that a text advises, as a shell takes them apart. */
export function hintsIn(text: string): string[][] {
  return [...text.matchAll(/\brollcall [a-z]+ .*/g)].map(([line]) => {
    const command = line.replace(/ {3,}.*$/, "");
    const words = execFileSync("sh", ["-c", `rollcall() { printf '%s\\0' "$@"; }; ${command}`], {
      encoding: "utf8",
    });
    return words.split("\0").slice(0, -1);
  });
}
