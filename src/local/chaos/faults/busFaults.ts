import { type Seed, seededFraction } from "../../chime/seededValues.ts";
import type { BusFaults } from "../../eventbridge/faults.ts";
import { eventIdOf } from "../stream/eventIdOf.ts";

const longestDelayMilliseconds = 20_000;

/**
 * What goes wrong between HR and the queues: PutEvents refuses, or takes the events and loses its answer so that they
 * are sent again; one delivery in twenty comes twice, one in three late.
 */
export function busFaults(seed: Seed): BusFaults {
  const delivered = new Map<string, number>();
  return {
    call: ({ index }) => putFault(seed, index),
    entry: ({ index }) =>
      seededFraction(seed, `entry ${index}`) < 0.005 ? { code: "ThrottlingException" } : undefined,
    delivery: ({ event }) => {
      const id = eventIdOf(event.detail) ?? "";
      const nth = (delivered.get(id) ?? 0) + 1;
      delivered.set(id, nth);
      return deliveryFault(seed, id, nth);
    },
  };
}

/** The fault of a PutEvents call, counted from 0. */
export function putFault(seed: Seed, index: number) {
  const draw = seededFraction(seed, `put ${index}`);
  if (draw < 0.01) return { kind: "refuse", status: 500, code: "InternalFailure" } as const;
  return draw < 0.02 ? ({ kind: "loseAnswer" } as const) : undefined;
}

/** How the `nth` delivery of an event goes, from 1. */
export function deliveryFault(seed: Seed, eventId: string, nth: number) {
  const label = `${eventId} ${nth}`;
  const isLate = seededFraction(seed, `late ${label}`) < 0.33;
  const delay = seededFraction(seed, `delay ${label}`) * longestDelayMilliseconds;
  return {
    copies: seededFraction(seed, `copy ${label}`) < 0.05 ? 2 : 1,
    ...(isLate && { delayMilliseconds: Math.floor(delay) }),
  };
}
