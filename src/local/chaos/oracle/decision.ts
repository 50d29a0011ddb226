import * as z from "zod";
import type { HrLine } from "../stream/hrLine.ts";

/**
 * A decision as the oracle reads it. Nothing in this folder uses the drain, the ledger or the policy: it reads the
 * events, the ledger's table and the directory by itself, so that a mistake in them cannot hide in it.
 */
export interface Decision {
  id: string;
  personId: string;
  /** Decisions are ordered among those about the same person and aspect. */
  aspect: "access" | "license";
  /** `in`, `out`, or the name of a license. */
  wants: string;
  /** The Chime operation that brings it about. */
  operation: string;
  occurredAt: number;
  effectiveAt: number;
}

/** An account as the oracle knows it: which operations its type has, and which license a role gets. */
export interface OracleAccount {
  domain: string;
  letIn: "InviteUsers" | "BatchUnsuspendUser";
  licensePerRole: Readonly<Record<string, string>>;
}

const lineSchema = z.object({
  "detail-type": z.enum([
    "EmployeeHired",
    "EmployeeLeft",
    "EmployeeReturned",
    "EmployeeRoleChanged",
    "LicenseChanged",
  ]),
  detail: z.object({
    metadata: z.object({ id: z.string(), occurredAt: z.string() }),
    data: z.object({
      personId: z.string(),
      email: z.string(),
      effectiveAt: z.string().optional(),
      effectiveDate: z.string().optional(),
      timeZone: z.string().optional(),
      role: z.string().optional(),
      licenseType: z.string().optional(),
    }),
  }),
});

type Line = z.output<typeof lineSchema>;

/** How far these zones are ahead of UTC, in hours. They have no summer time. */
const hoursAhead: Readonly<Record<string, number>> = {
  "Asia/Tokyo": 9,
  "Asia/Kolkata": 5.5,
  "America/Phoenix": -7,
};

/** Reads an event as it was published. Throws for one that is none, or that speaks of an unknown account or zone. */
export function readDecision(line: HrLine, accounts: readonly OracleAccount[]): Decision {
  const { detail, "detail-type": type } = lineSchema.parse(line);
  const { metadata, data } = detail;
  const domain = data.email.slice(data.email.indexOf("@") + 1);
  const account = accounts.find((each) => each.domain === domain);
  if (account === undefined)
    throw new Error(`${metadata.id}: no account of the run has the domain ${domain}`);
  const occurredAt = Date.parse(metadata.occurredAt);
  return {
    id: metadata.id,
    personId: data.personId,
    ...toWish(type, data, account),
    occurredAt,
    effectiveAt: readEffect(data) ?? occurredAt,
  };
}

function toWish(
  type: Line["detail-type"],
  { licenseType, role }: Line["detail"]["data"],
  { letIn, licensePerRole }: OracleAccount,
): Pick<Decision, "aspect" | "wants" | "operation"> {
  switch (type) {
    case "EmployeeLeft":
      return { aspect: "access", wants: "out", operation: "BatchSuspendUser" };
    case "EmployeeHired":
    case "EmployeeReturned":
      return { aspect: "access", wants: "in", operation: letIn };
    case "EmployeeRoleChanged":
    case "LicenseChanged": {
      const wants = licenseType ?? licensePerRole[role ?? ""];
      if (wants === undefined) throw new Error(`no license is known for the role ${role}`);
      return { aspect: "license", wants, operation: "BatchUpdateUser" };
    }
  }
}

function readEffect({
  effectiveAt,
  effectiveDate,
  timeZone = "",
}: Line["detail"]["data"]): number | undefined {
  if (effectiveAt !== undefined) return Date.parse(effectiveAt);
  if (effectiveDate === undefined) return undefined;
  const ahead = hoursAhead[timeZone];
  if (ahead === undefined) throw new Error(`the oracle does not know the time zone ${timeZone}`);
  return Date.parse(`${effectiveDate}T24:00:00Z`) - ahead * 3_600_000;
}
