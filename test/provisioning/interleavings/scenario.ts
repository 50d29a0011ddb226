import type { DetailType } from "../../../src/events/hrEvent.ts";
import type { Aspect, Intent } from "../../../src/pipelines.ts";

/** The moment at which every run begins, in milliseconds since the epoch. */
export const beginning = Date.UTC(2026, 4, 14, 9);

/** Somebody in one of the two accounts. `absent`: the directory does not know them yet. */
export interface Person {
  personId: string;
  email: string;
  accountId: "team" | "lwa";
  status: "registered" | "suspended" | "absent";
}

/** What HR decided about a person. Times in milliseconds since the epoch. */
export interface HrDecision {
  id: string;
  personId: string;
  type: DetailType;
  intent: Intent;
  aspect: Aspect;
  occurredAt: number;
  /** Undefined: in effect at once. */
  effectiveAt: number | undefined;
  licenseType: "Basic" | "Pro" | undefined;
}

/** One copy of a decision's event in its queue; `receives` counts the deliveries that came to nothing before. */
export interface Delivery {
  decision: HrDecision;
  receives: number;
}

/** How rough a run is. All but `staying` are shares, against 100 for an undisturbed step of somebody. */
export interface Mood {
  /** How much likelier the worker that took the last step goes on than another. At 1 the steps alternate. */
  staying: number;
  kills: number;
  mishaps: number;
  time: number;
}

/** Choices are whole numbers from 0 up to this, itself not included. */
export const choiceEnd = 1 << 12;

/** Everything that a run depends on: the same scenario gives the same run. */
export interface Scenario {
  people: readonly Person[];
  decisions: readonly HrDecision[];
  deliveries: readonly Delivery[];
  mood: Mood;
  /** What the schedule chooses at each point, 0 being the undisturbed way. Once they are used up, faults stop. */
  choices: readonly number[];
}

/** The user id of whoever has this address: told from the address, so that a test need not ask. */
export const userIdOf = (email: string) => `id-of-${email}`;
