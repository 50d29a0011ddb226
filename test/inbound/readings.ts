import type { FinalReading, Reading, Recall } from "../../src/inbound/inboundEvent.ts";
import type { Configured, ConfiguredVendor, Vendor } from "../../src/inbound/webhooks/vendor.ts";

/** A vendor with settings that are valid. */
export function configuredVendor(vendor: Vendor, settings: unknown): ConfiguredVendor {
  const configured: Configured = vendor.configure(settings);
  if (!configured.ok) throw new Error(configured.problems);
  return configured.vendor;
}

/** The final readings, if the vendor's API responds with this to every look-up. */
export function interpretAll(readings: readonly Reading[], json?: unknown): (FinalReading | Recall)[] {
  return readings.map((reading) => (reading.kind === "lookUp" ? reading.interpret(json) : reading));
}

/** The events' types, and what they say of the person beside the ids. */
export function profilesOf(readings: readonly (FinalReading | Recall)[]) {
  return readings.map((reading) =>
    reading.kind === "event" ? [reading.event.type, reading.event.fields?.profile] : [reading.kind],
  );
}

/** The events' types and fields, without their ids; other readings as they are. */
export function eventsOf(readings: readonly (FinalReading | Recall)[]) {
  return readings.map((reading) => {
    if (reading.kind !== "event") return reading;
    const { type, occurredAt, person, fields } = reading.event;
    return { type, occurredAt, ...person, ...JSON.parse(JSON.stringify(fields ?? {})) };
  });
}
