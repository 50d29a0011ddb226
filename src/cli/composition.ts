import { DescribeEventBusCommand, type EventBridgeClient } from "@aws-sdk/client-eventbridge";
import type { SQSClient } from "@aws-sdk/client-sqs";
import { chimeClients } from "../directory/chime/chimeClients.ts";
import { chimeDirectory } from "../directory/chime/chimeDirectory.ts";
import { eventBridgeBus } from "../events/eventBridge/eventBridgeBus.ts";
import type { EventBus } from "../events/eventBus.ts";
import { dynamoDiscards } from "../ledger/dynamo/dynamoDiscards.ts";
import { dynamoForgetting } from "../ledger/dynamo/dynamoForgetting.ts";
import { dynamoHeldDecisions } from "../ledger/dynamo/dynamoHeldDecisions.ts";
import { dynamoHistory } from "../ledger/dynamo/dynamoHistory.ts";
import { dynamoPendingStore } from "../ledger/dynamo/dynamoPendingStore.ts";
import type { Forgetting } from "../ledger/forgottenPeople.ts";
import type { Discards, HeldDecisions } from "../ledger/operatorDecisions.ts";
import type { PendingStore } from "../ledger/pendingStore.ts";
import type { History } from "../ledger/personHistory.ts";
import type { PublishRefusal } from "../operations/publishLines.ts";
import type { DeadLetterSource } from "../queue/deadLetter.ts";
import type { DeadLetterQueue } from "../queue/deadLetterQueue.ts";
import type { QueueDepths } from "../queue/queueDepths.ts";
import { openDeadLetterQueues } from "../queue/sqs/sqsDeadLetterQueue.ts";
import { sqsQueueDepths } from "../queue/sqs/sqsQueueDepths.ts";
import { type DirectoryListing, readDirectory } from "../reconcile/readDirectory.ts";
import { dynamoPauseStore } from "../safeguard/dynamo/dynamoPauseStore.ts";
import { dynamoSafeguardStore } from "../safeguard/dynamo/dynamoSafeguardStore.ts";
import type { PauseStore } from "../safeguard/pauses.ts";
import type { SafeguardStore } from "../safeguard/safeguardState.ts";
import {
  createDynamoClient,
  createEventBridgeClient,
  createSqsClient,
  type Endpoint,
  endpointSettings,
  findRegion,
} from "./awsClients.ts";
import { explainDynamoFailure, explainSqsFailure, type LedgerRequest } from "./awsFailures.ts";
import type { CommandFailure, CommandResult } from "./commandResult.ts";
import { openRejectedFile, type RejectedFile } from "./files.ts";
import type { BusOptions, LedgerOptions } from "./options.ts";

/** The ports of a ledger in DynamoDB, as the operations take them. */
export interface OpenLedger {
  table: string;
  history: History;
  pending: PendingStore;
  held: HeldDecisions;
  forgetting: Forgetting;
  safeguard: SafeguardStore;
  pauses: PauseStore;
  /** Milliseconds since the epoch. */
  now: () => number;
  /** Why one request failed, and what to do about it. Rethrows an error that no request caused. */
  explainFailure: (error: unknown) => string;
}

/** Opens the ledger, passes it to `use`, and closes it again. A failure of DynamoDB is explained. */
export async function withLedger<T>(
  options: LedgerOptions & Pick<LedgerRequest, "toChange">,
  use: (ledger: OpenLedger) => Promise<T>,
): Promise<{ kind: "used"; value: T } | CommandFailure> {
  const dynamo = createDynamoClient(options);
  try {
    const found = await findRegion(dynamo);
    if (found.kind === "none") return { kind: "misused", message: found.message };
    const failureOf = (error: unknown) => explainDynamoFailure(error, { ...options, region: found.region });
    const table = { dynamo, tableName: options.table };
    try {
      const value = await use({
        table: options.table,
        history: dynamoHistory(table),
        pending: dynamoPendingStore(table),
        held: dynamoHeldDecisions(table),
        forgetting: dynamoForgetting(table),
        safeguard: dynamoSafeguardStore(table),
        pauses: dynamoPauseStore(table),
        now: Date.now,
        explainFailure: (error) => failureOf(error).message,
      });
      return { kind: "used", value };
    } catch (error) {
      return failureOf(error);
    }
  } finally {
    dynamo.destroy();
  }
}

/** Opens the port by which an operator discards events, passes it to `use`, and closes it again. */
export async function withDiscards<T>(
  { table, ...endpoint }: Endpoint & { table: string },
  use: (discards: Discards) => Promise<T>,
): Promise<T> {
  const dynamo = createDynamoClient(endpoint);
  try {
    return await use(dynamoDiscards({ dynamo, tableName: table }, Date.now));
  } finally {
    dynamo.destroy();
  }
}

/** Where the dead-letter queues are. */
export interface StackOptions extends Endpoint {
  stack: string;
  /** Only this queue. */
  pipeline?: DeadLetterSource;
}

/** Opens the dead-letter queues of a stack, or one of them, and passes them to `use`. A failure of SQS is explained. */
export async function withDeadLetterQueues(
  { stack, pipeline, ...endpoint }: StackOptions,
  use: (queues: readonly DeadLetterQueue[]) => Promise<CommandResult>,
): Promise<CommandResult> {
  return withSqs({ stack, ...endpoint }, async (sqs) => {
    const queues = await openDeadLetterQueues(sqs, stack, pipeline);
    return queues.length === 0 ? { kind: "misused", message: withoutOkta(stack) } : use(queues);
  });
}

async function withSqs(
  { stack, ...endpoint }: Omit<StackOptions, "pipeline">,
  use: (sqs: SQSClient) => Promise<CommandResult>,
): Promise<CommandResult> {
  const sqs = createSqsClient(endpoint);
  try {
    const found = await findRegion(sqs);
    if (found.kind === "none") return { kind: "misused", message: found.message };
    try {
      return await use(sqs);
    } catch (error) {
      const { endpoint: url } = endpoint;
      return explainSqsFailure(error, {
        stack,
        region: found.region,
        ...(url !== undefined && { endpoint: url }),
      });
    }
  } finally {
    sqs.destroy();
  }
}

/** Opens the port to the depths of a stack's queues, and passes it to `use`. A failure of SQS is explained. */
export async function withQueueDepths(
  { stack, ...endpoint }: Omit<StackOptions, "pipeline">,
  use: (queues: QueueDepths) => Promise<CommandResult>,
): Promise<CommandResult> {
  return withSqs({ stack, ...endpoint }, (sqs) => use(sqsQueueDepths(sqs, stack)));
}

const withoutOkta = (stack: string) =>
  `the stack ${stack} has no queues for Okta's events; name another with --stack, or another --region`;

/** The event bus, and the file for the lines that it does not accept. */
export interface OpenBus {
  bus: EventBus;
  busName: string;
  rejected: RejectedFile;
}

/**
 * Opens the bus and the file of rejected lines, and passes them to `use`. Both are checked before anything is sent.
 *
 * @param input the file that the lines come from, which must not be overwritten
 */
export async function withBus<T>(
  options: BusOptions,
  { input, rejectedPath }: { input: string; rejectedPath: string },
  use: (open: OpenBus) => Promise<T>,
): Promise<T | PublishRefusal> {
  const client = createEventBridgeClient(options);
  try {
    const fault = await findBusFault(client, options.bus);
    if (fault !== undefined) return { kind: "refused", message: fault };
    const opened = await openRejectedFile({ named: options.rejected, byDefault: rejectedPath }, input);
    if (opened.kind === "failed") return { kind: "refused", message: opened.message };
    const { file: rejected } = opened;
    try {
      return await use({ bus: eventBridgeBus(client, options.bus), busName: options.bus, rejected });
    } finally {
      await rejected.close();
    }
  } finally {
    client.destroy();
  }
}

/**
 * Tells why nothing can be published, if that can be known in advance. PutEvents answers "accepted" for a bus that does not
 * exist, and the events are lost; so the bus is described first. Any other failure of that request (no permission, an
 * endpoint that does not know it) says nothing about publishing.
 * https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_DescribeEventBus.html
 */
export async function findBusFault(client: EventBridgeClient, bus: string): Promise<string | undefined> {
  const found = await findRegion(client);
  if (found.kind === "none") return found.message;
  try {
    await client.send(new DescribeEventBusCommand({ Name: bus }));
  } catch (error) {
    if (error instanceof Error && error.name === "ResourceNotFoundException") {
      return `there is no event bus ${bus} in ${found.region}, and what is sent to it would be lost; name another with --bus`;
    }
  }
  return undefined;
}

/** Reads whole accounts from Chime. Throws `DirectoryError`. `onUsers` is told how many users each page has. */
export async function readChimeAccounts(
  accountIds: readonly string[],
  endpoint: string | undefined,
  onUsers: (count: number) => void,
): Promise<DirectoryListing[]> {
  const { region: _, ...where } = endpointSettings(endpoint === undefined ? {} : { endpoint });
  const clients = chimeClients(where);
  try {
    return await readDirectory(accountIds, chimeDirectory(clients), { onUsers });
  } finally {
    clients.retrying.destroy();
    clients.single.destroy();
  }
}
