import type { ChildProcess } from "node:child_process";
import {
  type ChildMessage,
  type Crash,
  type InvokeMessage,
  type ProcessSettings,
  startProcess,
} from "./functionProcess.ts";
import { type Invocation, type LogLine, refuseLargeResponse } from "./invocation.ts";

/**
 * A phase of a process: loading ("init") or one invocation (its request id). A phase ends when the process has
 * answered and both streams are read up to its end mark. Channel and streams are separate pipes, so an answer can
 * arrive before the lines that were printed before it.
 */
class Phase {
  readonly name: string;
  readonly answer: Promise<ChildMessage | Crash>;
  readonly #missing = new Set<"answer" | LogLine["stream"]>(["answer", "stdout", "stderr"]);
  #message: ChildMessage | undefined;
  #resolve: (answer: ChildMessage | Crash) => void = () => {};

  constructor(name: string) {
    this.name = name;
    this.answer = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  answered(message: ChildMessage): void {
    this.#message = message;
    this.#arrived("answer");
  }

  read(stream: LogLine["stream"]): void {
    this.#arrived(stream);
  }

  /**
   * Ends the phase with the process. An answer that came before counts, as it does once Lambda's runtime has posted
   * it.
   */
  ended(end: Crash): void {
    this.#resolve(this.#message ?? end);
  }

  #arrived(part: "answer" | LogLine["stream"]): void {
    this.#missing.delete(part);
    if (this.#missing.size === 0 && this.#message) this.#resolve(this.#message);
  }
}

/**
 * How long a function may load. Lambda allows 10 s, of its own machines; here that would measure how busy the machine is.
 * So this ends hangs alone. https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
 */
const initialisationMilliseconds = 900_000;

export interface EnvironmentSettings extends ProcessSettings {
  /** The how-manieth of its function, from 1. */
  nth: number;
  onLog: (line: Omit<LogLine, "functionName">) => void;
  /** Called once, when the process has ended. */
  onGone: () => void;
}

export interface InvokeRequest extends Omit<InvokeMessage, "deadline"> {
  timeoutMilliseconds: number;
}

type Timeout = Extract<Invocation, { kind: "timeout" }>;

/**
 * One execution environment of a function: a process that loads the handler at its start and serves one invocation at
 * a time. After a timeout, a crash or a failed start it is not used again.
 */
export class ExecutionEnvironment {
  readonly #settings: EnvironmentSettings;
  readonly #child: ChildProcess;
  readonly #ended: Promise<Crash>;
  readonly #initialised: Promise<Invocation | "ready">;
  #phase = new Phase("init");
  #isGone = false;

  constructor(settings: EnvironmentSettings) {
    this.#settings = settings;
    let resolveEnded: (end: Crash) => void;
    this.#ended = new Promise((resolve) => {
      resolveEnded = resolve;
    });
    this.#child = startProcess(settings, {
      onLine: (stream, line) => this.#onLine(stream, line),
      onEndOf: (stream, phase) => {
        if (this.#phase.name === phase) this.#phase.read(stream);
      },
      onMessage: (message) => this.#onMessage(message),
      onEnded: (end) => {
        this.#isGone = true;
        resolveEnded(end);
        settings.onGone();
      },
    });
    this.#initialised = this.#initialise();
  }

  get nth(): number {
    return this.#settings.nth;
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** True once the process has ended or is being killed: it must not get another invocation. */
  get isGone(): boolean {
    return this.#isGone;
  }

  /** Waits until the handler is loaded, which does not count towards the timeout, and runs it once. */
  async invoke({ timeoutMilliseconds, ...message }: InvokeRequest): Promise<Invocation> {
    const initialised = await this.#initialised;
    if (initialised !== "ready") return initialised;
    const startedAt = performance.now();
    this.#phase = new Phase(message.requestId);
    // If the send fails, the process has ended, and #ended tells the reason.
    this.#child.send({ ...message, deadline: Date.now() + timeoutMilliseconds }, () => {});
    const answer = await this.#answerOf(this.#phase, timeoutMilliseconds, "invocation");
    return toInvocation(answer, performance.now() - startedAt);
  }

  /** Kills the process with SIGKILL. Resolves when it has ended and all its output is read. */
  async kill(): Promise<void> {
    this.#isGone = true;
    this.#child.kill("SIGKILL");
    await this.#ended;
  }

  async #initialise(): Promise<Invocation | "ready"> {
    const answer = await this.#answerOf(this.#phase, initialisationMilliseconds, "load");
    if (answer.kind === "ready") return "ready";
    this.#isGone = true;
    return toInvocation(answer, 0);
  }

  async #answerOf(
    phase: Phase,
    milliseconds: number,
    limit: Timeout["limit"],
  ): Promise<ChildMessage | Crash | Timeout> {
    let isTimeUp = false;
    const timer = setTimeout(() => {
      isTimeUp = true;
      void this.kill();
    }, milliseconds);
    void this.#ended.then((end) => phase.ended(end));
    const answer = await phase.answer;
    clearTimeout(timer);
    return isTimeUp && answer.kind === "crashed"
      ? { kind: "timeout", limit, seconds: milliseconds / 1000 }
      : answer;
  }

  #onMessage(message: ChildMessage): void {
    const phase = "requestId" in message ? message.requestId : "init";
    if (this.#phase.name === phase) this.#phase.answered(message);
  }

  #onLine(stream: LogLine["stream"], line: string): void {
    const requestId = this.#phase.name;
    this.#settings.onLog(requestId === "init" ? { stream, line } : { requestId, stream, line });
  }
}

function toInvocation(answer: ChildMessage | Crash | Timeout, durationMilliseconds: number): Invocation {
  switch (answer.kind) {
    case "response": {
      const { payload } = answer;
      return refuseLargeResponse(payload) ?? { kind: "response", payload, durationMilliseconds };
    }
    case "error":
    case "initError": {
      const { errorType, errorMessage, stack } = answer;
      return { kind: "error", errorType, errorMessage, stack };
    }
    case "timeout":
    case "crashed":
      return answer;
    case "ready":
      throw new Error("A process said that it is ready in the middle of an invocation; see bootstrap.mjs.");
  }
}
