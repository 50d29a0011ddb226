import pMap from "p-map";
import type { AddressMemory, RememberedAddresses } from "../../ledger/addressMemory.ts";
import type { QualifyPerson } from "../../policy/policyRules.ts";
import { guarded, nameOfThrown } from "../../provisioning/boundary.ts";
import {
  type FinalReading,
  type InboundEvent,
  invalid,
  type LookUp,
  type Reading,
  type Recall,
  type SourceName,
  toRecalledLeaver,
  unlessOfAnotherSource,
  type VendorRequest,
  withEarlierAddresses,
} from "../inboundEvent.ts";
import type { InboundEventResult } from "../publishInboundEvents.ts";
import type { VendorResponse } from "./vendor.ts";

/** How one reading of a webhook ended. */
export type ReadingResult = InboundEventResult | Exclude<FinalReading, { kind: "event" }> | FailedLookUp;

export interface IngestContext {
  /** Calls a vendor's API. It must end early enough for `publish` to publish what was looked up. */
  callApi: (request: VendorRequest) => Promise<VendorResponse>;
  /** Asks the ledger for the addresses of a person whom HR has none of any more. */
  recall: (person: { source: SourceName; personId: string }) => Promise<RememberedAddresses>;
  publish: (events: readonly InboundEvent[]) => Promise<InboundEventResult[]>;
}

/** Asks the ledger. A namespace of the policy says which systems have the same ids; without one each has its own. */
export function recallFrom(
  { addressesOf }: AddressMemory,
  qualifyPerson: QualifyPerson,
): IngestContext["recall"] {
  return async ({ source, personId }) => {
    const qualified = qualifyPerson({ personId, origin: source });
    const remembered = await addressesOf(qualified);
    return qualified === personId ? unlessOfAnotherSource(remembered, source) : remembered;
  };
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
  { callApi, publish, ...context }: IngestContext,
): Promise<ReadingResult[]> {
  const recall = askedUntilFault(context.recall);
  const final = readings.filter((reading) => reading.kind !== "lookUp" && reading.kind !== "recall");
  const open = readings.filter((reading) => reading.kind === "lookUp" || reading.kind === "recall");
  const publishAll = (readings: readonly (FinalReading | FailedLookUp)[]) =>
    publishEventsAmong(readings, { recall, publish });
  const results = await publishAll(final);
  const complete = async (reading: LookUp | Recall) => {
    const found = reading.kind === "lookUp" ? await lookUp(reading, callApi) : reading;
    return found.kind === "recall" ? recallAddress(found, recall) : found;
  };
  const completed = await pMap(open, complete, { concurrency: lookUpsAtOnce });
  return [...results, ...(await publishAll(completed))];
}

/** A ledger that does not answer once is asked no more: each question takes seconds then, and the events have to be published. */
function askedUntilFault(recall: IngestContext["recall"]): IngestContext["recall"] {
  let fault: RememberedAddresses | undefined;
  return async (person) => {
    if (fault !== undefined) return fault;
    const remembered = await recall(person);
    if (remembered.kind === "fault") fault = remembered;
    return remembered;
  };
}

const questionsAtOnce = 8;

type FailedLookUp = Extract<VendorResponse, { kind: "failed" }>;

async function publishEventsAmong(
  readings: readonly (FinalReading | FailedLookUp)[],
  { recall, publish }: Pick<IngestContext, "recall" | "publish">,
): Promise<ReadingResult[]> {
  const drafts = readings.flatMap((reading) => (reading.kind === "event" ? [reading.event] : []));
  const events = await pMap(
    drafts,
    // A ledger that does not answer keeps nobody from being published: it asks for itself when the event arrives.
    async (event) => withEarlierAddresses(event, await recall({ source: event.source, ...event.person })),
    { concurrency: questionsAtOnce },
  );
  const results = events.length > 0 ? await publish(events) : [];
  return [...readings.filter((reading) => reading.kind !== "event"), ...results];
}

function unreadable(error: unknown): FinalReading {
  return invalid(
    `the vendor's response could not be read (${nameOfThrown(error)}); this is a defect, please report it`,
  );
}

async function lookUp(
  { request, interpret, notFound }: LookUp,
  callApi: IngestContext["callApi"],
): Promise<FinalReading | Recall | FailedLookUp> {
  const response = await callApi(request);
  switch (response.kind) {
    case "found":
      return guarded((): FinalReading | Recall => interpret(response.json), unreadable);
    case "notFound":
      return notFound ?? invalid("the vendor's API knows nobody of that id");
    case "failed":
      return response;
  }
}

async function recallAddress(
  { leaver }: Recall,
  recall: IngestContext["recall"],
): Promise<FinalReading | FailedLookUp> {
  const remembered = await recall(leaver);
  switch (remembered.kind) {
    case "known":
      return toRecalledLeaver(remembered.addresses, leaver);
    case "unknown":
      return invalid(`a leaver of whom HR sends no address, and the ledger knows none; ${whatToDo}`);
    case "passedOn":
      return invalid(
        `a leaver of whom HR sends no address, and the one that the ledger knows is, or may be, somebody else's; ${whatToDo}`,
      );
    case "fault":
      return { kind: "failed", why: remembered.reason };
  }
}

const whatToDo =
  "if the person still has access, publish an EmployeeLeft with the id and the address (the vendor's own log of webhooks names the id)";
