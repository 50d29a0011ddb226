import { publishDue } from "../../../src/ledger/publishDue.ts";
import { bodyOfEntry } from "./eventBody.ts";
import { steppedBus } from "./steppedBus.ts";
import { StoreDown, steppedPendingStore } from "./steppedPendingStore.ts";
import type { Worker } from "./steps.ts";
import type { World } from "./world.ts";

const invocationMilliseconds = 60_000;

/** Starts the function that publishes what is due. */
export function startPublisher(world: World): void {
  const { steps, store, queues } = world;
  const worker: Worker = {
    name: `publisher#${world.workers.length + 1}`,
    alive: true,
    until: world.now + invocationMilliseconds,
    abandon: () => {},
  };
  world.workers.push(worker);
  world.steps.begin(worker);
  publishDue({
    pending: steppedPendingStore(store, steps, worker),
    bus: steppedBus(steps, worker, (entry) => {
      const { id, body } = bodyOfEntry(entry);
      queues.send(world.decision(id), body);
    }),
    sleep: () => Promise.resolve(),
    random: () => 0,
    now: world.now,
  })
    .catch((error: unknown) => {
      if (!(error instanceof StoreDown)) world.defects.push(error);
    })
    .finally(() => {
      worker.alive = false;
    });
}

export const isPublisher = ({ name }: Worker) => name.startsWith("publisher");
