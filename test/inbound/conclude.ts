import type { Conclusion, Reading } from "../../src/inbound/inboundEvent.ts";
import type { Configured, Vendor, VendorAccount } from "../../src/inbound/webhooks/vendor.ts";

/** A vendor with settings that are right. */
export function accountOf(vendor: Vendor, settings: unknown): VendorAccount {
  const configured: Configured = vendor.configure(settings);
  if (!configured.ok) throw new Error(configured.problems);
  return configured.account;
}

/** What comes of readings if the vendor answers so to whatever it is asked. */
export function concludeAll(readings: readonly Reading[], answer?: unknown): Conclusion[] {
  return readings.map((reading) => (reading.kind === "lookUp" ? reading.conclude(answer) : reading));
}

/** The events' types and what they say, ids left out. */
export function told(conclusions: readonly Conclusion[]) {
  return conclusions.map((each) => {
    if (each.kind !== "event") return each;
    const { type, occurredAt, person, more } = each.event;
    return { type, occurredAt, ...person, ...JSON.parse(JSON.stringify(more ?? {})) };
  });
}
