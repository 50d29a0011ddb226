import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { readTemplate } from "../cloudformation/readTemplate.ts";
import type { StackModel } from "../cloudformation/stackModel.ts";
import { type DynamoServer, startDynamo } from "../dynamodb/startDynamo.ts";
import type { EventBridgeServer } from "../eventbridge/eventBridgeServer.ts";
import type { EventSourceMapping } from "../eventSourceMapping/eventSourceMapping.ts";
import { localAccount } from "../localAccount.ts";
import { type S3Server, startS3 } from "../s3/startS3.ts";
import { type SqsServer, startSqs } from "../sqs/startSqs.ts";
import { type SsmServer, startSsm } from "../ssm/startSsm.ts";
import { type Closers, collectClosers } from "./collectClosers.ts";
import type { Stack, StackOptions } from "./stack.ts";
import { startFunctions } from "./startFunctions.ts";
import { startBus, startMapping, startSchedules } from "./startTriggers.ts";

/**
 * Starts what the packaged template would deploy, on 127.0.0.1: queues, tables, buses, rules, schedules, mappings and
 * functions. It is a model of AWS; `model.notModelled` lists what it leaves out. If AWS would refuse a part of it, it
 * throws and leaves nothing running.
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  const closers = collectClosers();
  let isClosing = false;
  const close = () => {
    isClosing = true;
    return closers.closeAll();
  };
  // A failure that closing causes is no problem.
  const onProblem = (problem: string) => void (isClosing || options.onProblem(problem));
  try {
    const services = await startServices(options, closers);
    return { ...(await run(services, { ...options, onProblem }, closers)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Starts the functions and their triggers on the services. */
async function run(
  services: Services,
  options: StackOptions,
  closers: Closers,
): Promise<Omit<Stack, "close">> {
  const { model, sqs, bus, dynamo, s3, ssm } = services;
  const endpoints = {
    AWS_ENDPOINT_URL_SQS: sqs.url,
    AWS_ENDPOINT_URL_DYNAMODB: dynamo.url,
    AWS_ENDPOINT_URL_EVENTBRIDGE: bus.url,
    AWS_ENDPOINT_URL_S3: s3.url,
    AWS_ENDPOINT_URL_SSM: ssm.url,
  };
  const functions = await startFunctions(services, options, endpoints, closers);
  const mappings: EventSourceMapping[] = [];
  for (const mapping of model.mappings.filter(({ enabled }) => enabled)) {
    const started = await startMapping(mapping, { model, sqs, functions }, options);
    mappings.push(started);
    // It need not wait for running invocations, because its queue is about to be closed.
    closers.add(() => started.close(0));
  }
  const scheduler = startSchedules(model, functions, options);
  closers.add(scheduler.close);
  const { region, credentials } = localAccount;
  const eventBridge = new EventBridgeClient({ region, credentials, endpoint: bus.url });
  closers.add(async () => eventBridge.destroy());
  return {
    model,
    sqs: sqs.client,
    queueUrl: sqs.queueUrl,
    eventBridge,
    bus,
    dynamo,
    s3,
    ssm,
    functions,
    mappings,
    scheduler,
  };
}

/** The services that the functions call. */
interface Services {
  model: StackModel;
  otherModel: StackModel | undefined;
  sqs: SqsServer;
  dynamo: DynamoServer;
  bus: EventBridgeServer;
  s3: S3Server;
  ssm: SsmServer;
}

/** Reads the packaged template and starts the services that its functions call, with its queues, tables and rules. */
async function startServices(options: StackOptions, closers: Closers): Promise<Services> {
  const { packageDirectory, otherPackage, stackName, adjust = (model) => model, ports = {} } = options;
  const sqs = await startSqs(localAccount, options.sqsFaults, ports.sqs);
  closers.add(sqs.close);
  // The template's values contain queue URLs, so the SQS server starts before the template is read, and its queues
  // are created after.
  const read = async (directory: string) => adjust(await readModel(directory, stackName, sqs));
  const model = await read(packageDirectory);
  const otherModel = otherPackage && (await read(otherPackage.directory));
  await sqs.createQueues(model.queues);
  const start =
    options.startDynamo ??
    ((tables) => startDynamo(tables, localAccount, options.dynamoFaults, Date.now, ports.dynamodb));
  const dynamo = await start(model.tables);
  closers.add(dynamo.close);
  const bus = await startBus(model, sqs, options.busFaults, ports.eventBridge);
  closers.add(bus.close);
  const s3 = await startS3(options.s3Faults, ports.s3);
  closers.add(s3.close);
  const ssm = await startSsm(options.parameters, ports.ssm);
  closers.add(ssm.close);
  return { model, otherModel, sqs, dynamo, bus, s3, ssm };
}

async function readModel(directory: string, stackName: string, { queueUrl }: SqsServer): Promise<StackModel> {
  const file = join(directory, "cloudformation-template-update-stack.json");
  return readTemplate(JSON.parse(await readFile(file, "utf8")), { ...localAccount, stackName, queueUrl });
}
