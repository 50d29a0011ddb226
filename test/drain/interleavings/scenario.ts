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

/** How rough a run is: the weights of what the schedule may choose, against 20 for an undisturbed step. */
export interface Mood {
  /** Of going on with the same worker. Low: steps alternate. High: others stand still for long. */
  staying: number;
  kills: number;
  mishaps: number;
  time: number;
}

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
