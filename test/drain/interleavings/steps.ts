import type { History } from "./history.ts";

/** An invocation: it lives until it is done, is killed, or its time is over. */
export interface Worker {
  name: string;
  alive: boolean;
  /** The end of its time and of its lease, in milliseconds since the epoch. */
  until: number;
  /** Puts its messages back into their queue. */
  abandon(): void;
}

/** A request of a worker to a store or a service. */
export interface Request<T> {
  worker: Worker;
  text: string;
  /** What it does there, in one moment. */
  effect: () => T | Promise<T>;
  mishaps?: readonly Mishap<T>[];
  /** The answer in a word. */
  tell: (answer: T) => string;
  /**
   * Whether it can reach its goal after its worker was killed. `untilLeaseEnds`: the directory cannot tell a late call
   * from a timely one, so the lease has to outlast it. `always`: a write to the ledger, which has its own conditions.
   */
  late: "untilLeaseEnds" | "always";
}

/** What happens instead of the request's effect. */
export interface Mishap<T> {
  text: string;
  happen: () => T | Promise<T>;
}

/** A point at which somebody waits, and the ways in which it may go on; the first is the undisturbed one. */
export interface Step {
  worker: Worker;
  text: string;
  kind: "request" | "answer" | "late";
  late: Request<unknown>["late"];
  ways: readonly Way[];
}

export interface Way {
  text: string;
  go: () => void | Promise<void>;
}

export interface Steps {
  /** In the order in which they came up. */
  readonly open: readonly Step[];
  take(step: Step, way: Way): Promise<void>;
  /** The answer comes when the schedule has let the request take effect, and then has let its answer through. */
  request<T>(request: Request<T>): Promise<T>;
  /** A request that is still on its way although nobody waits for its answer any more. */
  leaveBehind<T>(request: Request<T>): void;
  /** The worker never goes on; what it had sent may still arrive. */
  kill(worker: Worker): void;
  /** Calls whose worker's lease has ended are known to be over. */
  expire(now: number): void;
}

/** Every await of every worker passes through here, so that nothing goes on by itself. */
export function createSteps(history: History): Steps {
  let open: Step[] = [];
  const requests = new Map<Step, () => void>();
  const close = (step: Step) => {
    open = open.filter((other) => other !== step);
    requests.delete(step);
  };

  function leaveBehind<T>({ worker, text, effect, tell, late }: Request<T>): void {
    const arrive = async () => history.tell(`${worker.name}: ${text}, late: ${tell(await effect())}`);
    const ways = [
      { text: "", go: arrive },
      { text: "is lost", go: () => {} },
    ];
    open.push({ worker, text, kind: "late", late, ways });
  }

  function request<T>(asked: Request<T>): Promise<T> {
    const { worker, text, effect, mishaps = [], tell, late } = asked;
    return new Promise((resolve, reject) => {
      const answerWith = (said: string, go: () => void) => {
        history.tell(`${worker.name}: ${text}: ${said}`);
        if (worker.alive)
          open.push({ worker, text: `hears of "${text}"`, kind: "answer", late, ways: [{ text: "", go }] });
      };
      const take = async (way: string, happen: () => T | Promise<T>) => {
        try {
          const answer = await happen();
          answerWith(`${way}${tell(answer)}`, () => resolve(answer));
        } catch (error) {
          answerWith(`${way}${String(error)}`, () => reject(error));
        }
      };
      const ways = [
        { text: "", go: () => take("", effect) },
        ...mishaps.map(({ text: way, happen }) => ({ text: way, go: () => take(`${way}, `, happen) })),
      ];
      const step: Step = { worker, text, kind: "request", late, ways };
      open.push(step);
      requests.set(step, () => leaveBehind(asked));
    });
  }

  return {
    get open() {
      return open;
    },
    async take(step, way) {
      close(step);
      await way.go();
    },
    request,
    leaveBehind,
    kill(worker) {
      history.tell(`${worker.name} dies`);
      worker.alive = false;
      for (const step of open.filter((candidate) => candidate.worker === worker)) {
        const goOn = requests.get(step);
        if (step.kind !== "late") close(step);
        goOn?.();
      }
      worker.abandon();
    },
    expire(now) {
      for (const step of open.filter(({ kind, late }) => kind === "late" && late === "untilLeaseEnds"))
        if (step.worker.until < now) close(step);
    },
  };
}
