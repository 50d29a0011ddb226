import { Readable } from "node:stream";
import { DescribeEventBusCommand, type EventBridgeClient } from "@aws-sdk/client-eventbridge";
import type { SQSClient } from "@aws-sdk/client-sqs";
import { eventBridgeBus, sleep } from "../events/eventBridge/eventBridgeBus.ts";
import type { EventBus } from "../events/eventBus.ts";
import { type PublishedLine, publishEvents } from "../events/publishEvents.ts";
import { dynamoDiscards } from "../ledger/dynamo/dynamoDiscards.ts";
import { dynamoForgetting } from "../ledger/dynamo/dynamoForgetting.ts";
import { dynamoHeldDecisions } from "../ledger/dynamo/dynamoHeldDecisions.ts";
import { dynamoHistory } from "../ledger/dynamo/dynamoHistory.ts";
import { dynamoPendingStore } from "../ledger/dynamo/dynamoPendingStore.ts";
import { dynamoOperatorActs } from "../ledger/dynamo/operators/dynamoOperatorActs.ts";
import { dynamoRedrives } from "../ledger/dynamo/operators/dynamoRedrives.ts";
import { dynamoUndos } from "../ledger/dynamo/operators/dynamoUndos.ts";
import { serverClock } from "../ledger/dynamo/serverClock.ts";
import type { Forgetting } from "../ledger/forgottenPeople.ts";
import type { Discards, HeldDecisions, OperatorActs, Redrives, Undos } from "../ledger/operatorDecisions.ts";
import type { PendingStore } from "../ledger/pendingStore.ts";
import type { History } from "../ledger/personHistory.ts";
import type { PublishRefusal } from "../operations/publishLines.ts";
import type { QualifyPerson } from "../policy/policyRules.ts";
import type { DeadLetterSource } from "../queue/deadLetter.ts";
import type { DeadLetterQueue } from "../queue/deadLetterQueue.ts";
import type { QueueDepths } from "../queue/queueDepths.ts";
import { openDeadLetterQueues } from "../queue/sqs/sqsDeadLetterQueue.ts";
import { sqsQueueDepths } from "../queue/sqs/sqsQueueDepths.ts";
import { dynamoRosterAddresses } from "../reconcile/dynamo/dynamoRosterAddresses.ts";
import type { RosterAddresses } from "../reconcile/rosterPorts.ts";
import { dynamoPauseStore } from "../safeguard/dynamo/dynamoPauseStore.ts";
import { dynamoSafeguardStore } from "../safeguard/dynamo/dynamoSafeguardStore.ts";
import type { PauseStore } from "../safeguard/pauses.ts";
import type { SafeguardStore } from "../safeguard/safeguardState.ts";
import { createDynamoClient, createEventBridgeClient, createSqsClient, findRegion } from "./awsClients.ts";
import { explainDynamoFailure, explainSqsFailure, type LedgerRequest } from "./awsFailures.ts";
import type { CommandFailure, CommandResult } from "./commandResult.ts";
import { openRejectedFile, type RejectedFile } from "./files.ts";
import { openTarget } from "./openTarget.ts";
import type { LedgerOptions } from "./options.ts";
import { nameIn, type Service, type Target } from "./target.ts";
import type { Terminal } from "./terminal.ts";

/** The ports of a ledger in DynamoDB, as the operations take them. */
export interface OpenLedger {
  target: Target;
  table: string;
  history: History;
  pending: PendingStore;
  held: HeldDecisions;
  forgetting: Forgetting;
  undos: Undos;
  safeguard: SafeguardStore;
  pauses: PauseStore;
  acts: OperatorActs;
  /** Milliseconds since the epoch. */
  now: () => number;
  /** The database's own time, once it has answered: for what the functions compare with their clocks. Milliseconds since the epoch. */
  databaseNow: () => number;
  /** Why one request failed, and what to do about it. Rethrows an error that no request caused. */
  explainFailure: (error: unknown) => string;
}

/** For a command that changes the ledger: the permissions that it takes. */
type ToChange = Pick<LedgerRequest, "toChange">;

interface LedgerChange extends ToChange {
  /** It is done although nobody knows who calls: an emergency does not wait for a record. */
  isUrgent?: boolean;
}

/**
 * Opens the target's ledger, passes it to `use`, and closes it again. A failure of DynamoDB is explained. Where the command
 * changes something, the caller must be known.
 */
export async function withLedger<T>(
  { toChange, isUrgent = false, ...options }: LedgerOptions & LedgerChange,
  terminal: Terminal,
  use: (ledger: OpenLedger) => Promise<T>,
): Promise<{ kind: "used"; value: T } | CommandFailure> {
  const opened = await openTarget(
    options,
    {
      resources: ["table"],
      endpoints: { dynamodb: options.endpoint },
      isRecorded: toChange !== undefined && !isUrgent,
    },
    terminal,
  );
  if (opened.kind !== "opened") return opened;
  return useLedger(opened.target, toChange === undefined ? {} : { toChange }, use);
}

/** The same, for a target that is open already. */
export async function useLedger<T>(
  target: Target,
  change: ToChange,
  use: (ledger: OpenLedger) => Promise<T>,
): Promise<{ kind: "used"; value: T } | CommandFailure> {
  const place = placeOf(target, "dynamodb");
  const dynamo = createDynamoClient(place);
  const tableName = nameIn(target, "table");
  const table = { dynamo, tableName };
  const databaseNow = serverClock(dynamo);
  const failureOf = (error: unknown) =>
    explainDynamoFailure(error, { table: tableName, ...place, ...change });
  try {
    const value = await use({
      target,
      table: tableName,
      history: dynamoHistory(table),
      pending: dynamoPendingStore(table),
      held: dynamoHeldDecisions(table),
      forgetting: dynamoForgetting(table),
      undos: dynamoUndos(table),
      safeguard: dynamoSafeguardStore(table),
      pauses: dynamoPauseStore(table),
      acts: dynamoOperatorActs(table),
      now: Date.now,
      databaseNow,
      explainFailure: (error) => failureOf(error).message,
    });
    return { kind: "used", value };
  } catch (error) {
    return failureOf(error);
  } finally {
    dynamo.destroy();
  }
}

/**
 * Opens what a target's ledger knows of people's addresses, passes it to `use`, and closes it again. Where DynamoDB does not answer, it
 * knows nobody, and `onFault` is told.
 */
export async function withAddresses<T>(
  target: Target,
  { qualifyPerson, onFault }: { qualifyPerson: QualifyPerson; onFault: (message: string) => void },
  use: (addresses: RosterAddresses) => Promise<T>,
): Promise<T> {
  const place = placeOf(target, "dynamodb");
  const dynamo = createDynamoClient(place);
  const tableName = nameIn(target, "table");
  const addresses = dynamoRosterAddresses({ dynamo, tableName }, qualifyPerson);
  const orElse = <Answer>(answer: Answer) => {
    return (error: unknown) => {
      onFault(explainDynamoFailure(error, { table: tableName, ...place }).message);
      return answer;
    };
  };
  try {
    return await use({
      recall: (personIds) => addresses.recall(personIds).catch(orElse(new Map())),
      isOwn: (email, personId) => addresses.isOwn(email, personId).catch(orElse(false)),
    });
  } finally {
    dynamo.destroy();
  }
}

/** Where a service of the target is. */
export function placeOf(
  { region, endpoints }: Target,
  service: Service,
): { region: string; endpoint?: string } {
  const endpoint = endpoints[service];
  return { region, ...(endpoint !== undefined && { endpoint }) };
}

/** Opens the port by which an operator discards events, passes it to `use`, and closes it again. */
export async function withDiscards<T>(target: Target, use: (discards: Discards) => Promise<T>): Promise<T> {
  const dynamo = createDynamoClient(placeOf(target, "dynamodb"));
  try {
    return await use(dynamoDiscards({ dynamo, tableName: nameIn(target, "table") }));
  } finally {
    dynamo.destroy();
  }
}

/** Opens the port that puts redrives on record, passes it to `use`, and closes it again. */
export async function withRedrives<T>(target: Target, use: (redrives: Redrives) => Promise<T>): Promise<T> {
  const dynamo = createDynamoClient(placeOf(target, "dynamodb"));
  try {
    return await use(dynamoRedrives({ dynamo, tableName: nameIn(target, "table") }));
  } finally {
    dynamo.destroy();
  }
}

/**
 * Opens the dead-letter queues of the target's stack, or the one of `pipeline`, and passes them to `use`. A failure of SQS is
 * explained.
 */
export async function withDeadLetterQueues(
  target: Target,
  pipeline: DeadLetterSource | undefined,
  use: (queues: readonly DeadLetterQueue[]) => Promise<CommandResult>,
): Promise<CommandResult> {
  const stack = nameIn(target, "stack");
  return withSqs(target, async (sqs) => {
    const queues = await openDeadLetterQueues(sqs, stack, pipeline);
    return queues.length === 0 ? { kind: "misused", message: withoutOkta(stack) } : use(queues);
  });
}

async function withSqs<T>(target: Target, use: (sqs: SQSClient) => Promise<T>): Promise<T | CommandFailure> {
  const place = placeOf(target, "sqs");
  const sqs = createSqsClient(place);
  try {
    return await use(sqs);
  } catch (error) {
    return explainSqsFailure(error, { stack: nameIn(target, "stack"), ...place });
  } finally {
    sqs.destroy();
  }
}

/** Opens the port to the depths of the target's queues, and passes it to `use`. A failure of SQS is explained. */
export async function withQueueDepths<T>(
  target: Target,
  use: (queues: QueueDepths) => Promise<T>,
): Promise<T | CommandFailure> {
  return withSqs(target, (sqs) => use(sqsQueueDepths(sqs, nameIn(target, "stack"))));
}

const withoutOkta = (stack: string) =>
  `the stack ${stack} has no queues for Okta's events; name another with --stage or --stack, or another --region`;

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
export function withBus<T>(
  target: Target,
  { input, rejected, rejectedPath }: { input: string; rejected: string | undefined; rejectedPath: string },
  use: (open: OpenBus) => Promise<T>,
): Promise<T | PublishRefusal> {
  return withCheckedBus<T | PublishRefusal>(target, async (bus, busName) => {
    const opened = await openRejectedFile({ named: rejected, byDefault: rejectedPath }, input);
    if (opened.kind === "failed") return { kind: "refused", message: opened.message };
    const { file } = opened;
    try {
      return await use({ bus, busName, rejected: file });
    } finally {
      await file.close();
    }
  });
}

/** Opens the target's bus, which has to be there, and passes it to `use`. */
export async function withCheckedBus<T>(
  target: Target,
  use: (bus: EventBus, busName: string) => Promise<T>,
): Promise<T | PublishRefusal> {
  const busName = nameIn(target, "bus");
  const client = createEventBridgeClient(placeOf(target, "eventBridge"));
  try {
    const fault = await findBusFault(client, busName);
    if (fault !== undefined) return { kind: "refused", message: fault };
    return await use(eventBridgeBus(client, busName), busName);
  } finally {
    client.destroy();
  }
}

/** Publishes one line to the target's bus. An abort of `signal` ends the retries. */
export async function publishOne(target: Target, line: string, signal: AbortSignal): Promise<PublishedOne> {
  const published = await withCheckedBus<PublishedOne>(target, async (bus) => {
    const lines = Readable.from([{ number: 1, bytes: Buffer.from(line) }]);
    const options = { bus, sleep, random: Math.random, unchecked: false, signal };
    for await (const result of publishEvents(lines, options)) return result;
    return { kind: "refused", message: "the bus gave no answer" };
  });
  return published;
}

/** What became of one line; or why nothing could be published. */
export type PublishedOne = PublishedLine | PublishRefusal;

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
      return `there is no event bus ${bus} in ${found.region}, and what is sent to it would be lost; name another with --stage or --bus`;
    }
  }
  return undefined;
}
