import { trialsOf } from "../policy/observation.ts";
import { type BusTimes, compareDecisions, withBusTime } from "./decisionOrder.ts";
import type { Claim, ClaimAnswer } from "./ledger.ts";

/** The newest decision about an aspect of a person that a trial has observed: it was decided, and nothing was called. */
export interface Observation {
  /** The trial's name, as the policy gives it. */
  trial: string;
  version: string;
  eventId: string;
}

/**
 * The port to what was observed. An observation takes no lease and moves no head, so it stands in no real decision's way; it is
 * kept beside the head, so that it goes on ordering the decisions of its own trial after that has ended.
 */
export interface Observations {
  /** One answer for each, in their order. May be done again. */
  observe(claims: readonly ObservedClaim[]): Promise<ObserveAnswer[]>;
}

export interface ObservedClaim extends Claim {
  trial: string;
}

export type ObserveAnswer =
  | { kind: "observed" }
  | Extract<ClaimAnswer, { kind: "duplicate" | "superseded" | "ambiguous" | "fault" }>;

/**
 * The observed decision that is newer than a claim and keeps it out, if there is one: one of a trial that the claim belongs to
 * as well, whether that still runs or not. HR has decided otherwise since.
 */
export function newerObservation(
  { observed, busTimes }: { observed?: readonly Observation[]; busTimes?: BusTimes },
  claim: Claim,
): Observation | undefined {
  if (observed === undefined) return undefined;
  const trials = trialsOf(claim).map(({ name }) => name);
  return observed.find(
    ({ trial, version }) =>
      trials.includes(trial) && compareDecisions(withBusTime(version, busTimes), claim) > 0,
  );
}

/** The observations with one more; of each trial the newest is kept. */
export function withObservation(
  observed: readonly Observation[] = [],
  { trial, version, eventId }: ObservedClaim,
): Observation[] {
  return [...observed.filter((each) => each.trial !== trial), { trial, version, eventId }];
}
