import type { Step, Way, Worker } from "./steps.ts";

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
   * Until when it can still arrive after its worker was killed; it dies with it if left out. `untilLeaseEnds`: the
   * directory cannot tell a late call from a timely one, so the lease has to outlast it. `always`: a write to the
   * ledger, which has conditions of its own.
   */
  late?: "untilLeaseEnds" | "always";
}

/** How a request goes wrong: what its worker hears instead of the answer, and whether it was carried out all the same. */
export interface Mishap<T> {
  text: string;
  effect: "none" | "done" | "underWay";
  /** Gives the answer, or throws it. */
  answer: () => T | Promise<T>;
}

/** Where a request's answer goes, where its next steps, and what is told of it. */
export interface Exchange<T> {
  resolve(answer: T): void;
  reject(error: unknown): void;
  add(step: Step): void;
  tell(line: string): void;
}

/** The step at which a request waits to take effect. Once it has, its answer waits at another one. */
export function waysOf<T>(request: Request<T>, exchange: Exchange<T>): Step {
  const { worker, effect, mishaps = [], late } = request;
  const goWrong = async (mishap: Mishap<T>) => {
    if (mishap.effect === "underWay") exchange.add(lateStep(request, exchange));
    if (mishap.effect === "done") await effect();
    await settle(request, exchange, mishap.answer, `${mishap.text}, `);
  };
  return {
    worker,
    kind: "request",
    undisturbed: () => settle(request, exchange, effect, ""),
    mishaps: mishaps.map((mishap) => () => goWrong(mishap)),
    remains: late === undefined ? undefined : lateStep(request, exchange),
  };
}

async function settle<T>(
  { worker, text, tell }: Request<T>,
  exchange: Exchange<T>,
  happen: Request<T>["effect"],
  mishap: string,
): Promise<void> {
  const answerWith = (said: string, undisturbed: Way) => {
    exchange.tell(`${worker.name}: ${text}: ${mishap}${said}`);
    exchange.add({ worker, kind: "answer", undisturbed, mishaps: [] });
  };
  try {
    const answer = await happen();
    answerWith(tell(answer), () => exchange.resolve(answer));
  } catch (error) {
    answerWith(String(error), () => exchange.reject(error));
  }
}

/** A request that is still on its way although nobody waits for its answer any more. */
function lateStep<T>({ worker, text, effect, tell, late }: Request<T>, exchange: Exchange<T>): Step {
  return {
    worker,
    kind: "late",
    endsWithLease: late === "untilLeaseEnds",
    undisturbed: async () => exchange.tell(`${worker.name}: ${text}, late: ${tell(await effect())}`),
    mishaps: [() => exchange.tell(`${worker.name}: ${text}: never arrives`)],
  };
}
