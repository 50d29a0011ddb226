import type { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import type { SQSClient } from "@aws-sdk/client-sqs";
import type { FunctionModel, StackModel, TableModel } from "../cloudformation/stackModel.ts";
import type { DynamoFaults } from "../dynamodb/dynamoFaults.ts";
import type { DynamoServer } from "../dynamodb/startDynamo.ts";
import type { EventBridgeServer } from "../eventbridge/eventBridgeServer.ts";
import type { BusFaults } from "../eventbridge/eventModel.ts";
import type { Scheduler, Timer } from "../eventbridge/scheduler.ts";
import type { EventSourceMapping } from "../eventSourceMapping/eventSourceMapping.ts";
import type { BatchReport } from "../eventSourceMapping/invokeWithBatch.ts";
import type { LogLine } from "../lambda/invocation.ts";
import type { Lambda, StartedInvocation, StartedProcess } from "../lambda/startLambda.ts";
import type { S3Faults, S3Server } from "../s3/startS3.ts";
import type { SqsFaults } from "../sqs/sqsFaults.ts";
import type { SsmServer } from "../ssm/startSsm.ts";

export interface StackOptions {
  /** The directory in which `serverless package` wrote the template and the bundles. */
  packageDirectory: string;
  /**
   * Another package of the same stack, such as the release before, and which execution environments run its code. The
   * resources are those of `packageDirectory`. A function that the other package lacks runs its own code.
   */
  otherPackage?: OtherPackage;
  /** The value of `AWS::StackName` in the template. */
  stackName: string;
  /** Environment variables for all functions, besides their own. */
  environment?: Readonly<Record<string, string>>;
  /** SecureStrings of the SSM Parameter Store, by their whole name. */
  parameters?: Readonly<Record<string, string>>;
  /** Changes the template's model before the stack starts. AWS's checks still apply. */
  adjust?: (model: StackModel) => StackModel;
  /** Called with each function's unpacked code before the function starts; may change the files there. */
  onUnpacked?: (fn: FunctionModel, codeDirectory: string) => Promise<void>;
  /** The ports of the services; a free one where left out. */
  ports?: StackPorts;
  busFaults?: BusFaults;
  dynamoFaults?: DynamoFaults;
  /** Starts DynamoDB with the template's tables in another way, such as in a process of its own; then without `dynamoFaults`. */
  startDynamo?: (tables: readonly TableModel[]) => Promise<DynamoServer>;
  sqsFaults?: SqsFaults;
  s3Faults?: S3Faults;
  /** The clock of the schedules. Default: the system's. */
  timer?: Timer;
  /** Called with each line of a function's output. */
  onLog?: (line: LogLine) => void;
  /** Called with each process of a function as soon as it has started. */
  onProcess?: (started: StartedProcess) => void;
  /** Called for each invocation when a process has it. */
  onInvocation?: (started: StartedInvocation) => void;
  /** Called with the result of each batch that was passed to a function. */
  onBatch?: (batch: BatchReport & { functionName: string }) => void;
  /** Called with problems that do not stop the stack. */
  onProblem: (problem: string) => void;
}

type StackPorts = Partial<Record<"sqs" | "dynamodb" | "eventBridge" | "s3" | "ssm", number>>;

export interface OtherPackage {
  directory: string;
  /** `nth` counts the execution environments of the function, from 1. */
  runs: (environment: { functionName: string; nth: number }) => boolean;
}

/** A packaged template, running on this machine. */
export interface Stack {
  model: StackModel;
  sqs: SQSClient;
  queueUrl: (queueName: string) => string;
  eventBridge: EventBridgeClient;
  bus: EventBridgeServer;
  dynamo: DynamoServer;
  s3: S3Server;
  ssm: SsmServer;
  /** By the function's name. */
  functions: ReadonlyMap<string, Lambda>;
  mappings: readonly EventSourceMapping[];
  scheduler: Scheduler;
  /** Stops the stack at once: running invocations are killed, and the content of queues and tables is lost. */
  close: () => Promise<void>;
}
