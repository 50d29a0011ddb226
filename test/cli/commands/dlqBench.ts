import { once } from "node:events";
import { tmpdir } from "node:os";
import { ReceiveMessageCommand, SendMessageCommand } from "@aws-sdk/client-sqs";
import { afterAll, afterEach, beforeAll, beforeEach } from "vitest";
import { devAccount } from "../../../dev/service/devAccount.ts";
import { readTemplate } from "../../../packages/aws-local/cloudformation/readTemplate.ts";
import type { DynamoFault } from "../../../packages/aws-local/dynamodb/dynamoFaults.ts";
import { type DynamoServer, startDynamo } from "../../../packages/aws-local/dynamodb/startDynamo.ts";
import type { SqsFaults, SqsRequest } from "../../../packages/aws-local/sqs/sqsFaults.ts";
import { type SqsServer, startSqs } from "../../../packages/aws-local/sqs/startSqs.ts";
import { oktaIds } from "../../../src/infra/names.ts";
import { queueResources, queuesOfRule } from "../../../src/infra/pipelineResources.ts";
import { dynamoHistory } from "../../../src/ledger/dynamo/dynamoHistory.ts";
import { dynamoLedger } from "../../../src/ledger/dynamo/dynamoLedger.ts";
import type { JournalEntry } from "../../../src/ledger/ledger.ts";
import { pipelineNames, pipelines, queueNames } from "../../../src/pipelineSettings.ts";
import type { DeadLetterSource } from "../../../src/queue/deadLetter.ts";
import { type DeadLetter, sendDeadLetters } from "../../../src/queue/sqs/sendDeadLetters.ts";
import { ledgerTables } from "../../ledgerTables.ts";
import { runRollcall, startRollcall, withoutTarget } from "../runRollcall.ts";

/** When the drain rejected a letter, in milliseconds before now. */
export type Rejection = DeadLetter["rejected"] & { agoMilliseconds?: number };

/**
 * The queues and the ledger of the template's default stage, and the real command to work on them. Each test finds them
 * empty. Okta's queues are there on request, as in a deployment.
 */
export function useDlqBench({ withOkta = false } = {}) {
  let sqs: SqsServer;
  let dynamo: DynamoServer;
  let dynamoFault: DynamoFault | undefined;
  let sqsFault: SqsFaults = () => undefined;
  const requests: SqsRequest[] = [];
  beforeAll(async () => {
    dynamo = await startDynamo(ledgerTables(), devAccount, () => dynamoFault);
  });
  beforeEach(async () => {
    sqs = await startSqs(devAccount, (request) => {
      requests.push(request);
      return sqsFault(request);
    });
    await sqs.createQueues(templateQueues(withOkta));
    requests.length = 0;
  });
  afterEach(async () => {
    sqsFault = () => undefined;
    dynamoFault = undefined;
    await sqs.close();
  });
  afterAll(() => dynamo.close());
  const table = () => ({ dynamo: dynamo.client, tableName: `${devAccount.stackName}-ledger` });
  const urlsOf = (pipeline: DeadLetterSource) => {
    const { queue, deadLetterQueue } = queueNames(devAccount.stackName, pipeline);
    return { queue: sqs.queueUrl(queue), deadLetterQueue: sqs.queueUrl(deadLetterQueue) };
  };
  /** Takes everything out that is visible. */
  async function drain(name: string): Promise<string[]> {
    const bodies: string[] = [];
    for (;;) {
      const { Messages = [] } = await sqs.client.send(
        new ReceiveMessageCommand({
          QueueUrl: sqs.queueUrl(name),
          MaxNumberOfMessages: 10,
          VisibilityTimeout: 43_200,
        }),
      );
      if (Messages.length === 0) return bodies;
      bodies.push(...Messages.map(({ Body = "" }) => Body));
    }
  }
  const environment = () => ({
    AWS_ENDPOINT_URL_SQS: sqs.url,
    AWS_ENDPOINT_URL_DYNAMODB: dynamo.url,
    COLUMNS: "100",
  });
  return {
    requests,
    /** What goes wrong from now on. */
    failSqs: (fault: typeof sqsFault) => {
      sqsFault = fault;
    },
    failDynamo: (fault: DynamoFault) => {
      dynamoFault = fault;
    },
    /** Lets messages die as the drain does it. */
    reject: (pipeline: DeadLetterSource, bodies: readonly string[], rejection: Rejection) =>
      rejectIn(sqs, pipeline, bodies, rejection),
    /** As AWS moves messages: with its attributes, or with none. */
    moveToDeadLetters: (pipeline: DeadLetterSource, body: string, attributes: Record<string, string> = {}) =>
      sqs.client.send(
        new SendMessageCommand({
          QueueUrl: urlsOf(pipeline).deadLetterQueue,
          MessageBody: body,
          MessageAttributes: Object.fromEntries(
            Object.entries(attributes).map(([name, StringValue]) => [
              name,
              { DataType: "String", StringValue },
            ]),
          ),
        }),
      ),
    /** The bodies that could be received now; they are gone then. */
    takeDead: (pipeline: DeadLetterSource) =>
      drain(queueNames(devAccount.stackName, pipeline).deadLetterQueue),
    takeQueued: (pipeline: DeadLetterSource) => drain(queueNames(devAccount.stackName, pipeline).queue),
    async journalOf(personId: string): Promise<JournalEntry[]> {
      return (await dynamoHistory(table()).ofPerson(personId))?.entries ?? [];
    },
    ledger: () => dynamoLedger(table()),
    async run(
      args: readonly string[],
      {
        cwd = tmpdir(),
        env = {},
        stdin = "",
      }: { cwd?: string; env?: Record<string, string>; stdin?: string } = {},
    ) {
      return withoutTarget(await runRollcall(args, { cwd, stdin, env: { ...environment(), ...env } }));
    },
    /** For what runs in the test's own process. */
    endpoints: () => ({ endpoint: sqs.url, tableEndpoint: dynamo.url }),
    /** Runs it, and interrupts it once it makes its first request of that operation. */
    async interrupt(operation: string, args: readonly string[]) {
      const { child, end } = startRollcall(args, tmpdir(), environment());
      sqsFault = async (request) => {
        if (request.operation !== operation || child.killed) return undefined;
        child.kill("SIGINT");
        // No answer before it has heard of the interruption: it would go on.
        await once(child.stderr, "data");
        return undefined;
      };
      const run = await end;
      sqsFault = () => undefined;
      return withoutTarget(run);
    },
  };
}

/** Lets messages die as the drain does it. */
export async function rejectIn(
  { client, queueUrl }: Pick<SqsServer, "client" | "queueUrl">,
  pipeline: DeadLetterSource,
  bodies: readonly string[],
  { agoMilliseconds = 0, ...rejected }: Rejection,
): Promise<void> {
  const receivedAt = Date.parse("2026-05-14T17:00:05.000Z");
  const letters = bodies.map((body, index) => ({
    message: { messageId: `message-${index}`, receiptHandle: "", body, receiveCount: 1, receivedAt },
    rejected,
  }));
  const url = queueUrl(queueNames(devAccount.stackName, pipeline).deadLetterQueue);
  const now = () => Date.now() - agoMilliseconds;
  await sendDeadLetters(letters, { sqs: client, url, pipeline, now });
}

/** The queues of a stack as its template has them. */
export function templateQueues(withOkta: boolean, stackName: string = devAccount.stackName) {
  const ofOkta = queuesOfRule(oktaIds, queueNames(`\${AWS::StackName}`, "okta"), {
    timeoutSeconds: 60,
    windowSeconds: 1,
  });
  const all = [
    ...pipelineNames.flatMap((name) => Object.entries(queueResources(name, pipelines[name]))),
    ...(withOkta ? Object.entries(ofOkta) : []),
  ];
  // The policies name rules, which are none of these tests' business.
  const Resources = Object.fromEntries(all.filter(([, { Type }]) => Type === "AWS::SQS::Queue"));
  const queueUrl = (name: string) => `http://127.0.0.1/${name}`;
  return readTemplate({ Resources }, { ...devAccount, stackName, queueUrl }).queues;
}

/** A valid leaver as its queue has it. */
export function leaverBody(
  id: string,
  personId: string,
  email = `${personId.toLowerCase()}@example.com`,
): string {
  const metadata = { id, schemaVersion: "1.0", occurredAt: "2026-05-14T17:00:00Z" };
  return JSON.stringify({ "detail-type": "EmployeeLeft", detail: { metadata, data: { personId, email } } });
}
