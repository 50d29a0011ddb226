import type { ExecutionEnvironment } from "./executionEnvironment.ts";

export interface PoolSettings {
  maximum: number;
  start: (onGone: () => void) => ExecutionEnvironment;
}

interface Waiter {
  proceed: () => void;
  refuse: (error: Error) => void;
}

/** Owns a function's execution environments: lends a warm one, or a new one, to one invocation at a time. */
export class EnvironmentPool {
  readonly #settings: PoolSettings;
  readonly #all = new Set<ExecutionEnvironment>();
  readonly #idle: ExecutionEnvironment[] = [];
  readonly #waiting: Waiter[] = [];
  #isClosed = false;
  #lent = 0;

  constructor(settings: PoolSettings) {
    this.#settings = settings;
  }

  get pids(): number[] {
    return [...this.#all].flatMap(({ pid }) => pid ?? []);
  }

  /** Waits for its turn if every environment is busy and no further one is allowed. */
  async use<T>(work: (environment: ExecutionEnvironment) => Promise<T>): Promise<T> {
    await this.#turn();
    try {
      const environment = this.#take();
      const result = await work(environment);
      if (!environment.isGone) this.#idle.push(environment);
      return result;
    } finally {
      this.#passOn();
    }
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

  /** The next in line gets this place itself: freeing it first would let a newcomer slip in between. */
  #passOn(): void {
    const next = this.#waiting.shift();
    if (next) next.proceed();
    else this.#lent -= 1;
  }

  #take(): ExecutionEnvironment {
    // Checked here, because close() may have come while the invocation waited for its turn.
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
