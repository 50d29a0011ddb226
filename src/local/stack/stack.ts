import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import type { SQSClient } from "@aws-sdk/client-sqs";
import {
  type ChimeSimulator,
  type ChimeSimulatorOptions,
  startChimeSimulator,
} from "../chime/chimeSimulator.ts";
import { readTemplate } from "../cloudformation/readTemplate.ts";
import type { StackModel } from "../cloudformation/stackModel.ts";
import { type DynamoServer, startDynamo } from "../dynamodb/startDynamo.ts";
import type { DynamoFaults } from "../dynamodb/withFaults.ts";
import type { EventBridgeServer } from "../eventbridge/eventBridgeServer.ts";
import type { BusFaults } from "../eventbridge/faults.ts";
import type { Scheduler } from "../eventbridge/schedule/scheduler.ts";
import type { EventSourceMapping } from "../eventSourceMapping/eventSourceMapping.ts";
import type { LogLine } from "../lambda/invocation.ts";
import type { Lambda } from "../lambda/startLambda.ts";
import { type SqsServer, startSqs } from "../sqs/startSqs.ts";
import { localAccount } from "./localAccount.ts";
import { startBus } from "./startBus.ts";
import { startFunctions } from "./startFunctions.ts";
import { startMapping } from "./startMapping.ts";
import { startSchedules } from "./startSchedules.ts";

export interface StackOptions {
  /** Where `serverless package` wrote the template and the bundles. */
  packageDirectory: string;
  chime: ChimeSimulatorOptions;
  /** Variables that the functions get beside their own. */
  environment?: Readonly<Record<string, string>>;
  busFaults?: BusFaults;
  dynamoFaults?: DynamoFaults;
  onLog?: (line: LogLine) => void;
  /** What does not stop the stack but should be known. */
  onProblem: (problem: string) => void;
}

/** The packaged service, running on this machine. */
export interface Stack {
  model: StackModel;
  sqs: SQSClient;
  queueUrl: (queueName: string) => string;
  eventBridge: EventBridgeClient;
  bus: EventBridgeServer;
  chime: ChimeSimulator;
  dynamo: DynamoServer;
  /** By the function's name. */
  functions: ReadonlyMap<string, Lambda>;
  mappings: readonly EventSourceMapping[];
  scheduler: Scheduler;
  /** For the environment of a program that is to use this stack instead of AWS. */
  environment: Record<string, string>;
  close: () => Promise<void>;
}

/**
 * Starts what the packaged template would deploy, on 127.0.0.1: its queues, tables, buses, rules, schedules, mappings
 * and functions, and a simulator of Amazon Chime for the calls. A model of AWS, not AWS; `model.notModelled` names what
 * it leaves out.
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  const closers: (() => Promise<void>)[] = [];
  const close = async () => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  try {
    return { ...(await start(options, (closer) => closers.push(closer))), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function start(
  options: StackOptions,
  onClose: (closer: () => Promise<void>) => void,
): Promise<Omit<Stack, "close">> {
  const { packageDirectory, onProblem } = options;
  const sqs = await startSqs(localAccount);
  onClose(sqs.close);
  const model = await readModel(packageDirectory, sqs);
  await sqs.createQueues(model.queues);
  const dynamo = await startDynamo(model.tables, localAccount, options.dynamoFaults);
  onClose(dynamo.close);
  const chime = await startChimeSimulator(options.chime);
  onClose(chime.close);
  const bus = await startBus(model, sqs, options.busFaults);
  onClose(bus.close);
  const environment = {
    AWS_ENDPOINT_URL_SQS: sqs.url,
    AWS_ENDPOINT_URL_DYNAMODB: dynamo.url,
    AWS_ENDPOINT_URL_EVENTBRIDGE: bus.url,
    AWS_ENDPOINT_URL_CHIME: chime.url,
  };
  const functions = await startFunctions(model, options, environment, onClose);
  const mappings = await Promise.all(
    model.mappings
      .filter(({ enabled }) => enabled)
      .map((mapping) => startMapping(mapping, model, sqs, functions, onProblem)),
  );
  // A mapping drains its running invocations, so it closes before the functions do.
  onClose(async () => void (await Promise.all(mappings.map((mapping) => mapping.close(10)))));
  const scheduler = startSchedules(model, functions, onProblem);
  onClose(scheduler.close);
  const { region, credentials } = localAccount;
  const eventBridge = new EventBridgeClient({ region, credentials, endpoint: bus.url });
  onClose(async () => eventBridge.destroy());
  return {
    model,
    sqs: sqs.client,
    queueUrl: sqs.queueUrl,
    eventBridge,
    bus,
    chime,
    dynamo,
    functions,
    mappings,
    scheduler,
    environment: {
      ...environment,
      AWS_REGION: region,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    },
  };
}

async function readModel(packageDirectory: string, { queueUrl }: SqsServer): Promise<StackModel> {
  const file = join(packageDirectory, "cloudformation-template-update-stack.json");
  return readTemplate(JSON.parse(await readFile(file, "utf8")), { ...localAccount, queueUrl });
}
