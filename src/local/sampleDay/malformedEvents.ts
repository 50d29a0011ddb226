import type { Arrival } from "./arrival.ts";
import type { Cast } from "./cast.ts";
import { HOUR_SECONDS } from "./draft.ts";

/**
 * Five events that a careless producer would send: JSON with a known detail-type, so the bus takes them and
 * the rules match, and each wrong in its own way, so the consumer has to notice.
 */
export function malformedEvents(team: Cast): Arrival[] {
  const metadata = (number: number) => ({
    id: `hr-20260514-bad-${number}`,
    schemaVersion: "1.0",
    occurredAt: `2026-05-14T0${number + 4}:30:00Z`,
  });
  const { personId, email } = team.registered();
  const details = [
    ["EmployeeLeft", { metadata: metadata(1), data: { email } }],
    ["EmployeeHired", { metadata: metadata(2), data: { personId, email: email.replace("@", ".") } }],
    ["EmployeeLeft", { metadata: { ...metadata(3), occurredAt: "yesterday" }, data: { personId, email } }],
    ["LicenseChanged", { metadata: metadata(4), data: { personId, email, licenseType: 3 } }],
    ["EmployeeReturned", { metadata: metadata(5) }],
  ] as const;
  return details.map(([type, detail], index) => ({
    second: (index + 5.5) * HOUR_SECONDS,
    event: { "detail-type": type, detail },
  }));
}
