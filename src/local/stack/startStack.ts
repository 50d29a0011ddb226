import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import type { EventSourceMapping } from "../eventSourceMapping/eventSourceMapping.ts";
import { type Closers, collectClosers } from "./collectClosers.ts";
import { emulatedAccount } from "./emulatedAccount.ts";
import type { Stack, StackOptions } from "./stack.ts";
import { startFunctions } from "./startFunctions.ts";
import { startMapping } from "./startMapping.ts";
import { startSchedules } from "./startSchedules.ts";
import { type Services, startServices } from "./startServices.ts";

/**
 * Starts what the packaged template would deploy, on 127.0.0.1: its queues, tables, buses, rules, schedules, mappings
 * and functions. A model of AWS, not AWS; `model.notModelled` names what it leaves out. Throws if AWS would refuse a
 * part of it, and leaves nothing running then.
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  const closers = collectClosers();
  let isClosing = false;
  const close = () => {
    isClosing = true;
    return closers.closeAll();
  };
  // What breaks because it is being closed is no problem.
  const onProblem = (problem: string) => void (isClosing || options.onProblem(problem));
  try {
    const services = await startServices(options, closers);
    return { ...(await run(services, { ...options, onProblem }, closers)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Puts the functions to work on the services. */
async function run(
  services: Services,
  options: StackOptions,
  closers: Closers,
): Promise<Omit<Stack, "close">> {
  const { model, sqs, bus, dynamo, s3 } = services;
  const endpoints = {
    AWS_ENDPOINT_URL_SQS: sqs.url,
    AWS_ENDPOINT_URL_DYNAMODB: dynamo.url,
    AWS_ENDPOINT_URL_EVENTBRIDGE: bus.url,
    AWS_ENDPOINT_URL_S3: s3.url,
  };
  const functions = await startFunctions(model, options, endpoints, closers);
  const mappings: EventSourceMapping[] = [];
  for (const mapping of model.mappings.filter(({ enabled }) => enabled)) {
    const started = await startMapping(mapping, { model, sqs, functions }, options);
    mappings.push(started);
    // It need not drain its running invocations: its queue is about to vanish.
    closers.add(() => started.close(0));
  }
  const scheduler = startSchedules(model, functions, options);
  closers.add(scheduler.close);
  const { region, credentials } = emulatedAccount;
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
    functions,
    mappings,
    scheduler,
  };
}
