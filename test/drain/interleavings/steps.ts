import type { History } from "./history.ts";
import { type Request, waysOf } from "./request.ts";

/** An invocation: it lives until it is done, is killed, or its time is over. */
export interface Worker {
  name: string;
  alive: boolean;
  /** The end of its time and of its lease, in milliseconds since the epoch. */
  until: number;
  /** Puts its messages back into their queue. */
  abandon(): void;
}

/** A point at which somebody waits, and the ways in which it may go on. */
export interface Step {
  worker: Worker;
  kind: "request" | "answer" | "late";
  undisturbed: Way;
  mishaps: readonly Way[];
  /** For a late one: whether it is over when its worker's lease is. */
  endsWithLease?: boolean;
  /** What remains of it when its worker is killed. */
  remains?: Step | undefined;
}

export type Way = () => void | Promise<void>;

export interface Steps {
  /** In the order in which they came up. */
  readonly open: readonly Step[];
  /** Who began or took a step last. */
  last(): Worker | undefined;
  begin(worker: Worker): void;
  take(step: Step, way: Way): Promise<void>;
  /** The answer comes when the schedule has let the request take effect, and then has let its answer through. */
  request<T>(request: Request<T>): Promise<T>;
  /** The worker never goes on; what it had sent may still arrive. */
  kill(worker: Worker): void;
  /** Calls whose worker's lease has ended are known to be over. */
  expire(now: number): void;
}

/** Every await of every worker passes through here, so that nothing goes on by itself. */
export function createSteps(history: History): Steps {
  let open: Step[] = [];
  let last: Worker | undefined;
  const add = (step: Step) => open.push(step);
  return {
    get open() {
      return open;
    },
    last: () => last,
    begin(worker) {
      last = worker;
    },
    async take(step, way) {
      open = open.filter((other) => other !== step);
      last = step.worker;
      await way();
    },
    request: (request) =>
      new Promise((resolve, reject) => {
        add(waysOf(request, { resolve, reject, add, tell: history.tell }));
      }),
    kill(worker) {
      history.tell(`${worker.name} dies`);
      worker.alive = false;
      open = open.flatMap((step) => {
        if (step.worker !== worker || step.kind === "late") return [step];
        return step.remains === undefined ? [] : [step.remains];
      });
      worker.abandon();
    },
    expire(now) {
      open = open.filter(({ worker, endsWithLease }) => !endsWithLease || worker.until >= now);
    },
  };
}
