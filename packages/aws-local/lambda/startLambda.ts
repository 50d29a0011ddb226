import { randomUUID } from "node:crypto";
import { statSync } from "node:fs";
import { environmentVariables, type FunctionIdentity } from "./environmentVariables.ts";
import { ExecutionEnvironment } from "./executionEnvironment.ts";
import { type Invocation, type LogLine, refuseLargeRequest } from "./invocation.ts";

export interface LambdaOptions extends FunctionIdentity {
  /** The function's own variables. Lambda's own (AWS_REGION, credentials and so on) are added and must not be set. */
  environment: Readonly<Record<string, string>>;
  /** 1-900 s. */
  timeoutSeconds: number;
  /**
   * Returns what the `nth` execution environment runs instead, from 1; nothing for the function's own code. On AWS both run
   * side by side while a deployment replaces one by the other.
   */
  otherCode?: (nth: number) => FunctionCode | undefined;
  /** Called with each line of the function's output. None of it reaches the parent's own output. */
  onLog?: (line: LogLine) => void;
  /** Called with each process of the function as soon as it has started. */
  onProcess?: (started: StartedProcess) => void;
  /** Called for each invocation when a process has it, for tests that disturb it. */
  onInvocation?: (started: StartedInvocation) => void;
  /** The most processes; further invocations wait (AWS would throttle them). Default 10. */
  maximumEnvironments?: number;
}

/** What an execution environment loads, and the function's own variables. */
type FunctionCode = Pick<LambdaOptions, "handler" | "codeDirectory" | "environment">;

/** A process of a function, which is an execution environment. */
export interface StartedProcess {
  functionName: string;
  memoryMegabytes: number;
  pid: number;
}

/** A running invocation. */
export interface StartedInvocation {
  functionName: string;
  /** The process that runs it; absent if it could not be started. */
  pid: number | undefined;
  /** The execution environment that runs it: the how-manieth of its function, from 1. */
  environment: number;
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
   * Invokes the function synchronously, with `payload` as JSON. It never rejects because of the function; it rejects
   * after `close`.
   */
  invoke(payload: unknown): Promise<Invocation>;
  /** Replaces every process, as a deployment does: those at work end their invocation first. */
  renew(): Promise<void>;
  /** Kills every process. Running invocations end as `crashed`. */
  close(): Promise<void>;
}

/**
 * Runs a bundle as AWS Lambda does: one process per execution environment, kept warm, with one invocation at a time,
 * and another process for each concurrent invocation. A process starts with its first invocation.
 *
 * Unlike AWS it does not freeze a process between invocations, and limits the heap instead of the process.
 *
 * @throws if the code directory does not exist, the ARN is invalid, or `environment` sets a reserved name.
 */
export function startLambda(options: LambdaOptions): Lambda {
  checkCode(options);
  let started = 0;
  const pool = new EnvironmentPool({
    maximum: options.maximumEnvironments ?? 10,
    start: (onGone) => {
      started += 1;
      const { name: functionName, memoryMegabytes } = options;
      const code = { ...options, ...options.otherCode?.(started) };
      const environment = new ExecutionEnvironment({
        nth: started,
        codeDirectory: code.codeDirectory,
        memoryMegabytes,
        variables: checkCode(code),
        onLog: (line) => options.onLog?.({ functionName, ...line }),
        onGone,
      });
      const { pid } = environment;
      if (pid !== undefined) options.onProcess?.({ functionName, memoryMegabytes, pid });
      return environment;
    },
  });
  return {
    name: options.name,
    timeoutSeconds: options.timeoutSeconds,
    get environments() {
      return pool.pids;
    },
    invoke: (payload) => invoke(pool, options, payload),
    renew: () => pool.renew(),
    close: () => pool.close(),
  };
}

async function invoke(pool: EnvironmentPool, options: LambdaOptions, payload: unknown): Promise<Invocation> {
  // Lambda passes an empty object if there is no payload.
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
    const { pid, nth } = environment;
    options.onInvocation?.({ functionName: options.name, pid, environment: nth, payload, ended });
    return ended;
  });
}

/** Returns the variables of the code's process. */
function checkCode(code: FunctionIdentity & FunctionCode): Record<string, string> {
  const { name, codeDirectory, environment } = code;
  if (!statSync(codeDirectory, { throwIfNoEntry: false })?.isDirectory()) {
    throw new Error(
      `${name}: expected the bundle in the directory ${codeDirectory}, which does not exist. Package it first.`,
    );
  }
  return environmentVariables(code, environment, process.env.PATH ?? "");
}

interface PoolSettings {
  maximum: number;
  start: (onGone: () => void) => ExecutionEnvironment;
}

interface Waiter {
  proceed: () => void;
  refuse: (error: Error) => void;
}

/** Owns a function's execution environments. It gives each invocation a warm one, or starts a new one. */
class EnvironmentPool {
  readonly #settings: PoolSettings;
  readonly #all = new Set<ExecutionEnvironment>();
  readonly #idle: ExecutionEnvironment[] = [];
  readonly #waiting: Waiter[] = [];
  #outdated = new WeakSet<ExecutionEnvironment>();
  #isClosed = false;
  #lent = 0;

  constructor(settings: PoolSettings) {
    this.#settings = settings;
  }

  get pids(): number[] {
    return [...this.#all].flatMap(({ pid }) => pid ?? []);
  }

  /** Runs the work in an environment. It waits if all are busy and no further one is allowed. */
  async use<T>(work: (environment: ExecutionEnvironment) => Promise<T>): Promise<T> {
    await this.#turn();
    try {
      const environment = this.#take();
      const result = await work(environment);
      if (this.#outdated.has(environment)) await environment.kill();
      else if (!environment.isGone) this.#idle.push(environment);
      return result;
    } finally {
      this.#passOn();
    }
  }

  /** Lets no invocation have an environment that runs now. Those at work end theirs. */
  async renew(): Promise<void> {
    this.#outdated = new WeakSet(this.#all);
    await Promise.all(this.#idle.splice(0).map((environment) => environment.kill()));
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    for (const { refuse } of this.#waiting.splice(0)) refuse(closedError());
    await Promise.all([...this.#all].map((environment) => environment.kill()));
  }

  async #turn(): Promise<void> {
    if (this.#lent < this.#settings.maximum) this.#lent += 1;
    else await new Promise<void>((proceed, refuse) => this.#waiting.push({ proceed, refuse }));
  }

  /** The next waiter gets this place directly; otherwise a newcomer could take it first. */
  #passOn(): void {
    const next = this.#waiting.shift();
    if (next) next.proceed();
    else this.#lent -= 1;
  }

  #take(): ExecutionEnvironment {
    // This is checked here, because close() may have been called while the invocation waited.
    if (this.#isClosed) throw closedError();
    let environment = this.#idle.pop();
    while (environment?.isGone) environment = this.#idle.pop();
    return environment ?? this.#start();
  }

  #start(): ExecutionEnvironment {
    const environment = this.#settings.start(() => this.#all.delete(environment));
    this.#all.add(environment);
    return environment;
  }
}

function closedError(): Error {
  return new Error("The function was invoked after it was closed. Close what invokes it first.");
}
