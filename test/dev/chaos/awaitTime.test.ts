import { SQSClient } from "@aws-sdk/client-sqs";
import { expect, it, onTestFinished } from "vitest";
import { leapOnce } from "../../../dev/chaos/awaitTime.ts";
import { startRunClock } from "../../../dev/chaos/runClock.ts";
import { devAccount } from "../../../dev/service/devAccount.ts";
import { startDynamo } from "../../../packages/aws-local/dynamodb/startDynamo.ts";
import { emptyReport } from "../../../packages/aws-local/eventbridge/delivery.ts";
import { noActivity } from "../../../packages/aws-local/eventSourceMapping/eventSourceMapping.ts";
import { dynamoPendingStore } from "../../../src/ledger/dynamo/dynamoPendingStore.ts";
import { waitingFor } from "../../ledger/decisions.ts";
import { ledgerTables } from "../../ledgerTables.ts";

it("does not leap while somebody works on what was published as the table was read", async () => {
  const tables = ledgerTables();
  const { client, close } = await startDynamo(tables, devAccount);
  const clock = await startRunClock();
  onTestFinished(close);
  onTestFinished(clock.close);
  const [tableName = ""] = tables.map(({ name }) => name);
  const pending = dynamoPendingStore({ dynamo: client, tableName });
  await pending.defer([waitingFor({ eventId: "due", minute: 1 }, Date.now())]);
  const work = { accepted: 0, running: 0, leaptHoursAtItsEnd: -1 };
  // The scheduled function publishes what is due just before the table is read for the first time, and a worker takes a while.
  client.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        if (commandName === "ScanCommand" && work.accepted === 0) {
          for await (const decision of pending.list()) await pending.remove(decision);
          Object.assign(work, { accepted: 1, running: 1 });
          setTimeout(() => {
            Object.assign(work, { running: 0, leaptHoursAtItsEnd: clock.leaptHours() });
          }, 300);
        }
        return next(args);
      },
    { step: "initialize" },
  );
  const sqs = new SQSClient({ region: "us-east-1" });
  const stack = {
    model: {
      queues: [],
      buses: [],
      rules: [],
      functions: [],
      mappings: [],
      tables,
      outputs: {},
      notModelled: [],
    },
    dynamo: { client },
    sqs,
    queueUrl: (name: string) => name,
    bus: { idle: async () => {}, report: () => ({ ...emptyReport(), accepted: work.accepted }) },
    scheduler: { idle: async () => {} },
    mappings: [{ activity: () => ({ ...noActivity(), invocationsRunning: work.running }) }],
  };
  const { signal } = new AbortController();
  await leapOnce(stack, { clock, limitSeconds: 30, onProgress: () => {}, signal });
  expect([work.leaptHoursAtItsEnd, clock.leaptHours()]).toEqual([0, 13]);
});
