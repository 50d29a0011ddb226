import pMap from "p-map";
import { guarded, nameOfThrown } from "../../provisioning/boundary.ts";
import {
  type FinalReading,
  type InboundEvent,
  invalid,
  type LookUp,
  type Reading,
  type VendorRequest,
} from "../inboundEvent.ts";
import type { InboundEventResult } from "../publishInboundEvents.ts";
import type { VendorResponse } from "./vendor.ts";

/** How one reading of a webhook ended. */
export type ReadingResult = InboundEventResult | Exclude<FinalReading, { kind: "event" }> | FailedLookUp;

export interface IngestContext {
  /** Calls a vendor's API. It must end early enough for `publish` to publish what was looked up. */
  callApi: (request: VendorRequest) => Promise<VendorResponse>;
  publish: (events: readonly InboundEvent[]) => Promise<InboundEventResult[]>;
}

/** Vendors limit the rate of their API, and five invocations may call it at a time. */
const lookUpsAtOnce = 5;

/**
 * Looks up and publishes what one webhook says, and gives one result for each reading, in no particular order. Whatever can be
 * published is, even if its neighbours cannot: the vendor sends all of them again, and they are known by their ids.
 *
 * Readings that need no look-up are published first. Otherwise an API that hangs would delay a leaver whose fields came along,
 * and would do so at each delivery of the webhook.
 */
export async function ingestReadings(
  readings: readonly Reading[],
  { callApi, publish }: IngestContext,
): Promise<ReadingResult[]> {
  const final = readings.filter((reading) => reading.kind !== "lookUp");
  const lookUps = readings.filter((reading) => reading.kind === "lookUp");
  const results = await publishEventsAmong(final, publish);
  const lookedUp = await pMap(lookUps, (reading) => lookUp(reading, callApi), { concurrency: lookUpsAtOnce });
  return [...results, ...(await publishEventsAmong(lookedUp, publish))];
}

type FailedLookUp = Extract<VendorResponse, { kind: "failed" }>;

async function publishEventsAmong(
  readings: readonly (FinalReading | FailedLookUp)[],
  publish: IngestContext["publish"],
): Promise<ReadingResult[]> {
  const events = readings.flatMap((reading) => (reading.kind === "event" ? [reading.event] : []));
  const results = events.length > 0 ? await publish(events) : [];
  return [...readings.filter((reading) => reading.kind !== "event"), ...results];
}

function unreadable(error: unknown): FinalReading {
  return invalid(
    `the vendor's response could not be read (${nameOfThrown(error)}); this is a defect, please report it`,
  );
}

async function lookUp(
  { request, interpret }: LookUp,
  callApi: IngestContext["callApi"],
): Promise<FinalReading | FailedLookUp> {
  const response = await callApi(request);
  switch (response.kind) {
    case "found":
      return guarded(() => interpret(response.json), unreadable);
    case "notFound":
      return invalid("the vendor's API knows nobody of that id");
    case "failed":
      return response;
  }
}
