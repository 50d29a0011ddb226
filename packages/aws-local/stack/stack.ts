import type { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import type { SQSClient } from "@aws-sdk/client-sqs";
import type { FunctionModel, StackModel } from "../cloudformation/stackModel.ts";
import type { DynamoFaults, DynamoServer } from "../dynamodb/startDynamo.ts";
import type { EventBridgeServer } from "../eventbridge/eventBridgeServer.ts";
import type { BusFaults } from "../eventbridge/eventModel.ts";
import type { Scheduler, Timer } from "../eventbridge/scheduler.ts";
import type { EventSourceMapping } from "../eventSourceMapping/eventSourceMapping.ts";
import type { BatchReport } from "../eventSourceMapping/invokeWithBatch.ts";
import type { LogLine } from "../lambda/invocation.ts";
import type { Lambda, StartedInvocation } from "../lambda/startLambda.ts";
import type { S3Faults, S3Server } from "../s3/startS3.ts";
import type { SqsFaults } from "../sqs/sqsFaults.ts";

export interface StackOptions {
  /** Where `serverless package` wrote the template and the bundles. */
  packageDirectory: string;
  /** What the template's `AWS::StackName` stands for. */
  stackName: string;
  /** Variables that the functions get beside their own. */
  environment?: Readonly<Record<string, string>>;
  /** For tests: the template's model in, the one that is started out. What AWS would refuse is refused still. */
  adjust?: (model: StackModel) => StackModel;
  /** Called with each function's unpacked code before the function starts; may change the files there. */
  onUnpacked?: (fn: FunctionModel, codeDirectory: string) => Promise<void>;
  busFaults?: BusFaults;
  dynamoFaults?: DynamoFaults;
  sqsFaults?: SqsFaults;
  s3Faults?: S3Faults;
  /** What the schedules go by, instead of the time. */
  timer?: Timer;
  /** Told each line that a function prints. */
  onLog?: (line: LogLine) => void;
  /** Told of each invocation when a process has it. */
  onInvocation?: (started: StartedInvocation) => void;
  /** Told what became of each batch that was handed to a function. */
  onBatch?: (batch: BatchReport & { functionName: string }) => void;
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
  dynamo: DynamoServer;
  s3: S3Server;
  /** By the function's name. */
  functions: ReadonlyMap<string, Lambda>;
  mappings: readonly EventSourceMapping[];
  scheduler: Scheduler;
  /** Ends it at once: running invocations are killed, and what lies in the queues and tables is gone. */
  close: () => Promise<void>;
}
