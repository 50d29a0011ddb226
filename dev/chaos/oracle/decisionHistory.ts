import * as z from "zod";
import type { HrEventLine } from "../drawDecisions.ts";

/**
 * A decision as the oracle reads it. Nothing in this folder uses `src/provisioning`, the ledger or the policy. It reads the
 * events, the ledger's table and the directory by itself, so that a defect in those cannot hide in the oracle.
 */
export interface HrDecision {
  id: string;
  personId: string;
  /** Decisions are ordered among those about the same person and aspect. */
  aspect: "access" | "license";
  /** `in`, `out`, or the name of a license. */
  wants: string;
  /** The Chime operation that applies it. */
  operation: string;
  occurredAt: number;
  effectiveAt: number;
  /** What else of the person has to end with the access, each by a call of its own. */
  endsToo?: readonly EndingAspect[];
  /** Absent from decisions that HR made itself. */
  follows?: Followed;
}

/** A session is ended, and a PIN is replaced. */
export type EndingAspect = "session" | "pin";

/** The decision from which a license follows. */
interface Followed {
  /** The id of the decision that gave the person access. */
  id: string;
  /** The invitation comes with this license, so that no follow-up is needed. */
  isNeedless: boolean;
}

/** An account as the oracle knows it: the operations of its type, and the licenses of roles and invitations. */
export interface OracleAccount {
  domain: string;
  letIn: "InviteUsers" | "BatchUnsuspendUser";
  /** What a suspension leaves as it is, and the policy of the run wants ended. */
  endsToo: readonly EndingAspect[];
  defaultLicense: string;
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

/**
 * Reads the decision of a published event, and the license that follows from it if the event names a license or a role.
 * Throws for a malformed event, and for an unknown account or time zone.
 */
export function readDecisions(
  line: HrEventLine,
  accounts: readonly OracleAccount[],
): [HrDecision, ...HrDecision[]] {
  const { detail, "detail-type": type } = lineSchema.parse(line);
  const { metadata, data } = detail;
  const domain = data.email.slice(data.email.indexOf("@") + 1);
  const account = accounts.find((each) => each.domain === domain);
  if (account === undefined)
    throw new Error(`${metadata.id}: no account of the run has the domain ${domain}`);
  const occurredAt = Date.parse(metadata.occurredAt);
  const license = data.licenseType ?? account.licensePerRole[data.role ?? ""];
  const decision = {
    id: metadata.id,
    personId: data.personId,
    ...toDesiredState(type, license, account),
    occurredAt,
    effectiveAt: readEffect(data) ?? occurredAt,
  };
  if (decision.wants !== "in" || license === undefined) return [decision];
  const isNeedless =
    type === "EmployeeHired" && account.letIn === "InviteUsers" && license === account.defaultLicense;
  return [
    decision,
    { ...decision, ...toFollowUp(decision.id, license), follows: { id: decision.id, isNeedless } },
  ];
}

function toFollowUp(id: string, license: string): Pick<HrDecision, "id" | "aspect" | "wants" | "operation"> {
  return { id: `#license:${id}`, aspect: "license", wants: license, operation: "BatchUpdateUser" };
}

function toDesiredState(
  type: Line["detail-type"],
  license: string | undefined,
  { letIn, endsToo }: OracleAccount,
): Pick<HrDecision, "aspect" | "wants" | "operation" | "endsToo"> {
  switch (type) {
    case "EmployeeLeft":
      return { aspect: "access", wants: "out", operation: "BatchSuspendUser", endsToo };
    case "EmployeeHired":
    case "EmployeeReturned":
      return { aspect: "access", wants: "in", operation: letIn };
    case "EmployeeRoleChanged":
    case "LicenseChanged":
      if (license === undefined) throw new Error("the event names no license, and no role that gets one");
      return { aspect: "license", wants: license, operation: "BatchUpdateUser" };
  }
}

/** How far these time zones are ahead of UTC, in hours. They have no daylight saving time. */
const hoursAhead: Readonly<Record<string, number>> = {
  "Asia/Tokyo": 9,
  "Asia/Kolkata": 5.5,
  "America/Phoenix": -7,
};

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

/** All decisions about one aspect of one person, from the oldest to the newest, which has to stand. */
export type DecisionHistory = readonly [HrDecision, ...HrDecision[]];

/** Sorts the decisions into one history for each person and aspect. */
export function groupByAspect(decisions: readonly HrDecision[]): DecisionHistory[] {
  const byAspect = new Map<string, [HrDecision, ...HrDecision[]]>();
  for (const decision of decisions) {
    const key = `${decision.personId} ${decision.aspect}`;
    const history = byAspect.get(key);
    if (history === undefined) byAspect.set(key, [decision]);
    else history.push(decision);
  }
  for (const history of byAspect.values()) history.sort(byAge);
  return [...byAspect.values()];
}

/**
 * Compares decisions by when they were made; if at the same time, by when they take effect; then a leave is the newer one,
 * and then the decision with the greater id.
 */
function byAge(a: HrDecision, b: HrDecision): number {
  return (
    a.occurredAt - b.occurredAt ||
    a.effectiveAt - b.effectiveAt ||
    Number(a.wants === "out") - Number(b.wants === "out") ||
    (a.id < b.id ? -1 : 1)
  );
}
