import type { World } from "./world.ts";

/**
 * Moves the clock. An invocation whose time is over is killed first, and the calls of the directory that it had sent
 * are over when its lease is.
 */
export function advanceTo(world: World, moment: number): void {
  for (const worker of world.workers) if (worker.alive && worker.until < moment) world.steps.kill(worker);
  world.now = moment;
  world.steps.expire(moment);
  world.history.tell("time has passed");
}
