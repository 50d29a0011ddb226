import type { EventEntry } from "../../../src/events/eventBus.ts";
import type { HrDecision, Person } from "./scenario.ts";

/** The event of a decision as it lies in a queue. */
export function eventBody(decision: HrDecision, { personId, email }: Person): string {
  const { id, type, occurredAt, effectiveAt, licenseType } = decision;
  return JSON.stringify({
    source: "rollcall.hr",
    "detail-type": type,
    detail: {
      metadata: { id, schemaVersion: "1.0", occurredAt: iso(occurredAt) },
      data: {
        personId,
        email,
        ...(effectiveAt !== undefined && { effectiveAt: iso(effectiveAt) }),
        ...(type === "LicenseChanged" && { licenseType }),
        ...(type === "EmployeeRoleChanged" && { role: roleOf[licenseType ?? "Basic"] }),
      },
    },
  });
}

/** What the bus makes of an entry, and the id of the event in it. */
export function bodyOfEntry({ source, detailType, detail }: EventEntry): { id: string; body: string } {
  const event = JSON.parse(detail) as { metadata: { id: string } };
  return {
    id: event.metadata.id,
    body: JSON.stringify({ source, "detail-type": detailType, detail: event }),
  };
}

/** The policy's answer to a role, turned round. */
export const roleOf = { Basic: "clerk", Pro: "engineer" } as const;

const iso = (milliseconds: number) => new Date(milliseconds).toISOString();
