import { setImmediate } from "node:timers/promises";
import type { Outcome } from "../../../src/provisioning/outcome.ts";
import type { HrDecision } from "./scenario.ts";

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
  /** The answer as a line of the history shows it. */
  toText: (answer: T) => string;
  /**
   * When it can still arrive after its worker was killed; it dies with it if left out. `untilLeaseEnds`: the directory
   * cannot tell a late call from a timely one, so the lease has to outlast it. `always`: a write to the ledger, which
   * has conditions of its own.
   */
  late?: "untilLeaseEnds" | "always";
}

/** How a request goes wrong: what its worker hears instead of the answer, and whether it was carried out all the same. */
export interface Mishap<T> {
  text: string;
  effect: "none" | "done" | "underWay";
  /** Gives the answer, or throws it. */
  answer: () => T;
}

/** A point at which somebody waits, and the ways in which it may go on. */
export interface Step {
  worker: Worker;
  kind: "request" | "answer" | "late";
  late: Request<unknown>["late"] | undefined;
  undisturbed: Way;
  mishaps: readonly Way[];
}

type Way = () => void | Promise<void>;

export interface Steps {
  /** In the order in which they came up. */
  readonly open: readonly Step[];
  /** Who began or took a step last. */
  last(): Worker | undefined;
  begin(worker: Worker): void;
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
  let last: Worker | undefined;
  const requests = new Map<Step, () => void>();
  const close = (step: Step) => {
    open = open.filter((other) => other !== step);
    requests.delete(step);
  };

  function leaveBehind<T>({ worker, text, effect, toText, late }: Request<T>): void {
    const undisturbed = async () => history.log(`${worker.name}: ${text}, late: ${toText(await effect())}`);
    const getLost = () => history.log(`${worker.name}: ${text}: never arrives`);
    open.push({ worker, kind: "late", late, undisturbed, mishaps: [getLost] });
  }

  function request<T>(asked: Request<T>): Promise<T> {
    const { worker, text, effect, mishaps = [], toText, late } = asked;
    return new Promise((resolve, reject) => {
      const answerWith = (said: string, undisturbed: Way) => {
        history.log(`${worker.name}: ${text}: ${said}`);
        open.push({ worker, kind: "answer", late, undisturbed, mishaps: [] });
      };
      const answerLater = async (happen: () => T | Promise<T>, mishap: string) => {
        try {
          const answer = await happen();
          answerWith(`${mishap}${toText(answer)}`, () => resolve(answer));
        } catch (error) {
          answerWith(`${mishap}${String(error)}`, () => reject(error));
        }
      };
      const goWrong = async (mishap: Mishap<T>) => {
        if (mishap.effect === "underWay") leaveBehind(asked);
        if (mishap.effect === "done") await effect();
        await answerLater(mishap.answer, `${mishap.text}, `);
      };
      const step: Step = {
        worker,
        kind: "request",
        late,
        undisturbed: () => answerLater(effect, ""),
        mishaps: mishaps.map((mishap) => () => goWrong(mishap)),
      };
      open.push(step);
      if (late !== undefined) requests.set(step, () => leaveBehind(asked));
    });
  }

  return {
    get open() {
      return open;
    },
    last: () => last,
    begin(worker) {
      last = worker;
    },
    async take(step, way) {
      close(step);
      last = step.worker;
      await way();
    },
    request,
    leaveBehind,
    kill(worker) {
      history.log(`${worker.name} dies`);
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

/** What was seen of one decision. */
export type Fact = { decision: HrDecision } & Happening;

type Happening =
  /**
   * An invitation is needless if its user had one before, or had registered. `receives`: of the message behind it. `began`: how many
   * facts there were when its invocation began, and `beganAt` when that was.
   */
  | { kind: "effect"; isNeedlessInvitation: boolean; receives: number; began: number; beganAt: number }
  /** The directory answered that it failed, although it had taken effect: so nobody knows. */
  | { kind: "disowned" }
  /** The head has moved to it. */
  | { kind: "stands"; as: "applied" | "rejected"; at: number }
  /** Its worker died, an answer about it was lost or the ledger failed: it may have to be done once more. */
  | { kind: "excused" }
  /** A copy of its event left the queue with this outcome. */
  | { kind: "ended"; outcome: Outcome };

/** What happened in a run: facts for the checks, lines for the reader. */
export interface History {
  readonly facts: readonly Fact[];
  readonly lines: readonly string[];
  add(fact: Fact): void;
  log(line: string): void;
}

export function createHistory(now: () => number): History {
  const facts: Fact[] = [];
  const lines: string[] = [];
  return {
    facts,
    lines,
    add: (fact) => facts.push(fact),
    log: (line) => lines.push(`${stamp(now())}  ${line}`),
  };
}

function stamp(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(5, 19).replace("T", " ");
}

/** All promises that can go on by themselves have done so: everybody waits at a step. */
export const quiet = () => setImmediate();
