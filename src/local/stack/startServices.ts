import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { readTemplate } from "../cloudformation/readTemplate.ts";
import type { StackModel } from "../cloudformation/stackModel.ts";
import { type DynamoServer, startDynamo } from "../dynamodb/startDynamo.ts";
import type { EventBridgeServer } from "../eventbridge/eventBridgeServer.ts";
import { type S3Server, startS3 } from "../s3/startS3.ts";
import { type SqsServer, startSqs } from "../sqs/startSqs.ts";
import type { Closers } from "./collectClosers.ts";
import { emulatedAccount } from "./emulatedAccount.ts";
import type { StackOptions } from "./stack.ts";
import { startBus } from "./startBus.ts";

/** What the functions work with. */
export interface Services {
  model: StackModel;
  sqs: SqsServer;
  dynamo: DynamoServer;
  bus: EventBridgeServer;
  s3: S3Server;
}

/** Reads the packaged template and starts the services that its functions call, with its queues, tables and rules. */
export async function startServices(options: StackOptions, closers: Closers): Promise<Services> {
  const { adjust = (model) => model } = options;
  const sqs = await startSqs(emulatedAccount, options.sqsFaults);
  closers.add(sqs.close);
  // The template's values hold queue URLs, so the server comes first, and its queues after the template.
  const model = adjust(await readModel(options, sqs));
  await sqs.createQueues(model.queues);
  const dynamo = await startDynamo(model.tables, emulatedAccount, options.dynamoFaults);
  closers.add(dynamo.close);
  const bus = await startBus(model, sqs, options.busFaults);
  closers.add(bus.close);
  const s3 = await startS3(options.s3Faults);
  closers.add(s3.close);
  return { model, sqs, dynamo, bus, s3 };
}

async function readModel(
  { packageDirectory, stackName }: StackOptions,
  { queueUrl }: SqsServer,
): Promise<StackModel> {
  const file = join(packageDirectory, "cloudformation-template-update-stack.json");
  return readTemplate(JSON.parse(await readFile(file, "utf8")), { ...emulatedAccount, stackName, queueUrl });
}
