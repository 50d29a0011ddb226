import { DEFAULT_SOURCE } from "../events/hrEvent.ts";
import type { Decision } from "./decision.ts";
import type { FollowUp } from "./followUp.ts";

/**
 * The line that publishes what follows from a decision, when it is due: a `LicenseChanged` of the same person, decided when
 * HR decided the other, so that a license which HR names later stands over it.
 */
export function toFollowUpLine(decision: Decision, { after, licenseType, effectiveAt }: FollowUp): string {
  const { eventId, correlationId, occurredAt, personId, email, previousEmails } = decision;
  const { userId, role, attributes } = decision;
  const metadata = {
    id: followUpId(decision),
    schemaVersion: "1.0",
    occurredAt: new Date(occurredAt).toISOString(),
    ...(correlationId !== undefined && { correlationId }),
    origin: "rollcall",
  };
  const data = {
    personId,
    email,
    ...(previousEmails.length > 0 && { previousEmails }),
    ...(userId !== undefined && { userId }),
    ...(role !== undefined && { role }),
    ...(attributes !== undefined && { attributes }),
    effectiveAt: new Date(effectiveAt).toISOString(),
    licenseType,
    follows: { type: after, id: eventId },
  };
  return JSON.stringify({
    source: DEFAULT_SOURCE,
    "detail-type": "LicenseChanged",
    detail: { metadata, data },
  });
}

const prefix = "#license:";
const longestId = 128;

/**
 * The same for the same event, each time. `#` comes before letters and figures: of two licenses decided at the same moment
 * the one that HR names itself is the newer. Of an id too long for a prefix the end is taken, and the moment besides.
 */
function followUpId({ eventId, occurredAt }: Decision): string {
  if (prefix.length + eventId.length <= longestId) return `${prefix}${eventId}`;
  const start = `${prefix}${occurredAt.toString(36)}:`;
  return `${start}${eventId.slice(start.length - longestId).trimStart()}`;
}
