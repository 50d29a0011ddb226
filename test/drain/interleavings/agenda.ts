import type { Intent } from "../../../src/pipelines.ts";
import type { Message } from "./queues.ts";
import type { World } from "./world.ts";

/** What a pipeline's queue would hand out now. */
export function visibleMessages({ queues, now }: World, pipeline: Intent): Message[] {
  return queues.waiting(pipeline).filter(({ visibleAt }) => visibleAt <= now);
}

/** Whether the function that publishes what is due would find something. */
export function isSomethingDue({ store, now }: World): boolean {
  return [...store.pending.values()].some(({ dueAt }) => dueAt <= now);
}

/** The next moments at which a message comes back, a lease ends, an invocation's time is over, or a decision is due. */
export function nextMoments({ now, queues, workers, store }: World): number[] {
  const back = queues.all().map(({ visibleAt }) => visibleAt);
  const free = [...store.heads.values()].flatMap(({ lease }) =>
    lease === undefined ? [] : [lease.until + 1],
  );
  const over = workers.filter(({ alive }) => alive).map(({ until }) => until + 1);
  const due = [...store.pending.values()].map(({ dueAt }) => dueAt);
  return [back, free, over, due]
    .map((moments) => Math.min(...moments.filter((moment) => moment > now)))
    .filter(Number.isFinite);
}

/** Nobody is at work, and nothing waits to be done. */
export function isAllDone({ steps, queues, store }: World): boolean {
  return steps.open.length === 0 && queues.all().length === 0 && store.pending.size === 0;
}
