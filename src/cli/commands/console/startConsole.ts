import type { ConsolePorts, LiveSource } from "../../../console/consolePorts.ts";
import { type RunningConsole, serveConsole } from "../../../console/server/serveConsole.ts";
import { DirectoryError } from "../../../directory/directory.ts";
import { dynamoDiscards } from "../../../ledger/dynamo/dynamoDiscards.ts";
import { dynamoHeldDecisions } from "../../../ledger/dynamo/dynamoHeldDecisions.ts";
import { dynamoHistory } from "../../../ledger/dynamo/dynamoHistory.ts";
import { dynamoPendingStore } from "../../../ledger/dynamo/dynamoPendingStore.ts";
import { dynamoOperatorActs } from "../../../ledger/dynamo/operators/dynamoOperatorActs.ts";
import { dynamoRedrives } from "../../../ledger/dynamo/operators/dynamoRedrives.ts";
import { serverClock } from "../../../ledger/dynamo/serverClock.ts";
import { personQualifier } from "../../../policy/policyRules.ts";
import type { DeadLetterQueue } from "../../../queue/deadLetterQueue.ts";
import { openDeadLetterQueues } from "../../../queue/sqs/sqsDeadLetterQueue.ts";
import { sqsQueueDepths } from "../../../queue/sqs/sqsQueueDepths.ts";
import { dynamoRosterAddresses } from "../../../reconcile/dynamo/dynamoRosterAddresses.ts";
import { fileRosterMemory } from "../../../reconcile/file/fileRosterMemory.ts";
import { dynamoPauseStore } from "../../../safeguard/dynamo/dynamoPauseStore.ts";
import { dynamoSafeguardStore } from "../../../safeguard/dynamo/dynamoSafeguardStore.ts";
import { createDynamoClient, createSqsClient } from "../../awsClients.ts";
import { explainDynamoFailure, explainSqsFailure } from "../../awsFailures.ts";
import { placeOf, publishOne } from "../../composition.ts";
import { loadPolicy } from "../../files.ts";
import { hintText } from "../../hints.ts";
import { type DirectoryOptions, operatorUnknown } from "../../options.ts";
import { actorOf, isLoopback, nameIn, type Target, targetText } from "../../target.ts";
import { toCommandFailure } from "../directory/directoryTarget.ts";
import { readPolicy } from "./consolePolicy.ts";
import { publishAll, withDirectories } from "./consoleTargets.ts";

export interface StartConsoleOptions extends DirectoryOptions {
  /** Opened, with its table, stack and bus. */
  target: Target;
  /** The policy's file; left out: `policy.yml` in the current folder, if it is there. */
  policy?: string;
  /** The file that remembers the last roster; left out: the one of `rollcall sync` in the current folder. */
  memory?: string;
  /** Who acts, beside the caller that AWS knows. */
  by?: string;
  /** 0 for a free one. */
  port: number;
  /** Lets a console over AWS change something; one over the local stack always may. */
  allowWrites?: boolean;
  /** How it hears of news; left out: it asks again every few seconds. */
  live?: LiveSource;
  idleMilliseconds?: number;
  /** The stack's clock, where it is another than the system's. Milliseconds since the epoch. */
  now?: () => number;
}

/** Serves the console on 127.0.0.1 with clients of its own, until it is closed or nobody has used it for half an hour. */
export async function startConsole(options: StartConsoleOptions): Promise<RunningConsole> {
  const { target, port, allowWrites = false } = options;
  const isLocal = isOnThisComputer(target);
  const opened = openPorts(options, isLocal);
  const { ports, live = { kind: "poll", everySeconds: isLocal ? 2 : 10 } } = { ...options, ...opened };
  try {
    const running = await serveConsole({
      ports,
      live,
      port,
      ...(options.idleMilliseconds !== undefined && { idleMilliseconds: options.idleMilliseconds }),
      readOnly: whyReadOnly(ports, isLocal || allowWrites),
      startCommand: hintText(target, "console"),
    });
    void running.ended.then(opened.close);
    return running;
  } catch (error) {
    opened.close();
    throw error;
  }
}

/** Who has an account of AWS works on AWS, wherever its services are reached; and so does whoever reaches one of them there. */
function isOnThisComputer({ account, endpoints }: Target): boolean {
  const { dynamodb, sqs, eventBridge, directory } = endpoints;
  const all = [dynamodb, sqs, eventBridge, directory];
  return account === undefined && all.every((endpoint) => endpoint !== undefined && isLoopback(endpoint));
}

function whyReadOnly({ actor }: ConsolePorts, isAllowed: boolean): string | undefined {
  if (!isAllowed)
    return "This console only reads, because its target is in AWS, or a part of it: start it with --allow-writes to act.";
  return actor.kind === "known" ? undefined : `Nothing can be changed: ${actor.because}.`;
}

/** What SQS refused, in words: a page asks several services, and must not take one's failure for another's. */
class ExplainedFailure extends Error {}

function openPorts(options: StartConsoleOptions, isLocal: boolean) {
  const { target, policy, by, now = Date.now } = options;
  const [dynamoPlace, sqsPlace] = [placeOf(target, "dynamodb"), placeOf(target, "sqs")];
  const dynamo = createDynamoClient(dynamoPlace);
  const sqs = createSqsClient(sqsPlace);
  const [tableName, stack] = [nameIn(target, "table"), nameIn(target, "stack")];
  const table = { dynamo, tableName };
  const explainSqs = (error: unknown): never => {
    throw new ExplainedFailure(explainSqsFailure(error, { stack, ...sqsPlace }).message, { cause: error });
  };
  const ports: ConsolePorts = {
    target: { text: targetText(target), stage: target.stage, caller: target.caller, isLocal },
    table: tableName,
    stack,
    history: dynamoHistory(table),
    pending: dynamoPendingStore(table),
    held: dynamoHeldDecisions(table),
    safeguard: dynamoSafeguardStore(table),
    pauses: dynamoPauseStore(table),
    queues: { read: () => sqsQueueDepths(sqs, stack).read().catch(explainSqs) },
    openDeadLetterQueues: async () =>
      (await openDeadLetterQueues(sqs, stack, undefined).catch(explainSqs)).map((queue) =>
        explained(queue, explainSqs),
      ),
    discards: dynamoDiscards(table),
    redrives: dynamoRedrives(table),
    publishOne: (line, signal) => publishOne(target, line, signal),
    now,
    databaseNow: serverClock(dynamo),
    actor: findActor(target, by),
    loadPolicy: () => {
      const loaded = loadPolicy(policy);
      return loaded.kind === "loaded" ? loaded : { kind: "failed", message: loaded.message };
    },
    readPolicy: () => readPolicy(policy, isLocal),
    withDirectories: (named, use) => withDirectories(named, options, use),
    acts: dynamoOperatorActs(table),
    rosterAddresses: (named) => dynamoRosterAddresses(table, personQualifier(named)),
    rosterMemory: fileRosterMemory(options.memory ?? ".rollcall-roster.json"),
    publishAll: (lines, signal, onProgress) => publishAll(target, lines, { signal, onProgress }),
    explainFailure: (error) =>
      error instanceof DirectoryError
        ? toCommandFailure(error.failure).message
        : error instanceof ExplainedFailure
          ? error.message
          : explainDynamoFailure(error, { table: tableName, ...dynamoPlace }).message,
    commandLine: (command, words) => hintText(target, command, words),
  };
  const close = () => {
    dynamo.destroy();
    sqs.destroy();
  };
  return { ports, close };
}

function explained(
  { pipeline, ...queue }: DeadLetterQueue,
  explain: (error: unknown) => never,
): DeadLetterQueue {
  return {
    pipeline,
    countHidden: () => queue.countHidden().catch(explain),
    receive: () => queue.receive().catch(explain),
    putBack: (letters) => queue.putBack(letters).catch(explain),
    delete: (letters) => queue.delete(letters).catch(explain),
    sendToOrigin: (letters) => queue.sendToOrigin(letters).catch(explain),
  };
}

function findActor(target: Target, by: string | undefined): ConsolePorts["actor"] {
  if (target.unknownBecause !== undefined) return { kind: "unknown", because: target.unknownBecause };
  const name = actorOf(by, target);
  return name === undefined ? { kind: "unknown", because: operatorUnknown } : { kind: "known", name };
}
