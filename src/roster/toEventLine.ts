import type { DetailType } from "../events/hrEvent.ts";
import type { Change, ChangeKind } from "./comparison.ts";
import { rosterId } from "./eventId.ts";

const typeOf: Record<ChangeKind, DetailType> = {
  leaver: "EmployeeLeft",
  joiner: "EmployeeHired",
  returner: "EmployeeReturned",
  license: "LicenseChanged",
};

/**
 * The line that publishes a change's event. The user's id goes with it, which saves the drain a look-up. Only a change of
 * license tells the license, and no event the role: what follows from a hire would set a license which is as it shall be, by a
 * call that no plan has.
 */
export function toEventLine({ kind, wish, user }: Change): string {
  const { eventId, personId, email, licenseType, attributes, occurredAt } = wish.group.leader;
  const metadata = {
    id: eventId,
    schemaVersion: "1.0",
    occurredAt: new Date(occurredAt).toISOString(),
    correlationId: rosterId(occurredAt),
    origin: "roster",
  };
  const data = {
    personId,
    email,
    ...(user !== undefined && { userId: user.userId }),
    ...(attributes !== undefined && { attributes }),
    ...(kind === "license" && licenseType !== undefined && { licenseType }),
  };
  return JSON.stringify({ "detail-type": typeOf[kind], detail: { metadata, data } });
}
