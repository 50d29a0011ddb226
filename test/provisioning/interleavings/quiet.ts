import { setImmediate } from "node:timers/promises";

/** All promises that can go on by themselves have done so: everybody waits at a step. */
export const quiet = () => setImmediate();
