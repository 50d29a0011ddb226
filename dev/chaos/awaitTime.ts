import { setTimeout as pause } from "node:timers/promises";
import { paginateScan } from "@aws-sdk/client-dynamodb";
import { readDepths } from "@rollcall/aws-local/stackQueues";
import { type MovingParts, waitUntilIdle } from "@rollcall/aws-local/waitUntilIdle";
import type { Tables } from "./oracle/observations.ts";
import type { RunClock } from "./runClock.ts";

export interface CompletionOptions {
  clock: RunClock;
  limitSeconds: number;
  onProgress: (text: string) => void;
  /** Ends the waiting; its reason is thrown. */
  signal: AbortSignal;
}

/** What the run leapt over: decisions that waited for their time, by why they did. */
export type LeaptOver = Record<string, number>;

/** Half of the decisions that are dated ahead are due after the first leap, and the others after the next. */
const firstLeapHours = 13;
/**
 * The leaps after the last event. Decisions that are dated ahead are due after the first one, the licenses of those who left by then
 * after the second, and those of all others after the third.
 */
const lastLeapsHours = [13, 25, 25];

/**
 * Waits until nobody works, and sets the clock ahead. Returns what waited. Where something is stuck the clock stays, because a leap
 * would end the leases of those who work; `waitForCompletion` tells of it.
 */
export async function leapOnce(
  stack: WaitedFor,
  { clock, ...options }: CompletionOptions,
): Promise<LeaptOver> {
  const timeUp = AbortSignal.timeout(options.limitSeconds * 1000);
  const signal = AbortSignal.any([options.signal, timeUp]);
  try {
    const waiting = await waitForQuiet(stack, { clock, ...options, signal });
    clock.leap(firstLeapHours);
    return waiting;
  } catch (error) {
    if (options.signal.aborted || !timeUp.aborted) throw error;
    return {};
  }
}

/**
 * Waits until every event has ended, those that wait for their time included. `stuck`: how many messages and waiting decisions were
 * left after `limitSeconds`; 0 in a sound run. A license may wait for a user whom an account hides: it is not counted, and the oracle
 * knows of whom that may be.
 */
export async function waitForCompletion(
  stack: WaitedFor,
  { clock, ...options }: CompletionOptions,
): Promise<{ stuck: number; leaptOver: LeaptOver[] }> {
  const timeUp = AbortSignal.timeout(options.limitSeconds * 1000);
  const signal = AbortSignal.any([options.signal, timeUp]);
  const leaptOver: LeaptOver[] = [];
  try {
    for (const hours of lastLeapsHours) {
      const waiting = await waitForQuiet(stack, { clock, ...options, signal });
      if (Object.keys(waiting).length === 0) return { stuck: 0, leaptOver };
      leaptOver.push(waiting);
      clock.leap(hours);
    }
    const { notRegistered: _, ...left } = await waitForQuiet(stack, { clock, ...options, signal });
    return { stuck: sum(left), leaptOver };
  } catch (error) {
    if (options.signal.aborted || !timeUp.aborted) throw error;
    const depths = await readDepths(stack);
    const { soon, later } = await findWaiting(stack, clock.now());
    return {
      stuck: depths.reduce((total, { messages }) => total + messages, soon + sum(later)),
      leaptOver,
    };
  }
}

function sum(counts: LeaptOver): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}

const pollMilliseconds = 500;

/** The parts of a stack that show whether anybody works or anything is due. */
type WaitedFor = MovingParts & Tables;

/** Waits until no message is on its way and no decision is held or due soon. Returns how many wait for longer, by why they do. */
async function waitForQuiet(
  stack: WaitedFor,
  { clock, onProgress, signal }: Omit<CompletionOptions, "limitSeconds">,
): Promise<LeaptOver> {
  for (;;) {
    await waitUntilIdle(stack, {
      limitSeconds: Number.POSITIVE_INFINITY,
      signal,
      onWait: (waiting) =>
        onProgress(`processing: ${waiting.map(({ queue, messages }) => `${queue} ${messages}`).join(", ")}`),
    });
    const { accepted } = stack.bus.report();
    const { soon, later } = await findWaiting(stack, clock.now());
    // What was due may have been published while the table was read, and is no longer in it: somebody works on it now.
    await stack.scheduler.idle();
    if (stack.bus.report().accepted !== accepted) continue;
    if (soon === 0) return later;
    onProgress(`${soon} decisions wait until they are due, or for the operator`);
    await pause(pollMilliseconds, undefined, { signal });
  }
}

/**
 * What is due in less time than this comes by itself. Who waits for a user that an account hides waits again for longer each time, and
 * is left alone unless it is about to be published.
 */
const soonMilliseconds = 90_000;
const atOnceMilliseconds = 15_000;

/** Counts the decisions that wait, by the items of the table: those held or due soon, and the others by why they wait. */
async function findWaiting(
  { dynamo, model }: Tables,
  now: number,
): Promise<{ soon: number; later: LeaptOver }> {
  let soon = 0;
  const later: LeaptOver = {};
  for (const { name: TableName } of model.tables) {
    const pages = paginateScan({ client: dynamo.client }, { TableName, IndexName: "due" });
    for await (const { Items = [] } of pages)
      for (const { dueAt, because } of Items) {
        const why = because?.S ?? "";
        const limit = now + (why === "notRegistered" ? atOnceMilliseconds : soonMilliseconds);
        if (why === "held" || !(Number(dueAt?.N) >= limit)) soon += 1;
        else later[why] = (later[why] ?? 0) + 1;
      }
  }
  return { soon, later };
}
