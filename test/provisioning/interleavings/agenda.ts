import type { Intent } from "../../../src/pipelines.ts";
import type { Message } from "./queues.ts";
import type { World } from "./world.ts";

/** What a pipeline's queue would hand out now. */
export function visibleMessages({ queues, now }: World, pipeline: Intent): Message[] {
  return queues.waiting(pipeline).filter(({ visibleAt }) => visibleAt <= now);
}

/** Whether the function that publishes what is due would find something. */
export function isSomethingDue(world: World): boolean {
  return dueDates(world).some((dueAt) => dueAt <= world.now);
}

function dueDates({ store }: World): number[] {
  return [...store.pending.values()].flatMap((decision) =>
    decision.because === "held" ? [] : [decision.dueAt],
  );
}

/** The next moments at which a message comes back, a lease ends, an invocation's time is over, or a decision is due. */
export function nextMoments(world: World): number[] {
  const { now, queues, workers, store } = world;
  const back = queues.all().map(({ visibleAt }) => visibleAt);
  const free = [...store.heads.values()].flatMap(({ lease }) =>
    lease === undefined ? [] : [lease.until + 1],
  );
  const over = workers.filter(({ alive }) => alive).map(({ until }) => until + 1);
  return [back, free, over, dueDates(world)]
    .map((moments) => Math.min(...moments.filter((moment) => moment > now)))
    .filter(Number.isFinite);
}

/** Nobody is at work, and nothing waits to be done. */
export function isAllDone({ steps, queues, store }: World): boolean {
  return steps.open.length === 0 && queues.all().length === 0 && store.pending.size === 0;
}
