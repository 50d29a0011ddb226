import { randomUUID } from "node:crypto";
import { statSync } from "node:fs";
import { EnvironmentPool } from "./environmentPool.ts";
import { environmentVariables, type FunctionIdentity } from "./environmentVariables.ts";
import { ExecutionEnvironment } from "./executionEnvironment.ts";
import type { Invocation, LogLine } from "./invocation.ts";
import { refuseLargeRequest } from "./payloadLimits.ts";

export interface LambdaOptions extends FunctionIdentity {
  /** The function's own variables. Lambda's (AWS_REGION, credentials and so on) are added and must not be set. */
  environment: Readonly<Record<string, string>>;
  /** 1-900 s. */
  timeoutSeconds: number;
  /** Everything that the function prints, line by line. Nothing of it reaches the parent's own output. */
  onLog?: (line: LogLine) => void;
  /** Told of each invocation when a process has it, for whoever wants to disturb it. */
  onInvocation?: (started: StartedInvocation) => void;
  /** At most so many processes; what comes beyond them waits (AWS would throttle it). 10 unless told. */
  maximumEnvironments?: number;
}

/** An invocation under way. */
export interface StartedInvocation {
  functionName: string;
  /** Of the process that has it; absent if it could not be started. */
  pid: number | undefined;
  payload: unknown;
  /** Never rejects. */
  ended: Promise<Invocation>;
}

export interface Lambda {
  readonly name: string;
  readonly timeoutSeconds: number;
  /** The process ids of the running execution environments. */
  readonly environments: readonly number[];
  /**
   * Invokes the function synchronously, with `payload` as JSON. Never rejects for what the function does;
   * rejects after `close`.
   */
  invoke(payload: unknown): Promise<Invocation>;
  /** Kills every process. Running invocations end as `crashed`. */
  close(): Promise<void>;
}

/**
 * Runs a bundle as AWS Lambda does: a process per execution environment, kept warm, one invocation at a time
 * in each, a further one for each concurrent invocation. Processes start at the first invocation.
 *
 * Unlike AWS it does not freeze a process between invocations, and limits the heap instead of the process.
 *
 * @throws if the code directory does not exist, the ARN is none, or `environment` sets a reserved name.
 */
export function startLambda(options: LambdaOptions): Lambda {
  checkDirectory(options);
  const variables = environmentVariables(options, options.environment, process.env.PATH ?? "");
  const pool = new EnvironmentPool({
    maximum: options.maximumEnvironments ?? 10,
    start: (onGone) =>
      new ExecutionEnvironment({
        codeDirectory: options.codeDirectory,
        memoryMegabytes: options.memoryMegabytes,
        variables,
        onLog: (line) => options.onLog?.({ functionName: options.name, ...line }),
        onGone,
      }),
  });
  return {
    name: options.name,
    timeoutSeconds: options.timeoutSeconds,
    get environments() {
      return pool.pids;
    },
    invoke: (payload) => invoke(pool, options, payload),
    close: () => pool.close(),
  };
}

async function invoke(pool: EnvironmentPool, options: LambdaOptions, payload: unknown): Promise<Invocation> {
  // An invocation without a payload gets an empty object from Lambda.
  const text = JSON.stringify(payload) ?? "{}";
  const refusal = refuseLargeRequest(text);
  if (refusal) return refusal;
  return pool.use((environment) => {
    const ended = environment.invoke({
      requestId: randomUUID(),
      payload: text,
      invokedFunctionArn: options.arn,
      timeoutMilliseconds: options.timeoutSeconds * 1000,
    });
    options.onInvocation?.({ functionName: options.name, pid: environment.pid, payload, ended });
    return ended;
  });
}

function checkDirectory({ name, codeDirectory }: LambdaOptions): void {
  if (statSync(codeDirectory, { throwIfNoEntry: false })?.isDirectory()) return;
  throw new Error(
    `${name}: expected the bundle in the directory ${codeDirectory}, which does not exist. Package it first.`,
  );
}
