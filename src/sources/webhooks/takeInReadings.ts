import pMap from "p-map";
import type { SourceEventEnd } from "../publishSourceEvents.ts";
import { type Conclusion, type Question, type Reading, unusable } from "../reading.ts";
import type { SourceEvent } from "../sourceEvent.ts";
import type { VendorAnswer } from "./askVendor.ts";
import type { End } from "./received.ts";

export interface TakeInContext {
  /** Asks a vendor's API. To end early enough for `publish` to publish what came of it. */
  ask: (question: Question) => Promise<VendorAnswer>;
  publish: (events: readonly SourceEvent[]) => Promise<SourceEventEnd[]>;
}

type LookUp = Extract<Reading, { kind: "lookUp" }>;
type Failed = Extract<VendorAnswer, { kind: "failed" }>;

/** Vendors limit how often they are asked, and five invocations may ask at a time. */
const lookUpsAtOnce = 5;

/**
 * Readings of one webhook in, one end for each out, in no particular order. What can be published is, even if its neighbours
 * cannot: the vendor sends all of them again, and they are known by their ids.
 *
 * What asks nobody goes first, and alone: an API that hangs must not hold up a leaver whose fields came along, or it does so
 * each time that the webhook comes again.
 */
export async function takeInReadings(
  readings: readonly Reading[],
  { ask, publish }: TakeInContext,
): Promise<End[]> {
  const told = readings.filter((each) => each.kind !== "lookUp");
  const lookUps = readings.filter((each) => each.kind === "lookUp");
  const endsOfTold = await publishAmong(told, publish);
  const lookedUp = await pMap(lookUps, (each) => lookUp(each, ask), { concurrency: lookUpsAtOnce });
  return [...endsOfTold, ...(await publishAmong(lookedUp, publish))];
}

async function publishAmong(
  conclusions: readonly (Conclusion | Failed)[],
  publish: TakeInContext["publish"],
): Promise<End[]> {
  const events = conclusions.flatMap((each) => (each.kind === "event" ? [each.event] : []));
  const ends = events.length > 0 ? await publish(events) : [];
  return [...conclusions.filter((each) => each.kind !== "event"), ...ends];
}

async function lookUp(
  { question, conclude }: LookUp,
  ask: TakeInContext["ask"],
): Promise<Conclusion | Failed> {
  const answer = await ask(question);
  switch (answer.kind) {
    case "answered":
      return conclude(answer.value);
    case "unknown":
      return unusable("the vendor's API knows nobody of that id");
    case "failed":
      return answer;
  }
}
